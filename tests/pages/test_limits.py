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
    limited: Limits,
    path: str = "/",
    client: str = "192.0.2.1",
    kind: str = "http",
    **headers: str,
) -> object:
    """Send one request with a body of the size that sent_bytes tells.

    Returns:
        The status of its answer, or else the type of the answer.
    """
    statuses: list[object] = []
    size = int(headers.pop("sent_bytes", "0"))
    scope = {
        "type": kind,
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
        statuses.append(message.get("status", message["type"]))

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


def test_a_sender_that_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BURST", 3)
    now = [0.0]
    limited = Limits(app, clock=lambda: now[0])
    assert [ask(limited) for _ in range(4)] == [200, 200, 200, 429]
    assert ask(limited, UPLOAD) == 429
    assert ask(limited, kind="websocket") == "websocket.close"
    assert ask(limited, client="192.0.2.2") == 200
    now[0] = 1 / PER_SECOND
    assert ask(limited) == 200
    assert BURST > PER_SECOND


def test_a_sender_that_uploads_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOAD_BURST_BYTES", 1000)
    now = [0.0]
    limited = Limits(app, clock=lambda: now[0])
    statuses = [ask(limited, UPLOAD, sent_bytes="600") for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert ask(limited) == 200
    assert ask(limited, UPLOAD, client="192.0.2.2", sent_bytes="600") == 200
    now[0] = 201 / limits.UPLOAD_BYTES_PER_SECOND
    assert ask(limited, UPLOAD) == 200


def test_an_upload_elsewhere_is_none() -> None:
    path = f"/customer{UPLOAD}"
    assert ask(Limits(app), path, content_length=str(BODY_BYTES + 1)) == 413


@pytest.mark.parametrize(
    ("client", "passed_on", "name"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("127.0.0.1", [], "here"),
        ("::1", ["127.0.0.1, 127.0.0.2"], "here"),
        ("127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["198.51.100.7, 127.0.0.1"], "198.51.100.7"),
        ("127.0.0.1", ["one"], "unknown"),
        ("127.0.0.1", ["another"], "unknown"),
        ("::ffff:192.0.2.1", [], "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("::1", ["2001:db8:1:2::9"], "2001:db8:1:2::/64"),
        ("", [], "unknown"),
    ],
)
def test_a_sender_is_who_the_connection_or_a_proxy_at_this_machine_saw(
    client: str, passed_on: list[str], name: str
) -> None:
    assert limits.sender(client, passed_on) == name


def test_headers_of_ones_own_do_not_make_one_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "BURST", 2)
    limited = Limits(app, clock=lambda: 0.0)
    forged = [
        ask(limited, x_forwarded_for=f"198.51.100.{number}") for number in range(4)
    ]
    assert forged == [200, 200, 429, 429]
    passed_on = [
        ask(limited, client="127.0.0.1", x_forwarded_for=f"10.0.0.{number}, 192.0.2.7")
        for number in range(4)
    ]
    assert passed_on == [200, 200, 429, 429]


def test_senders_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "SENDERS", 2)
    limited = Limits(app, clock=lambda: 0.0)
    for number in range(5):
        ask(limited, client=f"192.0.2.{number}")
    assert list(limited._left) == ["192.0.2.3", "192.0.2.4"]
