"""The main job in a real browser: upload, load, look, download, undo."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from core.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
INPUTS = {
    "--usage": ("oxylabs_usage.csv",),
    "--customers": ("customers.json",),
    "--stripe": ("stripe_activity.csv", "stripe_payments.csv"),
}
FILES = [name for names in INPUTS.values() for name in names]
LOADED = re.compile(r"Loaded \d files?\.")
WITHDRAWN = re.compile(r"is withdrawn\.")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Write the same files on the command line."""
    out = tmp_path_factory.mktemp("built") / "out"
    inputs = [
        word
        for option, names in INPUTS.items()
        for name in names
        for word in (option, str(SAMPLE / name))
    ]
    assert main(["build", *inputs, "--out", str(out)]) == 0
    return {
        path.name: path.read_bytes()
        for path in out.iterdir()
        if path.name != "report.json"
    }


@pytest.fixture(scope="module")
def shop(serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of an app of its own, on an empty warehouse."""
    return serve(tmp_path_factory.mktemp("job") / "warehouse.duckdb")


def upload(page: Page, shop: str, *names: str) -> None:
    page.goto(f"{shop}/add_files")
    drop = page.locator(".st-key-files, [data-testid='stFileUploader']").first
    expect(drop).to_be_visible(timeout=30_000)
    page.locator("[data-testid='stFileUploader'] input[type=file]").set_input_files(
        [str(SAMPLE / name) for name in names]
    )
    button = page.locator(".st-key-load button")
    expect(button).to_be_enabled(timeout=60_000)
    button.click()
    expect(page.get_by_text(LOADED)).to_be_visible(timeout=60_000)


def settled(page: Page) -> None:
    """Wait until the page is drawn whole: a press while it is drawn can be lost."""
    done = "[data-testid='stApp'][data-test-script-state='notRunning']"
    expect(page.locator(done)).to_be_attached(timeout=60_000)


def download_all(page: Page, shop: str, names: list[str]) -> dict[str, bytes]:
    page.goto(f"{shop}/downloads")
    expect(page.get_by_role("heading", name="Data dictionary")).to_be_visible(
        timeout=60_000
    )
    settled(page)
    found = {}
    for name in names:
        key = f"download_{re.sub(r'[.-]', '_', name)}"
        button = page.locator(f".st-key-{key} button")
        expect(button).to_be_visible(timeout=60_000)
        with page.expect_download() as caught:
            button.click()
        found[name] = caught.value.path().read_bytes()
        # Chromium drops the downloads of a page that makes ten in a moment.
        page.wait_for_timeout(500)
    return found


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().splitlines()))


def test_a_load_is_seen_downloaded_and_undone(
    page: Page, shop: str, built: dict[str, bytes]
) -> None:
    upload(page, shop, *FILES)

    assert download_all(page, shop, sorted(built)) == built

    page.goto(f"{shop}/")
    last = rows(built["total_bandwidth_usage_by_date.csv"])[-1]
    total = float(last["Total Monthly Bandwidth Usage"])
    users = rows(built["active_users_by_date.csv"])[-1]["Active Users"]
    metrics = page.locator("[data-testid='stMetric']")
    expect(metrics.filter(has_text="Bandwidth")).to_contain_text(
        f"{total:,.1f}", timeout=60_000
    )
    expect(metrics.filter(has_text="Active users")).to_contain_text(users)

    first = rows(built["users_by_bandwidth.csv"])[0]
    page.goto(f"{shop}/customer?customer={first['email']}")
    expect(metrics.filter(has_text="of all")).to_contain_text(
        f"{float(first['usage_gb']):,.1f} GB", timeout=60_000
    )
    expect(page.locator(".st-key-customer input")).to_have_value(first["email"])

    upload(page, shop, "second_provider_usage.csv")
    changed = download_all(page, shop, ["total_bandwidth_usage_by_date.csv"])
    name = "total_bandwidth_usage_by_date.csv"
    assert changed[name] != built[name]

    page.goto(f"{shop}/add_files")
    page.get_by_role("button", name="Undo").first.click()
    page.locator(".st-key-undo_5 button").click()
    expect(page.get_by_text(WITHDRAWN)).to_be_visible(timeout=60_000)
    assert download_all(page, shop, sorted(built)) == built


def test_the_same_file_again_has_nothing_to_do(page: Page, shop: str) -> None:
    page.goto(f"{shop}/add_files")
    page.locator("[data-testid='stFileUploader'] input[type=file]").set_input_files(
        str(SAMPLE / "oxylabs_usage.csv")
    )

    expect(page.get_by_text(re.compile("already loaded", re.I)).first).to_be_visible(
        timeout=60_000
    )
    expect(page.locator(".st-key-load button")).to_be_disabled()
