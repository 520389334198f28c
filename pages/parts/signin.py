"""The sign-in of this process: its settings, its cookie, and what was ended.

Streamlit signs a cookie at st.login and checks it only when a page's WebSocket opens;
here every request is checked by the same secret.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st
from streamlit import config
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import (
    _get_signed_cookie_with_chunks,
)

from core import admission as rules
from core.admission import AccessSettingsError, Admission, SignedOutError

if TYPE_CHECKING:
    from core.actors import Actor


class EndedSignIns:
    """Sign-ins that people ended: a copy of their cookie opens nothing any more.

    Kept in memory until they would have ended by themselves; a restart forgets them.
    """

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def add(self, claims: Mapping[str, object], *, now_seconds: float) -> None:
        """End a sign-in."""
        with self._lock:
            self._until = {
                key: until for key, until in self._until.items() if until > now_seconds
            }
            until = now_seconds + rules.MOST_HOURS * 3600
            self._until[rules.sign_in_id(claims)] = until

    def has(self, claims: Mapping[str, object]) -> bool:
        """Tell whether a sign-in was ended."""
        return rules.sign_in_id(claims) in self._until


ENDED: Final = EndedSignIns()
"""Shared by the border and the pages of this process."""


def admission() -> Admission | None:
    """Say who is let in; None where no `[auth]` section asks people to sign in.

    Raises:
        AccessSettingsError: The secrets cannot be read, or do not say who.
    """
    auth = _section("auth")
    if auth is None:
        return None
    if config.get_option("server.trustedUserHeaders"):
        # A header of the visitor's would stand above what the provider said.
        raise AccessSettingsError("server.trustedUserHeaders must stay empty")
    port = int(config.get_option("server.port"))
    return rules.of_secrets(auth, _section("access") or {}, port=port)


def claims_of(cookies: Mapping[str, str], origin: str) -> dict[str, object]:
    """Return what the provider said of the visitor; empty without a sound cookie.

    Args:
        cookies: By name, as sent.
        origin: The address that people open; a cookie for another one is unsound.
    """
    signed = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    try:
        claims = json.loads(signed or b"{}")
    except ValueError:
        return {}
    return claims if claims.get("origin") == origin else {}


def admit(admitting: Admission, claims: Mapping[str, object]) -> Actor:
    """Let a visitor in by the claims of a cookie, now.

    Raises:
        NotAdmittedError: Not signed in, ended, expired, or not on the list.
    """
    if ENDED.has(claims):
        raise SignedOutError
    return rules.admit(admitting, claims, now_seconds=time.time())


def _section(name: str) -> Mapping[str, object] | None:
    """Return a section of the secrets; None without secrets, or without the section.

    Raises:
        AccessSettingsError: There are secrets, and they cannot be read.
    """
    try:
        section = st.secrets.get(name)
    except StreamlitSecretNotFoundError as error:
        if any(Path(path).exists() for path in config.get_option("secrets.files")):
            raise AccessSettingsError("secrets.toml cannot be read") from error
        return None
    if section is None:
        return None
    if not isinstance(section, Mapping):
        raise AccessSettingsError(f"[{name}] is no section")
    return section
