"""The overview in a real browser: filters, brush, clicks, address, reload, back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from core.warehouse.store import Warehouse
from pages.parts import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser

NOTHING_WRONG = {"console errors": [], "other hosts": []}


@pytest.fixture(scope="module")
def shop(serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of an app on the sample shop."""
    path = tmp_path_factory.mktemp("overview") / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        sample.load(warehouse, now=datetime(2026, 11, 3, 9, 30), by="tester")
    return serve(path)


def settled(page: Page) -> None:
    """Wait until the page is drawn whole: a press while it is drawn can be lost."""
    done = "[data-testid='stApp'][data-test-script-state='notRunning']"
    expect(page.locator(done)).to_be_attached()
    expect(page.locator(".st-key-distribution svg.marks")).to_be_visible()
    page.wait_for_timeout(300)


def metric(page: Page, name: str) -> str:
    """Return what the card of a key figure shows."""
    card = page.locator("[data-testid='stMetric']").filter(has_text=name).first
    return card.locator("[data-testid='stMetricValue']").inner_text()


def bars(page: Page, key: str) -> list[str]:
    """Return how each bar of a chart is named, and how opaque it is."""
    marks = page.locator(f".st-key-{key} svg.marks .mark-rect path[aria-label]")
    return [
        f"{mark.get_attribute('aria-label')} {mark.get_attribute('opacity') or '1'}"
        for mark in marks.all()
    ]


def test_address_sets_the_view_and_a_reload_keeps_it(
    page: Page, shop: str, journal: dict[str, list[str]]
) -> None:
    journal["hosts"] = [shop]
    link = f"{shop}/?period=2024-01&period=2024-06&provider=Oxylabs&type=Pro"
    page.goto(link)
    settled(page)
    shown = metric(page, "Bandwidth of customers")
    whole = [bar for bar in bars(page, "usage_by_month") if bar.endswith(" 1")]
    page.reload()
    settled(page)
    assert metric(page, "Bandwidth of customers") == shown
    assert page.url == link
    assert whole
