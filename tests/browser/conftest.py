"""A running app of its own for browser tests, and the Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
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

    from playwright.sync_api import ConsoleMessage, Page, Response

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
# A busy machine draws the first page of a fresh app in many seconds.
EXPECT_SECONDS = 30
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these Chromium calls its makers at every start.
FLAGS = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


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
def base_url(
    serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Address of the app that browser tests share; its warehouse begins empty."""
    return serve(tmp_path_factory.mktemp("shared") / "warehouse.duckdb")


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
