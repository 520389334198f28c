"""A fresh app in a real browser, and what its server tells a stranger."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from pages.parts.headers import HEADERS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Response

    from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
}
PATHS = [
    ("GET", "/", {}),
    ("GET", "/customers", {}),
    ("GET", "/_stcore/health", {}),
    ("GET", "/_stcore/host-config", {}),
    ("GET", "/_stcore/metrics", {}),
    ("GET", "/_stcore/stream", UPGRADE),
    ("PUT", "/_stcore/upload_file/session/file", {}),
    ("GET", "/media/0123456789abcdef.csv", {}),
    ("GET", "/component/x/y.js", {}),
    ("GET", "/_stcore/bidi-components/x", {}),
    ("GET", "/_stcore/script-health-check", {}),
    ("GET", "/_stcore/agent/openapi.json", {}),
    ("POST", "/_stcore/agent/interact", {}),
    ("POST", "/_stcore/agent/mcp", {}),
    ("GET", "/_stcore/allowed-message-origins", {}),
    ("GET", "/static/index.html", {}),
    ("GET", "/app/static/x", {}),
    ("GET", "/auth/login", {}),
    ("GET", "/oauth2callback", {}),
    ("GET", "/favicon.png", {}),
]
STRANGERS = [
    {"X-Forwarded-For": "192.0.2.1"},
    {"Forwarded": "for=192.0.2.1"},
    {"Host": "meterbook.example.com"},
    {"Origin": "http://example.com"},
]


def status_of(base_url: str, method: str, path: str, headers: dict[str, str]) -> int:
    """Send one request as it is given; return the status of the answer."""
    connection = HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda sent: next(iter(sent)))
@pytest.mark.parametrize(
    ("method", "path", "headers"), PATHS, ids=[path for _, path, _ in PATHS]
)
def test_stranger_gets_nothing_from_any_path(
    base_url: str,
    method: str,
    path: str,
    headers: dict[str, str],
    stranger: dict[str, str],
) -> None:
    assert status_of(base_url, method, path, {**headers, **stranger}) == 403


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/", {}, 200), ("/_stcore/health", {}, 200), ("/_stcore/stream", UPGRADE, 101)],
)
def test_this_machine_is_answered(
    base_url: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert status_of(base_url, "GET", path, headers) == status


def test_app_opens_and_calls_no_other_host(
    screen: Screen, journal: dict[str, list[str]], shared_warehouse: Path
) -> None:
    answer = screen.open("/")
    expect(screen.page.get_by_role("heading", name="Overview")).to_be_visible()
    screen.go("Downloads")
    assert_headers(answer)
    assert journal == {"console errors": [], "other hosts": []}
    assert (
        "INFO page route=/downloads "
        in shared_warehouse.with_suffix(".log").read_text()
    )


def test_deep_link_shows_its_page_and_keeps_its_address(page: Page) -> None:
    page.goto("/customer?customer=harbor71%40example.com")
    expect(page.get_by_role("heading", name="Customer", exact=True)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    assert page.url.endswith("/customer?customer=harbor71%40example.com")


def assert_headers(answer: Response | None) -> None:
    """Check that an answer carries every header that the product sets."""
    assert answer is not None
    sent = answer.all_headers()
    for name, value in HEADERS:
        assert sent[name.decode()] == value.decode()
