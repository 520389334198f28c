"""What the server notes of requests, pages and faults."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from core import logfile
from core.actors import LOCAL, Actor, Role
from core.errors import AppError
from pages.parts import journal, routes
from pages.parts import scope as requests
from pages.parts.requestlog import RequestLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Open
    from starlette.types import Message, Receive, Scope, Send

ADA = Actor("ada@example.com", Role.VIEWER)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "shop.log"
    logfile.begin(path)
    yield path
    logfile.end()


def lines(log: Path) -> list[str]:
    """Return the lines of what was noted, without instants."""
    noted = log.read_text("utf-8").splitlines()
    return [re.sub(r"^[\dT:.-]+Z ", "", line) for line in noted]


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/customer", "/customer"),
        ("/_stcore/health", "/_stcore/health"),
        ("/_stcore/upload_file/session/file", "/_stcore/upload_file/*"),
        ("/media/0a1b.csv", "/media/*"),
        ("/static/js/index.js", "/static/*"),
        ("/media", "other"),
        ("/shell", "other"),
        ("/ada@example.com", "other"),
        ("/customer/ada@example.com", "other"),
        ("", "other"),
    ],
)
def test_an_address_is_told_by_its_route(path: str, route: str) -> None:
    assert routes.route(path) == route


def answer(scope: Scope, *messages: Message, error: Exception | None = None) -> None:
    """Send a request through the log to an app that sends these messages."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        requests.tell_actor(scope, ADA)
        for message in messages:
            await send(message)
        if error:
            raise error

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_: Message) -> None:
        """Leave the answer."""

    asyncio.run(RequestLog(app)(scope, receive, send))


def test_a_request_is_one_line_without_what_it_names(log: Path) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/customer",
        "query_string": b"customer=bob@example.com",
        "headers": [(b"cookie", b"secret")],
    }
    start = {"type": "http.response.start", "status": 200, "headers": []}
    body = {"type": "http.response.body", "body": b"12345"}
    answer(scope, start, {**body, "more_body": True}, body)
    (line,) = lines(log)
    assert line.startswith("INFO request method=GET route=/customer status=200 ")
    assert "bytes=10 ms=" in line
    assert line.endswith(f"role=viewer who={journal.code('ada@example.com')}")
    assert "example.com" not in line


@pytest.mark.parametrize(
    ("message", "noted"),
    [
        ({"type": "websocket.accept"}, ["WS-OPEN", "WS"]),
        ({"type": "websocket.close"}, ["WS"]),
    ],
)
def test_a_websocket_is_noted_when_it_opens_and_ends(
    log: Path, message: Message, noted: list[str]
) -> None:
    answer({"type": "websocket", "path": "/_stcore/stream"}, message)
    status = 101 if "WS-OPEN" in noted else 403
    starts = [
        f"INFO request method={method} route=/_stcore/stream status={status} "
        for method in noted
    ]
    assert [
        line.startswith(start) for line, start in zip(lines(log), starts, strict=True)
    ] == [True] * len(noted)


def test_a_request_that_fails_is_a_fault_in_the_log(log: Path) -> None:
    scope = {"type": "http", "method": "bob@example.com", "path": "/bob@example.com"}
    with pytest.raises(KeyError):
        answer(scope, error=KeyError("bob@example.com"))
    fault, kind, *_, request = lines(log)
    assert fault.startswith("ERROR fault in=request reference=")
    assert kind == "builtins.KeyError"
    assert request.startswith("INFO request method=OTHER route=other status=500 ")
    assert "bob" not in log.read_text("utf-8")


def test_people_and_sessions_are_codes_that_nobody_can_try_out() -> None:
    assert journal.code("a") == journal.code("a") != journal.code("b")
    assert len(journal.code("ada@example.com")) == 8


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (None, "done"),
        (AppError("Name another file."), "told"),
        (KeyError("ada@example.com"), "fault"),
        (SystemExit(), "stopped"),
    ],
)
def test_a_run_of_a_page_is_noted_with_its_end(
    log: Path, error: BaseException | None, ended: str
) -> None:
    def run() -> None:
        with journal.page_run("customer", LOCAL, "session"):
            if error:
                raise error

    if error:
        with pytest.raises(type(error)):
            run()
    else:
        run()
    (line,) = lines(log)
    assert line.startswith(f"INFO page route=/customer ended={ended} ms=")
    assert line.endswith(
        f"role=editor who={journal.NOBODY} session={journal.code('session')}"
    )


def fail_with(error: Exception) -> AppTest:
    """Draw a page that ends in an error, as the server does."""

    def script(error: Exception) -> None:
        from pages.parts import faultbox

        assert faultbox.show(error)

    return AppTest.from_function(script, args=(error,)).run()


def test_staff_see_a_reference_that_is_in_the_log(log: Path) -> None:
    (box,) = fail_with(KeyError("ada@example.com")).error
    reference = box.value.partition("**")[2].partition("**")[0]
    assert f"ERROR fault in=page reference={reference}" in lines(log)
    assert "builtins.KeyError" in log.read_text("utf-8")
    assert "ada" not in box.value + log.read_text("utf-8")


def test_a_failure_that_staff_can_mend_says_so_itself(log: Path) -> None:
    (box,) = fail_with(AppError("Name *another* file.")).error
    assert box.value == r"Name \*another\* file\."
    assert lines(log) == []


def test_pages_note_their_runs(log: Path, open_page: Open) -> None:
    open_page("audit.py")
    (line,) = lines(log)
    assert line.startswith("INFO page route=/audit ended=done ms=")


def test_the_log_of_the_product_is_apart_from_those_of_libraries() -> None:
    assert not logfile.LOGGER.propagate
    assert logfile.LOGGER is logging.getLogger("meterbook")
