"""The overview in a real browser: filters, brush, clicks, address, reload, back."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from pages.parts import formats

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

WHOLE: Final = "1,019.4 GB"
"""Bandwidth of the sample shop in its last month."""


def bandwidth(page: Page) -> Locator:
    """Find the value of the key figure of bandwidth."""
    card = page.locator("[data-testid='stMetric']").filter(has_text="Bandwidth").first
    return card.locator("[data-testid='stMetricValue']")


def opened(screen: Screen, address: str) -> None:
    """Open the overview and wait until its last chart is drawn."""
    screen.page.set_viewport_size({"width": 1440, "height": 900})
    screen.page.goto(address)
    settled(screen)


def settled(screen: Screen) -> None:
    """Wait until the page and its last charts are drawn."""
    expect(screen.page.locator(".st-key-distribution svg.marks")).to_be_visible()
    expect(screen.page.locator(".st-key-ranking .dvn-scroller")).to_be_visible()
    screen.settle()


def bars(page: Page, key: str) -> Locator:
    """Find the bars of a chart; each is named by what its tooltip says."""
    return page.locator(f".st-key-{key} svg.marks path[aria-roledescription='bar']")


def told(bar: Locator) -> tuple[tuple[str, str], str]:
    """Read month, series and value of a bar from its name."""
    month, *words, shown = str(bar.get_attribute("aria-label")).split(", ")
    series = ", ".join(word for word in words if word != "provisional")
    return (f"{datetime.strptime(month, '%b %Y'):%Y-%m}", series), shown


def test_click_brush_reset_reload_and_back_keep_the_view(
    page: Page, screen: Screen, sample_shop: str, journal: dict[str, list[str]]
) -> None:
    opened(screen, f"{sample_shop}/")
    expect(bandwidth(page)).to_have_text(WHOLE)

    bar = bars(page, "net_volume").nth(10)
    assert "Sep 2024" in str(bar.get_attribute("aria-label"))
    bar.click(force=True)
    expect(page).to_have_url(re.compile(r"\?period=2024-09&period=2024-09$"))
    expect(bandwidth(page)).to_have_text("682.9 GB")

    settled(screen)
    box = page.locator(".st-key-distribution svg.marks").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 60, steps=8)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"gb_range=\d+&gb_range=\d+$"))
    expect(bandwidth(page)).not_to_have_text("682.9 GB")
    narrowed = page.url
    settled(screen)
    shown = bandwidth(page).inner_text()
    page.reload()
    settled(screen)
    expect(bandwidth(page)).to_have_text(shown)
    assert page.url == narrowed

    screen.press_row(page.locator(".st-key-ranking"))
    expect(page).to_have_url(re.compile(r"&selected=[^&]+$"))
    link = page.get_by_role("link", name=re.compile("^Open "))
    # What keeps the email from becoming a link cannot be seen.
    email = link.inner_text().rpartition("Open ")[2].replace("\u2060", "")
    expect(page.locator(".st-key-usage_by_month")).to_contain_text("of the customer")
    alone = bandwidth(page).inner_text()
    link.click()
    expect(page.get_by_role("heading", name="Customer", exact=True)).to_be_visible()
    expect(page.locator(".st-key-customer input")).to_have_value(email)

    page.go_back()
    expect(page.get_by_role("heading", name="Overview", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"&selected=[^&]+$"))
    expect(bandwidth(page)).to_have_text(alone)
    settled(screen)
    page.get_by_role("button", name="Reset").first.click()
    expect(bandwidth(page)).to_have_text(WHOLE)
    assert journal == {"console errors": [], "other hosts": []}


def test_link_shows_its_view_and_the_download_has_what_the_chart_draws(
    page: Page, screen: Screen, sample_shop: str, journal: dict[str, list[str]]
) -> None:
    filters = "period=2024-01&period=2024-06&provider=Oxylabs&type=Pro"
    opened(screen, f"{sample_shop}/?{filters}")
    expect(page.get_by_text("Bandwidth of customers", exact=True).first).to_be_visible()
    expect(page.locator(".st-key-type input")).to_have_value("Pro")

    drawn = dict(told(bar) for bar in bars(page, "usage_by_month").all())
    page.locator(".st-key-usage_by_month button", has_text="Table").first.click()
    download = page.locator(".st-key-usage_by_month_csv button").first
    expect(download).to_be_visible()
    with page.expect_download() as caught:
        download.click()
    written = csv.DictReader(caught.value.path().read_text("utf-8").splitlines())
    read = {
        (row["Month"][:7], name.removesuffix(", GB")): formats.gb(float(value))
        for row in written
        for name, value in row.items()
        if name.endswith(", GB") and value
    }
    assert len(drawn) > 60
    assert read == drawn
    assert journal == {"console errors": [], "other hosts": []}
