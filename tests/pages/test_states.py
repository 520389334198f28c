"""States of every page: what is there, what is missing and where to add it, faults."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import pytest

from core import job
from core.errors import WarehouseLockedError
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGES: Final = Path(__file__).resolve().parents[2] / "pages"
SCRIPTS: Final = sorted(
    path.name for path in PAGES.glob("*.py") if path.name != "shell.py"
)

NO_USAGE: Final = "No usage is loaded"
NO_CUSTOMERS: Final = "No customers are loaded"
NO_MONEY: Final = "No Stripe file is loaded"

STATES: Final[dict[str, tuple[str, ...]]] = {
    "usage": ("usage.csv",),
    "customers": ("customers.json",),
    "stripe": ("activity.csv", "payments.csv"),
    "usage and customers": ("usage.csv", "customers.json"),
}
"""Files that are loaded, by state."""

LACKING: Final = {
    "usage": (NO_CUSTOMERS, NO_MONEY),
    "customers": (NO_USAGE, NO_MONEY),
    "stripe": (NO_USAGE, NO_CUSTOMERS),
    "usage and customers": (NO_MONEY,),
}
"""What is not there, by state."""

NEEDED: Final = {
    "overview.py": {NO_USAGE, NO_CUSTOMERS, NO_MONEY},
    "customers.py": {NO_USAGE, NO_CUSTOMERS, NO_MONEY},
    "customer.py": {NO_USAGE, NO_CUSTOMERS, NO_MONEY},
    "add_files.py": {NO_USAGE, NO_CUSTOMERS, NO_MONEY},
    "revenue.py": {NO_USAGE, NO_MONEY},
    "retention.py": {NO_USAGE, NO_CUSTOMERS},
    "matching.py": {NO_USAGE, NO_CUSTOMERS},
    "downloads.py": set(),
}
"""What a page says when it is missing. Downloads lists files; others never change."""

ALONE: Final = {"revenue.py"}
"""Pages that without money say this alone."""

SHOWN: Final[dict[str, dict[str, tuple[int, int, int]]]] = {
    "usage": {
        "overview.py": (3, 2, 1),
        "revenue.py": (0, 0, 0),
        "customers.py": (0, 0, 1),
        "customer.py": (0, 0, 0),
        "add_files.py": (0, 0, 0),
        "retention.py": (0, 0, 0),
        "matching.py": (3, 0, 0),
        "downloads.py": (0, 0, 2),
    },
    "customers": {
        "overview.py": (0, 0, 0),
        "revenue.py": (0, 0, 0),
        "customers.py": (0, 0, 1),
        "customer.py": (0, 0, 0),
        "add_files.py": (0, 0, 0),
        "retention.py": (0, 0, 0),
        "matching.py": (0, 0, 0),
        "downloads.py": (0, 0, 2),
    },
    "stripe": {
        "overview.py": (1, 1, 0),
        "revenue.py": (5, 2, 4),
        "customers.py": (0, 0, 1),
        "customer.py": (0, 0, 0),
        "add_files.py": (0, 0, 0),
        "retention.py": (0, 0, 0),
        "matching.py": (0, 0, 0),
        "downloads.py": (0, 0, 2),
    },
    "usage and customers": {
        "overview.py": (4, 2, 1),
        "revenue.py": (0, 0, 0),
        "customers.py": (0, 1, 2),
        "customer.py": (0, 0, 0),
        "add_files.py": (0, 0, 0),
        "retention.py": (0, 1, 1),
        "matching.py": (3, 0, 1),
        "downloads.py": (0, 0, 2),
    },
}
"""Key figures, charts and tables of each page, by state: none is empty."""

WRONG: Final[tuple[tuple[str, dict[str, object], str], ...]] = (
    (
        "overview.py",
        {"period": ["2099-99", "x"], "provider": "x", "type": "x", "gb_range": "x"},
        "",
    ),
    ("revenue.py", {"month": "2099-99", "currency": "zzz", "period": ["x", "y"]}, ""),
    ("customers.py", {"search": "nobody", "list": "x", "sort": "x"}, "Nobody is like"),
    ("customer.py", {"customer": "nobody@example.com"}, "Nobody has this address"),
    ("matching.py", {"section": "x", "subuser": "nobody"}, "No subuser has this"),
)
"""Addresses with parameters that mean nothing, and what is said of those of nobody."""


@pytest.fixture(scope="module")
def state_of(
    shop_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Keep a warehouse for each state, loaded once."""
    folder = tmp_path_factory.mktemp("states")

    def made(state: str) -> Path:
        path = folder / f"{state}.duckdb"
        if not path.exists():
            uploads = [Upload(name, shop_files[name]) for name in STATES[state]]
            with Warehouse(path) as warehouse:
                plan = plans.plan(warehouse, job.take(uploads).readings)
                now = datetime(2026, 3, 2, 9, 30)
                job.load(warehouse, plan, now=now, by="tester")
        return path

    return made


