"""Limits of what one client may send: size of a request, and how many (ASGI)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOADS: Final = "/_stcore/upload_file/"
"""Where files arrive; Streamlit holds their size to server.maxUploadSize."""

BODY_BYTES: Final = 64 * 1024
"""Bytes of any other request: none of them needs a body."""

BURST: Final = 1_000
"""Requests of one client at once: a page of Streamlit's fetches about a hundred."""

PER_SECOND: Final = 50
"""Requests of one client in the long run."""

CLIENTS: Final = 10_000
"""Clients remembered; beyond them those that were quiet longest are forgotten."""

TOO_LARGE: Final = 413
"""HTTP status of a request with a body that is too large."""

TOO_MANY: Final = 429
"""HTTP status of a request too many."""


class Limits:
    """Refuse a request that is too large, and those that are too many."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._take(_client(scope, headers)):
            answer = PlainTextResponse("Too many requests. Wait a minute.", TOO_MANY)
            await answer(scope, receive, send)
        elif UPLOADS in scope["path"]:
            await self._app(scope, receive, send)
        elif _told_bytes(headers) > BODY_BYTES:
            await PlainTextResponse("Too large.", TOO_LARGE)(scope, receive, send)
        else:
            await self._app(scope, _measured(receive), send)

    def _take(self, client: str) -> bool:
        """Take one request out of what a client has left."""
        now = self._clock()
        left, since = self._left.pop(client, (float(BURST), now))
        left = min(BURST, left + (now - since) * PER_SECOND)
        self._left[client] = (max(left - 1, 0), now)
        if len(self._left) > CLIENTS:
            del self._left[next(iter(self._left))]
        return left >= 1


def _client(scope: Scope, headers: Headers) -> str:
    """Name the sender; behind a proxy, the one that the proxy itself saw."""
    passed_on = headers.getlist("x-forwarded-for")
    address = scope["client"][0] if scope.get("client") else ""
    return passed_on[-1].rpartition(",")[2].strip() if passed_on else address


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
