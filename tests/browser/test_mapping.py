"""Mapping by hand in a real browser: asked once, remembered for the next file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import FilePayload

    from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

LOADED = re.compile(r"Loaded 1 file\.")


def export(name: str, *rows: str) -> FilePayload:
    """Make an export whose columns nobody knows."""
    content = "\n".join(("Konto;Abrechnung;Menge", *rows, "")).encode()
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def test_an_unknown_header_is_asked_once(
    page: Page,
    screen: Screen,
    serve: Callable[[Path], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    shop = serve(tmp_path_factory.mktemp("mapping") / "warehouse.duckdb")
    screen.open(f"{shop}/add_files")
    confirm = page.get_by_role("button", name="Use these columns")
    load = page.locator(".st-key-load button")

    screen.drop(export("january.csv", "ann;2026-01;1024", "bob;2026-01;2048"))
    expect(confirm).to_be_disabled()
    unit = page.get_by_role("combobox", name="Unit of usage")
    # A list that is open closes when the page scrolls below it.
    unit.scroll_into_view_if_needed()
    screen.press(unit)
    page.get_by_role("option", name="MB", exact=True).click()
    screen.settle()
    provider = page.get_by_role("textbox", name="Provider")
    provider.fill("Second provider")
    provider.press("Enter")
    expect(page.get_by_text("2 kept, 0 refused")).to_be_visible()
    screen.press(confirm)
    screen.press(load)
    expect(page.get_by_text(LOADED)).to_be_visible()

    screen.drop(export("february.csv", "ann;2026-02;512"))
    expect(load).to_be_enabled()
    expect(confirm).to_have_count(0)
    expect(page.get_by_text("Second provider").first).to_be_visible()
