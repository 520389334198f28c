"""The border: what counts as this machine, and what a stranger gets."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts import loopback

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

HERE = ("host", "127.0.0.1:8501")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        " 127.0.0.1 ",
        "127.0.0.1:8501",
        "::1",
        "[::1]",
        "[::1]:8501",
        '"[::1]:8501"',
        "::ffff:127.0.0.1",
    ],
)
def test_loopback_addresses_are_this_machine(address: str) -> None:
    assert loopback.is_loopback(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "unknown",
        "_hidden",
        "localhost",
        "0.0.0.0",  # noqa: S104
        "::",
        "10.0.0.1",
        "203.0.113.5",
        "203.0.113.5:127",
        "2001:db8::1",
        "[2001:db8::1]:1",
        "::ffff:203.0.113.5",
        "127.0.0.1.example.com",
        "127.1",
        "2130706433",
        "127.0.0.1 203.0.113.5",
    ],
)
def test_everything_else_is_not(address: str) -> None:
    assert not loopback.is_loopback(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8501",
        "localhost:",
        "127.0.0.1",
        "127.0.0.1:80",
        "[::1]:1",
    ],
)
def test_names_of_this_machine_are_local(host: str) -> None:
    assert loopback.is_local_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost.",
        "localhost.example.com",
        "example.com",
        "example.com:8501",
        "localhost:x",
        "localhost@example.com",
        "127.0.0.1.example.com:8501",
        "localhost\n",
    ],
)
def test_foreign_names_are_not_local(host: str) -> None:
    assert not loopback.is_local_host(host)


@pytest.mark.parametrize(
    "headers",
    [
        [HERE],
        [HERE, ("X-Forwarded-For", "127.0.0.1")],
        [HERE, ("X-Forwarded-For", "127.0.0.1, ::1")],
        [HERE, ("Forwarded", 'for="[::1]:123";proto=http, for=127.0.0.1')],
        [HERE, ("X-Forwarded-Host", "localhost:8501")],
        [HERE, ("Origin", "http://127.0.0.1:8501")],
        [HERE, ("Origin", "http://localhost:8501")],
        [("Host", "[::1]:8501"), ("Cookie", "a=203.0.113.5")],
    ],
)
def test_requests_of_this_machine_are_let_in(headers: list[tuple[str, str]]) -> None:
    assert loopback.refusal("127.0.0.1", headers) is None


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([HERE, ("X-Forwarded-For", "203.0.113.5")], "203.0.113.5"),
        ([HERE, ("x-forwarded-for", "127.0.0.1, 203.0.113.5")], "203.0.113.5"),
        ([HERE, ("X-FORWARDED-FOR", "203.0.113.5, 127.0.0.1")], "203.0.113.5"),
        (
            [HERE, ("x-forwarded-for", "::1"), ("x-forwarded-for", "192.0.2.1")],
            "192.0.2.1",
        ),
        ([HERE, ("X-Real-IP", "2001:db8::1")], "2001:db8::1"),
        ([HERE, ("CF-Connecting-IP", "192.0.2.7")], "192.0.2.7"),
        ([HERE, ("Forwarded", "for=192.0.2.60;proto=http;by=127.0.0.1")], "192.0.2.60"),
        ([HERE, ("Forwarded", "proto=http;FOR=192.0.2.60")], "192.0.2.60"),
        ([HERE, ("Forwarded", 'for=127.0.0.1, for="[2001:db8::1]:9"')], "2001:db8::1"),
        ([HERE, ("Forwarded", "for=unknown")], "unknown"),
        ([HERE, ("Forwarded", "by=127.0.0.1")], "by=127.0.0.1"),
        (
            [HERE, ("X-Forwarded-Host", "meterbook.example.com")],
            "meterbook.example.com",
        ),
        ([("host", "meterbook.example.com")], "meterbook.example.com"),
        ([HERE, ("host", "example.com")], "example.com"),
        ([], "no host"),
        ([HERE, ("Origin", "http://example.com")], "http://example.com"),
        ([HERE, ("Origin", "http://127.0.0.1@example.com")], "example.com"),
        ([HERE, ("Origin", "null")], "null"),
    ],
)
def test_refusal_says_what_was_found(
    headers: list[tuple[str, str]], found: str
) -> None:
    reason = loopback.refusal("127.0.0.1", headers)
    assert reason is not None
    assert found in reason


@pytest.mark.parametrize("client", [None, "", "192.0.2.1", "::ffff:192.0.2.1"])
def test_sender_elsewhere_is_refused_whatever_it_says(client: str | None) -> None:
    assert loopback.refusal(client, [HERE, ("X-Forwarded-For", "127.0.0.1")])


@settings(max_examples=100, deadline=None)
@given(st.ip_addresses(), st.sampled_from(["{}", "{}:80", "[{}]", "[{}]:80"]))
def test_an_address_is_let_in_only_if_it_is_loopback(
    address: object, shape: str
) -> None:
    parsed = ip_address(str(address))
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    if loopback.is_loopback(shape.format(address)):
        assert mapped.is_loopback


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_forwarded_text_is_read_without_a_fault(value: str) -> None:
    hop = loopback.forwarded([("forwarded", value), ("x-forwarded-for", "::1")])
    assert hop is None or not loopback.is_loopback(hop)


def replies(scope: Scope) -> list[Message]:
    """Send one request to the border in front of an app that answers `passed`."""
    out: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "passed"})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        out.append(message)

    asyncio.run(loopback.LoopbackOnly(app)(scope, receive, send))
    return out


def scope_of(kind: str, client: str, **headers: str) -> Scope:
    """Make the ASGI scope of a request to port 8777 of this machine."""
    sent = {"host": "127.0.0.1:8777", **headers}
    return {
        "type": kind,
        "method": "GET",
        "path": "/",
        "client": (client, 5000),
        "server": ("127.0.0.1", 8777),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_request_of_this_machine_reaches_the_app(kind: str) -> None:
    assert replies(scope_of(kind, "127.0.0.1")) == [{"type": "passed"}]


def test_start_of_the_server_reaches_the_app() -> None:
    assert replies({"type": "lifespan"}) == [{"type": "passed"}]


def test_stranger_gets_a_page_that_says_what_to_do() -> None:
    start, body = replies(scope_of("http", "192.0.2.1"))
    page = body["body"].decode()
    assert start["status"] == 403
    assert "192.0.2.1" in page
    assert "ssh -L 8777:127.0.0.1:8777" in page


def test_what_a_stranger_sends_is_text_on_the_page() -> None:
    _, body = replies(scope_of("http", "127.0.0.1", origin="<script>"))
    assert b"<script>" not in body["body"]
    assert b"&lt;script&gt;" in body["body"]


def test_websocket_of_a_stranger_is_closed_before_the_handshake() -> None:
    out = replies(scope_of("websocket", "192.0.2.1"))
    assert out == [{"type": "websocket.close", "code": loopback.POLICY_VIOLATION}]


def test_request_of_unknown_sender_is_refused() -> None:
    scope = {**scope_of("http", "127.0.0.1"), "client": None}
    assert replies(scope)[0]["status"] == 403