def said(app: AppTest) -> str:
    """Return all that a page says in boxes and captions."""
    places = [*app.info, *app.warning, *app.caption, *app.text]
    return "\n".join(place.value for place in places)


def shown(app: AppTest) -> tuple[int, int, int]:
    """Count the key figures, the charts and the tables of a page; none is empty."""
    assert all(len(table.value) for table in app.dataframe)
    return len(app.metric), len(app.get("vega_lite_chart")), len(app.dataframe)


def ways(app: AppTest) -> set[str]:
    """Return the pages that a page leads to."""
    return {link.proto.page for link in app.get("page_link")}


@pytest.mark.parametrize("state", STATES)
def test_every_page_shows_what_is_there_and_says_what_is_missing_and_where_to_add_it(
    open_page: Open, fresh_warehouse: Path, state_of: Callable[[str], Path], state: str
) -> None:
    shutil.copyfile(state_of(state), fresh_warehouse)
    for script, counts in SHOWN[state].items():
        app = open_page(script)
        assert app.title, script
        assert not app.error, script
        told = {words for words in LACKING[state] if words in said(app)}
        needed = NEEDED[script] & set(LACKING[state])
        assert told == ({NO_MONEY} & needed or needed if script in ALONE else needed)
        assert not needed or "add_files" in {*ways(app), script[:-3]}, script
        assert shown(app) == counts, script


def test_every_page_of_an_empty_warehouse_says_what_to_do(open_page: Open) -> None:
    for script in SCRIPTS:
        app = open_page(script)
        assert app.title, script
        assert app.info, script
        assert shown(app) == (0, 0, 0), script
        assert "add_files" in {*ways(app), script[:-3]}, script
        can_look_around = any(button.key == "load_sample" for button in app.button)
        assert can_look_around != (script in {"settings.py", "add_customers.py"})


@pytest.mark.usefixtures("loaded_shop")
def test_an_address_that_means_nothing_shows_the_page_and_of_nobody_says_so(
    open_page: Open,
) -> None:
    for script, query, words in WRONG:
        app = open_page(script, **query)
        assert app.title, script
        assert not app.error, script
        assert words in said(app), script


def test_a_warehouse_that_cannot_be_opened_is_told_on_every_page_with_what_to_do(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> Warehouse:
        raise WarehouseLockedError(path, None)

    monkeypatch.setattr(job, "open_warehouse", fail)
    for script in SCRIPTS:
        app = open_page(script)
        assert app.title, script
        assert ["Close the other" in box.value for box in app.error] == [True], script


@pytest.mark.usefixtures("loaded_shop")
def test_a_figure_that_fails_is_told_below_what_is_drawn_and_other_pages_open(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(warehouse: Warehouse) -> None:
        with warehouse.reading():
            raise duckdb.Error("Corrupt database file: computed checksum 1")

    monkeypatch.setattr("core.reports.reconciliation.verdict", fail)
    app = open_page("revenue.py")
    assert [title.value for title in app.title] == ["Revenue"]
    assert app.metric
    assert ["damaged" in box.value for box in app.error] == [True]
    assert open_page("matching.py").metric
