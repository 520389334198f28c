"""The border: only requests of this machine are answered (ASGI middleware).

Streamlit serves uploads, downloads and the WebSocket before any page runs, so the
border stands in front of every path. It reads nothing but the sender's address and
headers, and in doubt it refuses.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core.actors import LOCAL
from pages.parts import plainpage
from pages.parts import scope as requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import HTMLResponse
    from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS_HEADERS: Final = frozenset(
    "x-forwarded-for x-real-ip x-client-ip x-cluster-client-ip true-client-ip "
    "cf-connecting-ip fastly-client-ip".split()
)
"""Headers in which a proxy names the address it answers for, lower case."""

HOST_HEADERS: Final = frozenset({"host", "x-forwarded-host"})
"""Headers with the host name that the browser was asked for, lower case."""

FORBIDDEN: Final = 403
"""HTTP status of a refused request."""

POLICY_VIOLATION: Final = 1008
"""WebSocket close code; before the handshake the server answers 403. RFC 6455."""

_FORWARDED_FOR: Final = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;]*)', re.I)
_SHOWN: Final = 100


def is_loopback(address: str) -> bool:
    """Tell whether an address, with or without port and brackets, is this machine."""
    text = address.strip().strip('"')
    if bracketed := re.fullmatch(r"\[([^\]]*)\](?::\d*)?", text):
        text = bracketed[1]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped.is_loopback
    return parsed.is_loopback


def is_local_host(host: str) -> bool:
    """Tell whether a host name, with or without port, can only mean this machine."""
    return (
        is_loopback(host) or re.fullmatch(r"localhost(:\d*)?", host, re.I) is not None
    )


def forwarded(headers: Iterable[tuple[str, str]]) -> str | None:
    """Find an address that a proxy answers for and that is not this machine.

    Args:
        headers: Names and values, a name as often as it was sent.

    Returns:
        The first such address as it was sent; None if there is none.
    """
    for name, value in headers:
        for hop in _hops(name.lower(), value):
            if not is_loopback(hop):
                return hop
    return None


def refusal(client: str | None, headers: Iterable[tuple[str, str]]) -> str | None:
    """Say why a request does not come from this machine.

    Args:
        client: Address of the sender; None if the server does not know it.
        headers: Names and values, a name as often as it was sent.

    Returns:
        One sentence with what was found; None if the request is of this machine: it
        comes over loopback, no proxy names another sender, and the browser was asked
        for this machine (a foreign name that leads here would be DNS rebinding).
    """
    sent = [(name.lower(), value) for name, value in headers]
    if client is None or not is_loopback(client):
        return f"This request comes from {_shown(client or 'an unknown address')}."
    if (hop := forwarded(sent)) is not None:
        return f"This request was passed on for {_shown(hop)}."
    hosts = [value for name, value in sent if name in HOST_HEADERS]
    foreign = [host for host in hosts if not is_local_host(host)]
    if foreign or not hosts:
        return f"This request asks for {_shown(''.join(foreign[:1]) or 'no host')}."
    for name, value in sent:
        if name == "origin" and not is_local_host(urlsplit(value).netloc):
            return f"This request was made by a page of {_shown(value)}."
    return None


class LoopbackOnly:
    """Refuse every HTTP and WebSocket request that is not of this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it with a page that says what to do."""
        reason = None if scope["type"] == "lifespan" else _refusal_of(scope)
        if reason is None:
            requests.tell_actor(scope, LOCAL)
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await _page(scope, reason)(scope, receive, send)


def _hops(name: str, value: str) -> list[str]:
    """List the addresses in one header; a part that names none stands for itself."""
    if name in ADDRESS_HEADERS:
        return value.split(",")
    if name != "forwarded":
        return []
    parts = [(part, _FORWARDED_FOR.search(part)) for part in value.split(",")]
    return [found[1] if found else part for part, found in parts]


def _refusal_of(scope: Scope) -> str | None:
    """Apply refusal to an ASGI scope."""
    client = scope.get("client")
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in scope["headers"]
    ]
    return refusal(client[0] if client else None, headers)


def _page(scope: Scope, reason: str) -> HTMLResponse:
    """Write the page for a refused request."""
    server = scope.get("server")
    port = server[1] if server and server[1] else 8501
    said = [
        f"It answers only the machine it runs on. {reason}",
        f"Open `http://127.0.0.1:{port}` on that machine. To use it from yours, make a "
        "tunnel and open the same address there:",
        f"`ssh -L {port}:127.0.0.1:{port} name-of-the-machine`",
        "To let people sign in from elsewhere, write the sections `[auth]` and "
        "`[access]` into `.streamlit/secrets.toml` on the server; SECURITY.md shows "
        "how.",
    ]
    return plainpage.page("Meterbook is closed from here", said, status=FORBIDDEN)


def _shown(value: str) -> str:
    """Cut a value that a stranger sent."""
    return value.strip().replace("`", "'")[:_SHOWN]
