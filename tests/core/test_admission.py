"""Admission: the list, the age of a sign-in, and settings that are not complete."""

from __future__ import annotations

from typing import Final

import pytest

from core import admission
from core.actors import Role
from core.admission import (
    AccessSettingsError,
    ExpiredError,
    NotListedError,
    SignedOutError,
)

NOW: Final = 1_800_000_000.0
AUTH: Final[dict[str, object]] = {
    "redirect_uri": "https://meterbook.example.com/oauth2callback",
    "cookie_secret": "0" * 32,
    "client_id": "a",
    "client_secret": "b",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}
ACCESS: Final[dict[str, object]] = {
    "editors": ["Ada@example.com", "@example.net"],
    "viewers": ["@example.com", "eve@example.org"],
}
ADA: Final[dict[str, object]] = {
    "is_logged_in": True,
    "email": "ada@example.com",
    "email_verified": True,
    "iat": NOW - 60,
}


def of(
    auth: dict[str, object] | None = None, access: dict[str, object] | None = None
) -> admission.Admission:
    return admission.of_secrets(
        {**AUTH, **(auth or {})}, {**ACCESS, **(access or {})}, port=8501
    )


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("ada@example.com", Role.EDITOR),
        (" ADA@EXAMPLE.COM ", Role.EDITOR),
        ("bob@example.net", Role.EDITOR),
        ("bob@example.com", Role.VIEWER),
        ("eve@example.org", Role.VIEWER),
    ],
)
def test_the_list_gives_the_role(email: str, role: Role) -> None:
    found = admission.admit(of(), {**ADA, "email": email}, now_seconds=NOW)
    assert (found.name, found.role) == (email.strip().lower(), role)


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"is_logged_in": False}, SignedOutError),
        ({"is_logged_in": "true"}, SignedOutError),
        ({"iat": NOW - 12 * 3600}, ExpiredError),
        ({"iat": NOW + 3600}, ExpiredError),
        ({"iat": None}, ExpiredError),
        ({"iat": "now"}, ExpiredError),
        ({"iat": True}, ExpiredError),
        ({"email": None}, NotListedError),
        ({"email": ""}, NotListedError),
        ({"email": "bob@example.org"}, NotListedError),
        ({"email": "ada@sub.example.com"}, NotListedError),
        ({"email": "ada@evil.example"}, NotListedError),
        ({"email": "ada@evil.example@example.com"}, NotListedError),
        ({"email": "ada@evil.example ada@example.com"}, NotListedError),
        ({"email": "@example.com"}, NotListedError),
        ({"email_verified": False}, NotListedError),
        ({"email_verified": "true"}, NotListedError),
    ],
)
def test_nobody_else_is_let_in(claims: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        admission.admit(of(), {**ADA, **claims}, now_seconds=NOW)


def test_a_provider_that_vouches_for_no_email_is_trusted_when_told_so() -> None:
    admitting = of(access={"allow_unverified_email": True})
    claims = {**ADA, "email_verified": None}
    assert admission.admit(admitting, claims, now_seconds=NOW).name == ADA["email"]


@pytest.mark.parametrize(
    ("auth", "access", "wrong"),
    [
        ({"cookie_secret": "short"}, {}, "cookie_secret needs at least 32"),
        ({"redirect_uri": "meterbook/oauth2callback"}, {}, "redirect_uri is"),
        ({"redirect_uri": "https://meterbook.example.com/"}, {}, "redirect_uri is"),
        ({"client_id": ""}, {}, "default lacks client_id"),
        ({"okta": {"client_id": "a"}}, {}, "okta lacks client_secret"),
        ({}, {"editors": [], "viewers": []}, "names no editors and no viewers"),
        ({}, {"editors": "ada@example.com"}, "editors is no list"),
        ({}, {"viewers": ["example.com"]}, "'example.com' in viewers is no email"),
        ({}, {"viewers": ["@"]}, "'@' in viewers"),
        ({}, {"viewers": ["*"]}, "'\\*' in viewers"),
        ({}, {"session_hours": 0}, "session_hours is a number"),
        ({}, {"session_hours": "8"}, "session_hours is a number"),
    ],
)
def test_settings_that_are_not_complete_let_nobody_in(
    auth: dict[str, object], access: dict[str, object], wrong: str
) -> None:
    with pytest.raises(AccessSettingsError, match=wrong) as told:
        of(auth, access)
    assert "0" * 32 not in str(told.value)


def test_providers_are_the_sections_or_the_one() -> None:
    named = {"client_id": "c", "client_secret": "d", "server_metadata_url": "e"}
    assert of().providers == ("default",)
    assert of({"okta": named}).providers == ("okta",)


def test_the_port_stands_where_the_address_leaves_it_open() -> None:
    found = of({"redirect_uri": "http://127.0.0.1:{port}/oauth2callback"})
    assert (found.origin, found.is_encrypted) == ("http://127.0.0.1:8501", False)
