"""Downloads in a real browser: what changed is in the bytes, however large the file."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from core import job
from core.exports import downloads
from core.exports.contracts import CONTRACTS
from core.files.upload import Upload
from core.models import Choice
from core.reports import review
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

KNOWN = "rapidtablet@example.net"
"""A customer of the sample shop."""

FILE = "final_subuser_bw_usage.csv"
SAMPLED = 1 << 16
CUSTOMERS, MONTHS = 240, 120
EDITED = "quiet060harbor"
ONE, OTHER = "quiet060a@example.com", "quiet060b@example.com"
NOW = datetime(2026, 3, 2)


def shop_files() -> list[Upload]:
    """Make a shop whose largest file is over 1 MiB."""
    names = [f"quiet{n:03}harbor" for n in range(CUSTOMERS)]
    rows = [
        f"{name},{2015 + month // 12}-{month % 12 + 1:02},{month + 1}.25"
        for name in names
        for month in range(MONTHS)
    ]
    usage = "Subuser,Date,Bandwidth Usage (GB)\n" + "\n".join(rows) + "\n"
    owners = [(name, f"{name[:8]}x@example.com") for name in names if name != EDITED]
    documents = [
        {"email": email, "oxyUsername": name}
        for name, email in [*owners, (EDITED, ONE), (EDITED, OTHER)]
    ]
    return [
        Upload("usage.csv", usage.encode()),
        Upload("customers.json", json.dumps(documents).encode()),
    ]


@pytest.fixture
def shop(serve: Callable[[Path], str], tmp_path: Path) -> tuple[str, str]:
    """Address of an app with that shop, and the key that gives EDITED to OTHER."""
    path = tmp_path / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        plan = plans.plan(warehouse, job.take(shop_files()).readings)
        job.load(warehouse, plan, now=NOW, by="test")
        job.decide(warehouse, [Choice(EDITED, ONE)], now=NOW, by="test")
        nearest = review.candidates(warehouse, EDITED)
        (rank,) = nearest.loc[nearest["email_key"] == OTHER, "rank"]
    return serve(path), f"accept_{rank}"


def open_downloads(screen: Screen, shop: str) -> None:
    screen.open(f"{shop}/downloads")
    expect(screen.page.get_by_role("heading", name="Data dictionary")).to_be_visible()


def download(screen: Screen, key: str) -> tuple[str, bytes]:
    with screen.page.expect_download() as caught:
        screen.press(screen.page.locator(f".st-key-{key} button"))
    return caught.value.suggested_filename, caught.value.path().read_bytes()


def owner(content: bytes) -> set[str]:
    rows = csv.DictReader(io.StringIO(content.decode()))
    return {row["Email"] for row in rows if row["Subuser"] == EDITED}


def test_an_edited_match_is_in_the_next_download(
    page: Page, screen: Screen, shop: tuple[str, str]
) -> None:
    address, accept = shop
    key = f"download_{FILE.replace('.', '_')}"
    open_downloads(screen, address)
    name, before = download(screen, key)

    assert name == FILE
    assert owner(before) == {ONE}
    # The change is where Streamlit's samples of a large file do not look.
    assert len(before) > downloads.HASHED_ABOVE
    place, middle = before.index(ONE.encode()), len(before) // 2
    assert SAMPLED < place < middle - SAMPLED

    screen.open(f"{address}/matching?subuser={EDITED}")
    screen.press(page.locator(f".st-key-{accept} button"))
    expect(page.get_by_text(re.compile("Undo")).first).to_be_visible()
    open_downloads(screen, address)
    _, after = download(screen, key)

    assert owner(after) == {OTHER}
    assert after == before.replace(ONE.encode(), OTHER.encode())


def test_a_private_set_is_one_zip_without_identities(
    page: Page, screen: Screen, sample_shop: str
) -> None:
    open_downloads(screen, sample_shop)
    screen.press(page.locator(".st-key-download_private label").first)
    expect(page.get_by_text("Not hidden: amounts")).to_be_visible()
    name, packed = download(screen, "download_all")

    assert name == "private-meterbook.zip"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        content = b"".join(map(archive.read, names))
    assert set(names) == {contract.file for contract in CONTRACTS} | {
        "data_dictionary.csv"
    }
    assert b"ExampleUser" in content
    assert KNOWN.encode() not in content
    assert KNOWN.partition("@")[0].encode() not in content
