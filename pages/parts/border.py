"""The border: who is answered at all (ASGI middleware, in front of every path).

Without an `[auth]` section in the secrets only this machine is; with one, only people
who signed in and are on the list. Where the settings are not complete, nobody is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import AppError
from pages.parts import plainpage, signin
from pages.parts.loopback import LoopbackOnly
from pages.parts.signedin import POLICY_VIOLATION, SignedInOnly

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

UNAVAILABLE: Final = 503
"""HTTP status while the settings are not complete."""


class Border:
    """Answer one request by the rule that the secrets set, read at each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._at_this_machine = LoopbackOnly(app)
        self._signed_in = SignedInOnly(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with what to do."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        try:
            admission = signin.admission()
        except AppError as error:
            await _closed(str(error), scope, receive, send)
            return
        if admission is None:
            await self._at_this_machine(scope, receive, send)
        else:
            await self._signed_in.handle(admission, scope, receive, send)


async def _closed(words: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    page = plainpage.page("Meterbook is closed", [words], status=UNAVAILABLE)
    await page(scope, receive, send)
