"""A running app of its own for browser tests, and the Chromium to look at it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from core.warehouse.store import Warehouse
from pages.parts import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import (
        ConsoleMessage,
        FilePayload,
        Locator,
        Page,
        Response,
    )

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
# A busy machine draws the first page of a fresh app in many seconds.
EXPECT_SECONDS = 60
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these Chromium calls its makers at every start.
FLAGS = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
ROW = 35
"""Pixels of a row of a table, which is a canvas."""

SETTLED = """(calm) => {
    const app = document.querySelector("[data-testid='stApp']");
    const isDrawn = app !== null
        && app.dataset.testConnectionState === "CONNECTED"
        && app.dataset.testScriptState === "notRunning"
        && document.querySelector("[data-testid='stHeading']") !== null
        && document.querySelector("[data-testid='stSkeleton']") === null
        && document.querySelector("[data-stale='true']") === null;
    const now = performance.now();
    window.drawnSince = isDrawn ? (window.drawnSince ?? now) : undefined;
    return isDrawn && now - window.drawnSince >= calm;
}"""
"""Whether a page has been drawn whole for so many milliseconds.

One run of a page is often followed by the next: what is pressed, typed or dropped
between the two is lost with the element that it was meant for.
"""

CALM_MS = 300
"""How long a page stays drawn before a test touches it."""


LOST = ["playwright.*TimeoutError", "Locator expected", "never drawn whole"]
"""How a test ends that a busy browser has cut off from its page."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test of the browser once more when what it waits for never comes.

    The summary counts each second try; a defect fails in both.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=LOST))


@dataclass(frozen=True)
class Screen:
    """A page as a test touches it: only when it is drawn whole."""

    page: Page

    def open(self, address: str) -> Response | None:
        """Open an address; wait until its page is drawn."""
        answer = self.page.goto(address)
        self.settle()
        return answer

    def go(self, title: str) -> None:
        """Follow the link to another page of the navigation; wait until it is drawn."""
        navigation = self.page.get_by_test_id("stSidebarNav")
        navigation.get_by_role("link", name=title, exact=True).click()
        heading = self.page.get_by_role("heading", name=title, exact=True, level=1)
        expect(heading).to_be_visible()
        self.settle()

    def settle(self) -> None:
        """Wait until the page is drawn whole, and stays so for a moment."""
        self.page.evaluate("() => { window.drawnSince = undefined; }")
        deadline = time.monotonic() + EXPECT_SECONDS
        # The page forbids scripts to be made of text, so nothing in it can poll.
        while not self.page.evaluate(SETTLED, CALM_MS):
            assert time.monotonic() < deadline, f"{self.page.url} is never drawn whole"
            self.page.wait_for_timeout(50)

    def drop(self, *files: FilePayload) -> None:
        """Drop files on the page's drop zone."""
        self.settle()
        zone = self.page.locator("[data-testid='stFileUploader'] input[type=file]")
        # After a load the emptied drop zone stands beside the old one for a moment.
        expect(zone).to_have_count(1)
        zone.set_input_files(files)

    def press(self, target: Locator) -> None:
        """Press a button of the drawn page, once it can be pressed."""
        self.settle()
        expect(target).to_be_enabled()
        target.click()

    def press_row(self, table: Locator, number: int = 1) -> None:
        """Press a row of a table, counted from 1, below its headings."""
        self.settle()
        box = table.locator(".dvn-scroller").bounding_box()
        assert box is not None
        place = box["x"] + 150, box["y"] + ROW * (number + 0.5)
        self.page.mouse.move(*place)
        # The grid takes a press only where it has seen the pointer before.
        self.page.wait_for_timeout(300)
        self.page.mouse.click(*place, delay=80)


@pytest.fixture
def screen(page: Page) -> Screen:
    """Give the page as a test touches it."""
    return Screen(page)


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Let every expectation wait as long as a busy machine needs."""
    expect.set_options(timeout=EXPECT_SECONDS * 1000)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Drive the system's Chromium; without one, Playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = (
        named if named is not None else next(filter(None, map(shutil.which, NAMES)), "")
    )
    chosen = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **chosen, "args": FLAGS}


@pytest.fixture(scope="session")
def serve(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Path], str]]:
    """Start an app on a warehouse file, for this session; return its address."""
    with ExitStack() as servers:
        yield lambda warehouse: servers.enter_context(
            _running(warehouse, tmp_path_factory.mktemp("server") / "log.txt")
        )


@pytest.fixture(scope="session")
def shared_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the warehouse of the app that browser tests share; it begins empty."""
    return tmp_path_factory.mktemp("shared") / "warehouse.duckdb"


@pytest.fixture(scope="session")
def base_url(serve: Callable[[Path], str], shared_warehouse: Path) -> str:
    """Address of the app that browser tests share."""
    return serve(shared_warehouse)


@pytest.fixture(scope="session")
def sample_shop(
    serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Address of an app on the sample shop; tests only look at it."""
    path = tmp_path_factory.mktemp("sample") / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        sample.load(warehouse, now=datetime(2026, 11, 3, 9, 30), by="tester")
    return serve(path)


@pytest.fixture
def journal(page: Page) -> dict[str, list[str]]:
    """Note what a page does wrong, unseen by staff, from its first request on."""
    noted: dict[str, list[str]] = {"console errors": [], "other hosts": []}

    def heard(message: ConsoleMessage) -> None:
        # The client looks for its server below the deep link first, and gets 404.
        url = str(message.location.get("url", ""))
        if message.type == "error" and "/_stcore/" not in url:
            noted["console errors"].append(message.text)

    def answered(response: Response) -> None:
        host = urlsplit(response.url).hostname
        if host not in {"127.0.0.1", None}:
            noted["other hosts"].append(host)

    page.on("console", heard)
    page.on("pageerror", lambda error: noted["console errors"].append(str(error)))
    page.on("response", answered)
    return noted


@contextmanager
def _running(warehouse: Path, log: Path) -> Iterator[str]:
    """Run the app as staff do, on a free port."""
    port = _free_port()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env={**inherited, "METERBOOK_WAREHOUSE": str(warehouse)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(server, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(server)
    noted = warehouse.with_suffix(".log").read_text("utf-8")
    assert "INFO request method=GET route=/_stcore/health" in noted
    assert re.findall(r"\S+@\S+", noted + log.read_text("utf-8", "replace")) == []


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the app is healthy; fail with its log."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if _is_healthy(port):
            return
        time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text('utf-8', 'replace')}")


def _is_healthy(port: int) -> bool:
    """Ask the app once whether it is ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the app, in the end by force."""
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    """Find a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
