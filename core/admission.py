"""Who is let in where people sign in: the list, and what a sign-in must show.

Pure: settings and claims in, an actor or a refusal out.

* NotAdmittedError      str(error) is shown as it stands
  - SignedOutError      nobody is signed in, or this sign-in was ended
  - ExpiredError        the sign-in is too old
  - NotListedError      signed in, and not on the list
* AccessSettingsError   the secrets do not say who is let in
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core.actors import Actor, Role
from core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SESSION_HOURS: Final = 12
"""How long a sign-in counts where `[access]` names no session_hours: a working day."""

MOST_HOURS: Final = 720
"""Streamlit's cookie lives for 30 days; no sign-in counts longer."""

LEEWAY_SECONDS: Final = 60
"""How far the clocks of provider and server may differ."""

SECRET_LENGTH: Final = 32
"""Characters of cookie_secret: 128 bits even where it is written in hexadecimal."""

NEEDED: Final = ("client_id", "client_secret", "server_metadata_url")
"""What a provider's section must hold. Source: Streamlit's st.login."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_DOMAIN: Final = re.compile(r"@[a-z0-9-]+(\.[a-z0-9-]+)+")


class NotAdmittedError(AppError):
    """A visitor is not let in."""


class SignedOutError(NotAdmittedError):
    """Nobody is signed in, or this sign-in was ended."""

    def __init__(self) -> None:
        super().__init__("Sign in with your account to see the figures.")


class ExpiredError(NotAdmittedError):
    """The sign-in is too old."""

    def __init__(self, hours: float) -> None:
        super().__init__(
            f"A sign-in counts for {hours:g} hours, and yours is older. Sign in again."
        )


class NotListedError(NotAdmittedError):
    """Someone is signed in who is not on the list."""


class AccessSettingsError(AppError):
    """The secrets do not say who is let in; nobody is."""

    def __init__(self, wrong: str) -> None:
        super().__init__(
            f"Sign-in is switched on, but its settings are not complete: {wrong}. "
            "Nobody is let in until they are; SECURITY.md shows how they look."
        )


@dataclass(frozen=True)
class Admission:
    """Who is let in.

    editors and viewers hold emails, and domains that begin with @; all lower case.
    origin is the address that people open, as https://meterbook.example.com.
    providers are the names that st.login takes.
    """

    editors: frozenset[str]
    viewers: frozenset[str]
    origin: str
    providers: tuple[str, ...]
    session_hours: float = SESSION_HOURS
    takes_unverified: bool = False

    @property
    def is_encrypted(self) -> bool:
        """Tell whether people open the app over HTTPS."""
        return self.origin.startswith("https://")


def of_secrets(
    auth: Mapping[str, object], access: Mapping[str, object], *, port: int
) -> Admission:
    """Read the sections `[auth]` and `[access]` of the secrets.

    Args:
        auth: As st.login wants it.
        access: editors, viewers, session_hours, allow_unverified_email.
        port: What `{port}` in redirect_uri stands for.

    Raises:
        AccessSettingsError: Something is missing or cannot be.
    """
    if len(str(auth.get("cookie_secret", ""))) < SECRET_LENGTH:
        wrong = f"cookie_secret needs at least {SECRET_LENGTH} random characters"
        raise AccessSettingsError(wrong)
    hours = access.get("session_hours", SESSION_HOURS)
    if not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
        raise AccessSettingsError(f"session_hours is a number up to {MOST_HOURS}")
    editors, viewers = (_listed(access, name) for name in ("editors", "viewers"))
    if not editors | viewers:
        raise AccessSettingsError("[access] names no editors and no viewers")
    return Admission(
        editors,
        viewers,
        _origin(str(auth.get("redirect_uri", "")).replace("{port}", str(port))),
        _providers(auth),
        hours,
        access.get("allow_unverified_email") is True,
    )


def admit(
    admission: Admission, claims: Mapping[str, object], *, now_seconds: float
) -> Actor:
    """Let a signed-in person in, in the role that the list gives.

    Args:
        admission: Who is let in.
        claims: What the provider said, out of the signed cookie.
        now_seconds: Seconds since 1970.

    Raises:
        NotAdmittedError: Nobody is signed in, too long ago, or not one of the list.
    """
    if claims.get("is_logged_in") is not True:
        raise SignedOutError
    age_seconds = now_seconds - _seconds(claims.get("iat"))
    if not -LEEWAY_SECONDS <= age_seconds < admission.session_hours * 3600:
        raise ExpiredError(admission.session_hours)
    email = str(claims.get("email") or "").strip().lower()
    if not _EMAIL.fullmatch(email):
        raise NotListedError("Your account gives no email, so it is not on the list.")
    is_verified = claims.get("email_verified") is True
    if not (is_verified or admission.takes_unverified):
        raise NotListedError(f"Your provider does not vouch for the email {email}.")
    role = _role(admission, email)
    if role is None:
        raise NotListedError(f"{email} is not on the list. Ask whoever runs Meterbook.")
    return Actor(email, role)


def sign_in_id(claims: Mapping[str, object]) -> str:
    """Name one sign-in of one person, to end it."""
    return repr([claims.get(name) for name in ("iss", "sub", "email", "iat", "nonce")])


def _role(admission: Admission, email: str) -> Role | None:
    names = {email, f"@{email.rpartition('@')[2]}"}
    if names & admission.editors:
        return Role.EDITOR
    return Role.VIEWER if names & admission.viewers else None


def _listed(access: Mapping[str, object], name: str) -> frozenset[str]:
    """Read a list of emails and domains.

    Raises:
        AccessSettingsError: It is no list, or one of them is neither.
    """
    given = access.get(name, [])
    if not isinstance(given, list | tuple):
        raise AccessSettingsError(f"{name} is no list of emails and @domains")
    entries = [str(entry).strip().lower() for entry in given]
    for entry in entries:
        if not (_EMAIL.fullmatch(entry) or _DOMAIN.fullmatch(entry)):
            raise AccessSettingsError(
                f"{entry[:80]!r} in {name} is no email or @domain"
            )
    return frozenset(entries)


def _origin(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    is_whole = parts.scheme in {"http", "https"} and parts.netloc
    if not is_whole or not parts.path.endswith("/oauth2callback"):
        wrong = "redirect_uri is the address of the app and ends in /oauth2callback"
        raise AccessSettingsError(wrong)
    return f"{parts.scheme}://{parts.netloc}"


def _providers(auth: Mapping[str, object]) -> tuple[str, ...]:
    """Name the providers: the sections below `[auth]`, else the one in it."""
    sections = {
        name: section for name, section in auth.items() if _has_client(section)
    } or {"default": auth}
    for name, section in sections.items():
        lacking = _lacking(section)
        if lacking:
            raise AccessSettingsError(f"{name} lacks {', '.join(lacking)}")
    return tuple(sections)


def _has_client(section: object) -> bool:
    return hasattr(section, "keys") and "client_id" in section  # type: ignore[operator]


def _lacking(section: object) -> Iterable[str]:
    return [name for name in NEEDED if not section.get(name)]  # type: ignore[attr-defined]


def _seconds(value: object) -> float:
    """Read an instant of a claim; one that is none is as old as can be."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else 0.0  # type: ignore[arg-type]
