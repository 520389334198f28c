"""Mapping by hand in a real browser: asked once, remembered for the next file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser

LOADED = re.compile(r"Loaded 1 file\.")


DRAWN = "[data-testid='stApp'][data-test-script-state='notRunning']"
"""The app when no script runs."""


def give(page: Page, name: str, *rows: str) -> None:
    """Drop an export whose columns nobody knows."""
    content = "\n".join(("Konto;Abrechnung;Menge", *rows, "")).encode()
    drop = page.locator("[data-testid='stFileUploader'] input[type=file]")
    # After a load the emptied drop zone stands beside the old one for a moment.
    expect(drop).to_have_count(1, timeout=60_000)
    drop.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_an_unknown_header_is_asked_once(
    page: Page, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = serve(tmp_path_factory.mktemp("mapping") / "warehouse.duckdb")
    page.goto(f"{shop}/add_files")
    confirm = page.get_by_role("button", name="Use these columns")
    load = page.locator(".st-key-load button")

    give(page, "january.csv", "ann;2026-01;1024", "bob;2026-01;2048")
    expect(confirm).to_be_disabled(timeout=60_000)
    unit = page.get_by_role("combobox", name="Unit of usage")
    # A list that is open closes when the page scrolls below it.
    unit.scroll_into_view_if_needed()
    page.wait_for_timeout(1_000)
    unit.click()
    page.get_by_role("option", name="MB", exact=True).click()
    # What is typed while the page is drawn anew is lost with the old field.
    page.wait_for_timeout(500)
    expect(page.locator(DRAWN)).to_be_attached(timeout=60_000)
    expect(page.get_by_role("textbox", name="Provider")).to_have_count(1)
    provider = page.get_by_role("textbox", name="Provider")
    provider.fill("Second provider")
    provider.press("Enter")
    expect(page.get_by_text("2 kept, 0 refused")).to_be_visible(timeout=60_000)
    expect(confirm).to_be_enabled(timeout=60_000)
    confirm.click()
    expect(load).to_be_enabled(timeout=60_000)
    load.click()
    expect(page.get_by_text(LOADED)).to_be_visible(timeout=60_000)

    give(page, "february.csv", "ann;2026-02;512")
    expect(load).to_be_enabled(timeout=60_000)
    expect(confirm).to_have_count(0)
    expect(page.get_by_text("Second provider").first).to_be_visible()
