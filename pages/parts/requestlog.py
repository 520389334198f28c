"""The log of requests: one line for each, whoever sent it (ASGI middleware)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from pages.parts import journal
from pages.parts import scope as requests
from pages.parts.routes import route

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS: Final = frozenset("GET HEAD PUT POST DELETE OPTIONS PATCH".split())
"""Methods told by name; a stranger may send any word as one."""

REFUSED: Final = 403
"""What the server answers a WebSocket that is closed before it opens."""

FAILED: Final = 500
"""HTTP status of a request that ended in a fault, or without an answer."""


class RequestLog:
    """Note every request of HTTP, and every WebSocket when it opens and ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through and note how it was answered."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        noted = _Noted(scope, send)
        try:
            await self._app(scope, receive, noted.send)
        except Exception as error:
            journal.fault(error, "request")
            raise
        finally:
            noted.end()


class _Noted:
    """One request while it is answered."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._began = time.perf_counter()
        self._status = 0
        self._bytes = 0

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on, and remember what it was."""
        kind = message["type"]
        if kind == "http.response.start":
            self._status = int(message["status"])
        elif kind == "http.response.body":
            self._bytes += len(message.get("body", b""))
        elif kind == "websocket.accept":
            self._status = 101
            self._note("WS-OPEN")
        elif kind == "websocket.close" and not self._status:
            self._status = REFUSED
        elif kind == "websocket.send":
            self._bytes += len(message.get("bytes") or message.get("text") or "")
        await self._send(message)

    def end(self) -> None:
        """Note the request; a WebSocket with all that was sent until it ended."""
        method = self._scope.get("method", "WS")
        known = method if method in METHODS | {"WS"} else "OTHER"
        self._note(known)

    def _note(self, method: str) -> None:
        answered = journal.Answered(
            method,
            route(requests.path(self._scope)),
            self._status or FAILED,
            self._bytes,
            time.perf_counter() - self._began,
            requests.actor(self._scope),
        )
        journal.request(answered)
