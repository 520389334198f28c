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

    from playwright.sync_api import FilePayload

    from tests.browser.conftest import Screen

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


def samples(*names: str) -> list[FilePayload]:
    """Take files of the sample as a browser sends them."""
    return [
        {"name": name, "mimeType": "", "buffer": (SAMPLE / name).read_bytes()}
        for name in names
    ]


def upload(screen: Screen, *names: str) -> None:
    screen.go("Add files")
    screen.drop(*samples(*names))
    screen.press(screen.page.locator(".st-key-load button"))
    expect(screen.page.get_by_text(LOADED)).to_be_visible()


def download_all(screen: Screen, names: list[str]) -> dict[str, bytes]:
    screen.go("Downloads")
    expect(screen.page.get_by_role("heading", name="Data dictionary")).to_be_visible()
    found = {}
    for name in names:
        key = f"download_{re.sub(r'[.-]', '_', name)}"
        with screen.page.expect_download() as caught:
            screen.press(screen.page.locator(f".st-key-{key} button"))
        found[name] = caught.value.path().read_bytes()
        # Chromium drops the downloads of a page that makes ten in a moment.
        screen.page.wait_for_timeout(200)
    return found


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().splitlines()))


def test_a_load_is_seen_downloaded_and_undone(
    page: Page,
    screen: Screen,
    serve: Callable[[Path], str],
    tmp_path: Path,
    built: dict[str, bytes],
) -> None:
    shop = serve(tmp_path / "warehouse.duckdb")
    screen.open(f"{shop}/")
    upload(screen, *FILES)

    assert download_all(screen, sorted(built)) == built

    screen.go("Overview")
    last = rows(built["total_bandwidth_usage_by_date.csv"])[-1]
    total = float(last["Total Monthly Bandwidth Usage"])
    users = rows(built["active_users_by_date.csv"])[-1]["Active Users"]
    metrics = page.locator("[data-testid='stMetric']")
    expect(metrics.filter(has_text="Bandwidth")).to_contain_text(f"{total:,.1f}")
    expect(metrics.filter(has_text="Active users")).to_contain_text(users)

    first = rows(built["users_by_bandwidth.csv"])[0]
    screen.open(f"{shop}/customer?customer={first['email']}")
    expect(metrics.filter(has_text="of all")).to_contain_text(
        f"{float(first['usage_gb']):,.1f} GB"
    )
    expect(page.locator(".st-key-customer input")).to_have_value(first["email"])

    upload(screen, "second_provider_usage.csv")
    changed = download_all(screen, ["total_bandwidth_usage_by_date.csv"])
    name = "total_bandwidth_usage_by_date.csv"
    assert changed[name] != built[name]

    screen.go("Add files")
    screen.press(page.get_by_role("button", name="Undo").first)
    screen.press(page.locator(".st-key-undo_5 button"))
    expect(page.get_by_text(WITHDRAWN)).to_be_visible()
    screen.drop(*samples("oxylabs_usage.csv"))
    expect(page.get_by_text(re.compile("already loaded", re.I)).first).to_be_visible()
    expect(page.locator(".st-key-load button")).to_be_disabled()
    assert download_all(screen, sorted(built)) == built
