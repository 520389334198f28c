"""The border where people sign in: nothing is answered to anybody else (ASGI).

Streamlit serves its files, uploads, downloads and the WebSocket before any page runs;
here a request gets to them only with the cookie of someone on the list.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from streamlit.auth_util import encode_provider_token

from core.actors import Role
from core.admission import (
    ExpiredError,
    NotAdmittedError,
    NotListedError,
    SignedOutError,
)
from pages.parts import plainpage, signin
from pages.parts import scope as requests

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from core.admission import Admission

HEALTH: Final = "/_stcore/health"
"""Answered to strangers, too, with nothing but `ok`: proxies and containers ask it."""

SIGN_IN: Final = "/sign-in"
"""Leads to the provider. Streamlit's own link is good for two minutes only."""

LOGOUT: Final = "/auth/logout"
"""Where st.logout leads."""

OPEN: Final = frozenset({"/auth/login", "/oauth2callback"})
"""Streamlit's half of st.login; each wants a token or a state that it signed."""

UPLOADS: Final = "/_stcore/upload_file/"
"""Where files arrive: an editor's right."""

STATIC: Final = "/static/"
"""Streamlit's own scripts; all else must not stay in a browser that is left."""

RETURN_COOKIE: Final = "meterbook_return"
"""The address that someone opened before signing in; Streamlit forgets it."""

UNAUTHORIZED: Final = 401
"""HTTP status for someone who is not signed in."""

FORBIDDEN: Final = 403
"""HTTP status for someone signed in who may not."""

POLICY_VIOLATION: Final = 1008
"""WebSocket close code; before the handshake the server answers 403. RFC 6455."""


class SignedInOnly:
    """Let the requests of people on the list through, and nobody else's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle(
        self, admission: Admission, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request of HTTP or WebSocket."""
        answer = _answer(admission, scope)
        if answer is None:
            is_kept = requests.path(scope).startswith(STATIC)
            await self._app(scope, receive, _sealed(admission, send, is_kept=is_kept))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await answer(scope, receive, _sealed(admission, send))


def _answer(admission: Admission, scope: Scope) -> Response | None:
    """Answer in place of the app; None lets the request through to it."""
    path = requests.path(scope)
    if path in OPEN:
        return None
    claims = signin.claims_of(HTTPConnection(scope).cookies, admission.origin)
    if path == LOGOUT and claims:
        signin.ENDED.add(claims, now_seconds=time.time())
        return None
    if path in {SIGN_IN, LOGOUT}:
        return _to_provider(admission, scope)
    return _checked(admission, scope, path, claims)


def _checked(
    admission: Admission, scope: Scope, path: str, claims: dict[str, object]
) -> Response | None:
    """Answer for a path that only people on the list get to."""
    try:
        actor = signin.admit(admission, claims)
    except NotAdmittedError as error:
        if path == HEALTH:
            return PlainTextResponse("ok")
        return _refused(admission, scope, error)
    requests.tell_actor(scope, actor)
    if path.startswith(UPLOADS) and actor.role is not Role.EDITOR:
        return PlainTextResponse("Only editors load files.", FORBIDDEN)
    return _back(scope) if path == "/" else None


def _to_provider(admission: Admission, scope: Scope) -> Response:
    """Lead to the provider by a fresh link of Streamlit's."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    provider = asked.get("provider", [""])[0]
    if provider not in admission.providers:
        return RedirectResponse(requests.base() + "/", 302)
    token = urlencode({"provider": encode_provider_token(provider)})
    answer = RedirectResponse(f"{requests.base()}/auth/login?{token}", 302)
    target = asked.get("to", [""])[0]
    if _is_own(target):
        answer.set_cookie(
            RETURN_COOKIE, quote(target), max_age=600, httponly=True, samesite="lax"
        )
    return answer


def _back(scope: Scope) -> Response | None:
    """Lead someone who just signed in to the address that was opened first."""
    target = unquote(HTTPConnection(scope).cookies.get(RETURN_COOKIE, ""))
    if scope["type"] != "http" or not target:
        return None
    answer = RedirectResponse(target if _is_own(target) else requests.base() + "/", 302)
    answer.delete_cookie(RETURN_COOKIE, httponly=True, samesite="lax")
    return answer


def _is_own(target: str) -> bool:
    """Tell whether an address is one of this app, and not the start page."""
    is_plain = target.isprintable() and "\\" not in target
    parts = urlsplit(target) if is_plain else None
    return (
        parts is not None
        and not (parts.scheme or parts.netloc)
        and target.startswith("/")
        and not target.startswith("//")
        and target != "/"
    )


def _refused(admission: Admission, scope: Scope, error: NotAdmittedError) -> Response:
    """Say why nothing is answered: a page where one was asked for, else one line."""
    is_listed = not isinstance(error, NotListedError)
    status = UNAUTHORIZED if is_listed else FORBIDDEN
    if not _wants_page(scope):
        return PlainTextResponse(str(error), status)
    links = [("Sign out", requests.base() + LOGOUT)]
    if is_listed:
        links = [_link(admission, name, scope) for name in admission.providers]
    title = _TITLES.get(type(error), "You are not on the list")
    return plainpage.page(title, [str(error)], links, status=status)


_TITLES: Final = {
    SignedOutError: "Sign in to Meterbook",
    ExpiredError: "Your sign-in has ended",
}


def _link(admission: Admission, provider: str, scope: Scope) -> tuple[str, str]:
    query = scope.get("query_string", b"").decode("latin-1")
    target = requests.base() + requests.path(scope) + (f"?{query}" if query else "")
    is_one = len(admission.providers) == 1
    label = "Sign in" if is_one else f"Sign in with {provider}"
    values = urlencode({"provider": provider, "to": target})
    return label, f"{requests.base()}{SIGN_IN}?{values}"


def _wants_page(scope: Scope) -> bool:
    """Tell whether a browser opens an address, and no file of the app's."""
    accepted = HTTPConnection(scope).headers.get("accept", "")
    return scope.get("method") == "GET" and "text/html" in accepted


def _sealed(admission: Admission, send: Send, *, is_kept: bool = False) -> Send:
    """Keep answers out of shared browsers, and cookies off unencrypted lines."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [_secure(admission, pair) for pair in message.get("headers", [])]
            if not is_kept:
                headers = [pair for pair in headers if pair[0] != b"cache-control"]
                headers.append((b"cache-control", b"no-store"))
            if admission.is_encrypted:
                headers.append((b"strict-transport-security", b"max-age=31536000"))
            message = {**message, "headers": headers}
        await send(message)

    return sending


def _secure(admission: Admission, pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    name, value = pair
    name = name.lower()
    if name == b"set-cookie" and admission.is_encrypted:
        is_secure = b"; secure" in value.lower()
        return name, value if is_secure else value + b"; Secure"
    return name, value
