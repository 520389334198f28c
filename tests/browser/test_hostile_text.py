"""Text from files that means harm: every page shows it letter by letter."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from benchmarks.hostile.payloads import ACTIVE, MARK
from core import job
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

HARM = " ".join(ACTIVE.values()).replace("\n", " ")
PAGES = (
    "/ /add_files /add_customers /customers /customer /revenue /matching /history "
    "/downloads /settings"
).split()
ALIVE = f"""() => [
    ...document.querySelectorAll(
        "a[href*='{MARK}'], a[href^='mailto:'], img[src*='{MARK}'], [onerror], "
        + "[onload], iframe[srcdoc], base, object, embed, form[action]"
    ),
    ...[...document.querySelectorAll("strong, em, code, pre, span[style]")]
        .filter((each) => each.textContent.trim() === "{MARK}"),
    ...[...document.querySelectorAll(".katex, main script, main svg script")]
        .filter((each) => each.textContent.includes("{MARK}")),
].map((each) => each.outerHTML.slice(0, 200))
    .concat(window.{MARK} ? ["it ran"] : [])"""
"""Everything on a page that text from a file has brought to life, emails too."""


def table(name: str, *rows: list[str]) -> Upload:
    """Write a CSV; its name means harm, too."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return Upload(f"{name} {HARM}.csv", text.getvalue().encode())


def uploads() -> list[Upload]:
    """Put harm into every field that a file can bring."""
    months = [f"2025-{month:02}" for month in range(1, 13)]
    harms = [*ACTIVE.values(), HARM]
    usage = [[f"{harm}", month, "1.5"] for harm in harms for month in months]
    usage += [[f"lost {harm}", "2025-03", "2"] for harm in harms]
    people = [{"email": f"{harm}@example.com", "oxyUsername": harm} for harm in harms]
    people += [{"email": HARM}, {"email": "a@example.com", "oxyId": {HARM: HARM}}]
    header = (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Status,"
        "Customer Email,Description"
    ).split(",")
    good = "2025-03-02 03:04:05,10.00,0.00,usd,true,0.59,Paid".split(",")
    paid = [
        [f"ch_{number}", *good, f"{harm}@example.com", harm]
        for number, harm in enumerate([*harms, "payer"])
    ]
    refused = ["ch_x", HARM, "10.00", "0.00", HARM, "true", "0", "Paid", HARM, HARM]
    return [
        table(
            "usage",
            ["Subuser", "Date", "Usage (GB)", HARM],
            *[[*r, HARM] for r in usage],
        ),
        table("refused", ["Subuser", "Date", "Usage"], [HARM, HARM, HARM], usage[0]),
        table("paid", header, *paid, refused),
        Upload(f"people {HARM}.json", json.dumps(people).encode()),
    ]


@pytest.fixture(scope="module")
def harmed(
    serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Start an app on a warehouse full of harm; return its address."""
    path = tmp_path_factory.mktemp("harmed") / "warehouse.duckdb"
    files = uploads()
    with Warehouse(path) as warehouse:
        readings = [
            reading
            for upload in files
            for reading in job.take_one(upload, provider=HARM, unit="GB").readings
        ]
        assert len(readings) == len(files)
        plan = plans.plan(warehouse, readings)
        now = datetime(2026, 1, 2)
        job.load(warehouse, plan, now=now, by=HARM, uploads=files, is_confirmed=True)
    return serve(path)


def test_no_text_of_a_file_comes_to_life_on_any_page(
    page: Page, screen: Screen, harmed: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    owner = quote(f"{ACTIVE['a link']}@example.com")
    for address in [
        *PAGES,
        f"/customer?customer={owner}",
        f"/customer?customer={quote(HARM)}",
    ]:
        screen.open(f"{harmed}{address}")
        assert page.evaluate(ALIVE) == [], address
        assert page.get_by_test_id("stException").count() == 0, address
    assert [
        url for url in asked if not url.startswith((harmed, "data:", "blob:"))
    ] == []
    assert dialogs == []


def test_files_that_mean_harm_are_shown_before_they_are_loaded(
    page: Page, screen: Screen, harmed: str
) -> None:
    screen.open(f"{harmed}/add_files")
    unknown = table("unknown", [HARM, "x"], [HARM, HARM])
    files = [*uploads(), unknown, Upload(f"{HARM}.png", b"\x89PNG\r\n\x1a\n")]
    screen.drop(
        *(
            {
                "name": upload.name.replace("/", "|"),
                "mimeType": "text/csv",
                "buffer": upload.content + b"\n",
            }
            for upload in files
        )
    )
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    screen.settle()
    assert page.evaluate(ALIVE) == []
    assert MARK in page.inner_text("body")
