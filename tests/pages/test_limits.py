"""Limits: a request too large or too many is refused, everything else goes through."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pages.parts import limits
from pages.parts.limits import BODY_BYTES, BURST, PER_SECOND, Limits

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

UPLOAD = "/_stcore/upload_file/a/b"


async def app(_: Scope, receive: Receive, send: Send) -> None:
    """Answer 200, or 400 when the request is cut off."""
    message = await receive()
    status = 400 if message["type"] == "http.disconnect" else 200
    await send({"type": "http.response.start", "status": status, "headers": []})


def ask(
    limited: Limits, path: str = "/", client: str = "192.0.2.1", **headers: str
) -> int:
    """Send one request with a body of the size that sent_bytes tells."""
    statuses: list[int] = []
    size = int(headers.pop("sent_bytes", "0"))
    scope = {
        "type": "http",
        "path": path,
        "client": (client, 1),
        "headers": [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in headers.items()
        ],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"a" * size}

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    asyncio.run(limited(scope, receive, send))
    return statuses[0]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"content_length": str(BODY_BYTES)}, 200),
        ("/", {"content_length": str(BODY_BYTES + 1)}, 413),
        ("/", {"content_length": "many"}, 413),
        ("/", {"content_length": "-1"}, 413),
        ("/", {"sent_bytes": str(BODY_BYTES + 1)}, 400),
        (UPLOAD, {"content_length": str(10**9)}, 200),
    ],
)
def test_only_uploads_have_a_large_body(
    path: str, headers: dict[str, str], status: int
) -> None:
    assert ask(Limits(app), path, **headers) == status


def test_a_client_that_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BURST", 3)
    now = [0.0]
    limited = Limits(app, clock=lambda: now[0])
    assert [ask(limited) for _ in range(4)] == [200, 200, 200, 429]
    assert ask(limited, client="192.0.2.2") == 200
    assert ask(limited, x_forwarded_for="192.0.2.1, 192.0.2.9") == 200
    now[0] = 1 / PER_SECOND
    assert ask(limited) == 200
    assert BURST > PER_SECOND
