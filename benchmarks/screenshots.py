"""Pictures of every page of the sample shop, in light and dark, for the documentation.

Run by `make screenshots`. Starts an app of its own on a warehouse of its own, so that
nothing of the shop's data is in a picture.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.server import served
from core.warehouse.store import Warehouse
from pages.parts import sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).resolve().parents[1]
"""Folder of the project."""

PICTURES: Final = ROOT / "docs"
"""Where the pictures go."""

SIZE: Final = (1440, 900)
"""Pixels of a picture: a laptop's screen."""

COLOURS: Final = 128
"""Colours of a picture; its charts and letters need no more, and it stays small."""

LOADED: Final = datetime(2026, 11, 3, 9, 30)
"""When the sample was loaded, so that two runs give the same pictures."""

SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
"""Themes, as the browser asks for them."""

ADDRESSES: Final = {
    "overview": "",
    "customer": "customer?customer=lucid_cellar58%40example.com",
}
"""Addresses that are not the name of the page's file."""

FLAGS: Final = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
"""What keeps Chromium from calling its makers."""


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        with Warehouse(path) as warehouse:
            sample.load(warehouse, now=LOADED, by="local")
        with served(path) as (port, _), sync_playwright() as playwright:
            address = f"http://127.0.0.1:{port}"
            program = os.environ.get("CHROMIUM") or None
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            for name in _pages():
                for scheme in SCHEMES:
                    _take(browser, address, name, scheme)
            browser.close()


def _pages() -> list[str]:
    """List the pages in the order of the navigation."""
    shell = (ROOT / "pages" / "shell.py").read_text("utf-8")
    return re.findall(r'st\.Page\(\s*"(\w+)\.py"', shell)


def _take(
    browser: Browser, address: str, name: str, scheme: Literal["light", "dark"]
) -> None:
    width, height = SIZE
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    page.goto(f"{address}/{ADDRESSES.get(name, name)}")
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-test-script-state='notRunning']")
    taken = Image.open(io.BytesIO(_still(page))).convert("RGB")
    page.close()
    small = taken.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}-{scheme}.png", optimize=True)


def _still(page: Page) -> bytes:
    """Take a picture once nothing moves: charts draw themselves after the server."""
    taken = b""
    for _ in range(40):
        page.wait_for_timeout(1000)
        before, taken = taken, page.screenshot()
        waiting = page.locator("[data-testid='stSkeleton']:visible").count()
        if taken == before and not waiting:
            break
    return taken


if __name__ == "__main__":
    main()
