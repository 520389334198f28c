"""Limits of what one sender may ask: how often, and how many bytes (ASGI)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from pages.parts import scope as requests
from pages.parts.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOADS: Final = "/_stcore/upload_file/"
"""Where files arrive; Streamlit holds each to server.maxUploadSize."""

BODY_BYTES: Final = 64 * 1024
"""Bytes of any other request: none of them needs a body."""

BURST: Final = 1_000
"""Requests of one sender at once: a page of Streamlit's fetches about a hundred."""

PER_SECOND: Final = 50
"""Requests of one sender in the long run."""

UPLOAD_BURST_BYTES: Final = 4 * 1024**3
"""Bytes that one sender may upload at once: ten files of the largest size."""

UPLOAD_BYTES_PER_SECOND: Final = 32 * 1024**2
"""Bytes that one sender may upload in the long run."""

SENDERS: Final = 10_000
"""Senders remembered; beyond them those that were quiet longest are forgotten."""

IPV6_PREFIX: Final = 64
"""Bits of an IPv6 address that tell networks apart: one sender has all of the rest."""

TOO_LARGE: Final = 413
"""HTTP status of a request with a body that is too large."""

TOO_MANY: Final = 429
"""HTTP status of a request, or an upload, too many."""

POLICY_VIOLATION: Final = 1008
"""WebSocket close code; before the handshake the server answers 403. RFC 6455."""


@dataclass
class _Left:
    """What one sender has left of requests and of bytes to upload; since is a clock."""

    since: float
    requests: float
    upload_bytes: float

    def fill(self, now: float) -> None:
        """Give back what the time since has earned."""
        passed, self.since = now - self.since, now
        self.requests = min(BURST, self.requests + passed * PER_SECOND)
        earned = self.upload_bytes + passed * UPLOAD_BYTES_PER_SECOND
        self.upload_bytes = min(UPLOAD_BURST_BYTES, earned)


class Limits:
    """Refuse a request that is too large, and those that are too many."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._clock = clock
        self._left: dict[str, _Left] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        client = scope["client"][0] if scope.get("client") else ""
        left = self._left_of(sender(client, headers.getlist("x-forwarded-for")))
        is_many = left.requests < 1
        left.requests = max(left.requests - 1, 0)
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send, is_many=is_many)
        elif is_many:
            await _many(scope, receive, send)
        elif requests.path(scope).startswith(UPLOADS):
            await self._upload(left, scope, receive, send)
        elif _told_bytes(headers) > BODY_BYTES:
            await PlainTextResponse("Too large.", TOO_LARGE)(scope, receive, send)
        else:
            await self._app(scope, _measured(receive), send)

    async def _websocket(
        self, scope: Scope, receive: Receive, send: Send, *, is_many: bool
    ) -> None:
        if is_many:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await self._app(scope, receive, send)

    async def _upload(
        self, left: _Left, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Let an upload through while its sender has any bytes left."""

        async def receiving() -> Message:
            message = await receive()
            left.upload_bytes -= len(message.get("body", b""))
            return message

        if left.upload_bytes > 0:
            await self._app(scope, receiving, send)
        else:
            await _many(scope, receive, send)

    def _left_of(self, name: str) -> _Left:
        """Find what a sender has left by now."""
        now = self._clock()
        left = self._left.pop(name, None) or _Left(now, BURST, UPLOAD_BURST_BYTES)
        left.fill(now)
        self._left[name] = left
        if len(self._left) > SENDERS:
            del self._left[next(iter(self._left))]
        return left


def sender(client: str, passed_on: Sequence[str]) -> str:
    """Name who sent a request, so that nobody can pass for several.

    A header is believed only of a proxy at this machine, and of it only the address
    that the proxy itself saw: the last that is not this machine.

    Args:
        client: Address that the connection comes from.
        passed_on: Values of X-Forwarded-For, in the order sent.

    Returns:
        An IPv4 address, a network of IPv6, or `here` for this machine.
    """
    if not is_loopback(client):
        return _network(client)
    hops = [hop.strip() for value in passed_on for hop in value.split(",")]
    seen = next((hop for hop in reversed(hops) if not is_loopback(hop)), "")
    return _network(seen) if seen else "here"


def _network(address: str) -> str:
    """Name the network of an address; what is no address is one sender, too."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed, IPV6_PREFIX), strict=False))


async def _many(scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse("Too many requests. Wait a minute.", TOO_MANY)
    await answer(scope, receive, send)


def _told_bytes(headers: Headers) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else BODY_BYTES + 1


def _measured(receive: Receive) -> Receive:
    """End a request whose body goes on and on."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > BODY_BYTES else message

    return receiving
