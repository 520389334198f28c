"""One customer in a real browser: from the list, on to the next, a note, a file."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from core import job
from core.exports import customer_rows
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

FIRST, SECOND = "amber@example.com", "coral@example.com"
FILES = [
    Upload(
        "usage.csv",
        b"Subuser,Date,Bandwidth Usage (GB)\n"
        b"amberharbor,2026-01,9\ncoralmead,2026-01,4\n",
    ),
    Upload(
        "customers.json",
        json.dumps(
            [
                {"email": FIRST, "oxyUsername": "amberharbor"},
                {"email": SECOND, "oxyUsername": "coralmead"},
            ]
        ).encode(),
    ),
]


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Path, bytes]:
    """Keep a shop of two customers; and the second one's file."""
    path = tmp_path / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        plan = plans.plan(warehouse, job.take(FILES).readings)
        job.load(warehouse, plan, now=datetime(2026, 3, 2), by="test")
        file = customer_rows.FILES[0].name
        content = customer_rows.csv_bytes(warehouse, SECOND, file)
    assert content is not None
    return path, content


def test_from_the_list_to_the_next_customer_to_a_note_and_a_file(
    page: Page,
    screen: Screen,
    serve: Callable[[Path], str],
    shop: tuple[Path, bytes],
) -> None:
    path, content = shop
    screen.open(f"{serve(path)}/customers?search=example&sort=Email")
    screen.press_row(page.locator(".st-key-customers"))
    expect(page.get_by_role("heading", name="Customer", exact=True)).to_be_visible()
    assert "customer=amber%40example.com" in page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("/customers.*search=example&sort=Email"))
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("example")
    screen.press_row(page.locator(".st-key-customers"))
    expect(page.get_by_role("heading", name="Customer", exact=True)).to_be_visible()
    screen.press(page.get_by_role("button", name="Next", exact=True))
    page.wait_for_url("**customer=coral%40example.com*")
    expect(page.get_by_text("30.8 % of all")).to_be_visible()

    text = page.get_by_role("textbox", name="Note")
    screen.settle()
    text.fill("asks for <b>invoices</b>")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    page.reload()
    expect(text).to_have_value("asks for <b>invoices</b>")

    with page.expect_download() as caught:
        screen.press(page.get_by_role("button", name="Usage by subuser"))
    assert caught.value.path().read_bytes() == content
