"""Response headers: on every HTTP answer, once, and fitting the pinned Streamlit."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st

from pages.parts import headers

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


def answers(scope: Scope, sent: list[Message]) -> list[Message]:
    """Send messages through the middleware, return what comes out."""
    out: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in sent:
            await send(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        out.append(message)

    asyncio.run(headers.SecurityHeaders(app)(scope, receive, send))
    return out


def test_http_answer_carries_every_header() -> None:
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"text/html")],
    }
    body = {"type": "http.response.body", "body": b"x"}
    out = answers({"type": "http"}, [start, body])
    assert out[0]["headers"] == [(b"content-type", b"text/html"), *headers.HEADERS]
    assert out[1] == body


def test_a_header_the_app_set_is_not_sent_twice() -> None:
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"X-Content-Type-Options", b"other")],
    }
    (out,) = answers({"type": "http"}, [start])
    assert out["headers"] == list(headers.HEADERS)


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_traffic_is_left_alone(kind: str) -> None:
    message = {"type": "http.response.start", "headers": []}
    assert answers({"type": kind}, [message]) == [message]


def test_policy_allows_nothing_from_another_host() -> None:
    sources = set(
        re.sub(r"[\w-]+-(src|uri|action|ancestors) ", "", headers.CSP).split()
    )
    assert not [source for source in sources if "//" in source or "*" in source]


def test_hash_is_of_the_one_inline_script_of_streamlit() -> None:
    page = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.S)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    found = ["sha256-" + base64.b64encode(digest).decode() for digest in digests]
    assert found == [headers.INLINE_SCRIPT_HASH]
