"""Book of customers: everybody once, in order, to search, step through and export."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core import job
from core.reports import book, customer, handout
from core.warehouse import plans
from core.warehouse.figures import Scope
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.models import Reading
    from tests.core.conftest import Make
    from tests.core.reports.conftest import Market

USAGE = [
    ("amberharbor71zz", "2026-01", "50"),
    ("coralmeadow5c0de", "2026-01", "60.000000001"),
    ("stranger", "2026-01", "30"),
]
CUSTOMERS = [
    ("amber.harbor71@example.com", "amberharbor71zz", None),
    ("Coral@example.com", None, "coralmeadow5c0de"),
    ("idle.canal3@example.com", None, None),
]
PAID = datetime(2026, 1, 5)


def payment(name: str, email: str | None, amount: int, currency: str) -> dict:
    """Make a paid payment."""
    return {
        "id": name,
        "created_at": PAID,
        "amount_minor": amount,
        "currency": currency,
        "customer_email": email,
    }


PAYMENTS = [
    payment("ch_1", "coral@example.com", 1000, "usd"),
    payment("ch_2", "coral@example.com", 700, "jpy"),
    payment("ch_3", "payer.only@example.net", 500, "usd"),
    payment("ch_4", None, 100, "usd"),
]


def load(warehouse: Warehouse, readings: list[Reading], now: datetime) -> None:
    """Load files and match."""
    job.load(warehouse, plans.plan(warehouse, readings), now=now, by="tester")


@pytest.fixture(scope="module")
def shop(make: Make, now: datetime) -> Iterator[Warehouse]:
    """Load customers with usage, with money, with neither, and strangers; to read."""
    readings = [make.usage(USAGE), make.customers(CUSTOMERS), make.payments(PAYMENTS)]
    with Warehouse() as warehouse:
        load(warehouse, readings, now)
        yield warehouse


@pytest.fixture(scope="module")
def everybody(shop: Warehouse) -> pd.DataFrame:
    """Return the book of the shop."""
    return book.everybody(shop)


def test_everybody_stands_once_by_usage_and_strangers_last(
    everybody: pd.DataFrame,
) -> None:
    rows = everybody
    assert list(rows["owner"]) == [
        "coral@example.com",
        "amber.harbor71@example.com",
        "idle.canal3@example.com",
        "payer.only@example.net",
        "(unmatched)",
        "(unknown payer)",
    ]
    assert rows["usage_gb"].sum() == pytest.approx(140.000000001)
    assert rows["rank"].isna().sum() == 4


def test_each_currency_has_its_own_column_in_major_units(
    everybody: pd.DataFrame,
) -> None:
    rows = everybody.set_index("owner")
    assert rows.loc["coral@example.com", "net_usd"] == 10
    assert rows.loc["coral@example.com", "net_jpy"] == 700
    assert pd.isna(rows.loc["amber.harbor71@example.com", "net_usd"])
    assert rows["net_usd"].sum() == 16


def test_book_without_money_has_no_columns_of_it(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, [make.usage(USAGE), make.customers(CUSTOMERS)], now)
    rows = book.everybody(warehouse)
    assert len(rows) == 4
    assert not [name for name in rows if name.startswith("net_")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 6),
        ("  ", 6),
        ("CORAL", 1),
        ("example.com", 3),
        ("a.*", 0),
        ("(un", 2),
    ],
)
def test_search_takes_text_literally_and_ignores_capitals(
    everybody: pd.DataFrame, text: str, found: int
) -> None:
    assert len(book.found(everybody, text)) == found


def test_stepping_forth_from_each_leads_back_to_it(everybody: pd.DataFrame) -> None:
    rows = everybody
    owners = list(rows["owner"])
    for first, second in pairwise(owners):
        assert book.neighbours(rows, first)[1] == second
        assert book.neighbours(rows, second)[0] == first
    assert book.neighbours(rows, owners[0])[0] is None
    assert book.neighbours(rows, owners[-1])[1] is None
    assert book.neighbours(rows, "nobody") == (None, None)


def test_csv_has_the_rows_found_with_plain_decimals(shop: Warehouse) -> None:
    everybody = book.everybody(shop)
    text = handout.csv(book.found(everybody, "coral")).decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["email"] == "Coral@example.com"
    assert row["usage_gb"] == "60.000000001"
    assert row["first_month"] == "2026-01-01"
    assert row["net_usd"] == "10"
    assert "e-" not in text.lower().split("\n")[1]
    assert len(handout.csv(everybody).decode().splitlines()) == 7


def test_each_row_says_what_it_is(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    usage = [
        ("amberharbor71zz", "2026-01", "5"),
        ("amberharbor71zz", "2026-02", "5"),
        ("coralmeadow5c0de", "2026-01", "6"),
        ("coralmeadow5c0de", "2026-02", "0"),
        ("stranger", "2026-02", "1"),
    ]
    gone = ("gone.away9@example.com", "goneaway9", None)
    load(warehouse, [make.customers([gone, *CUSTOMERS], file="old.json")], now)
    newest = make.customers(CUSTOMERS)
    load(warehouse, [make.usage(usage), newest, make.payments(PAYMENTS)], now)
    rows = book.everybody(warehouse)
    assert dict(zip(rows["owner"], rows["standing"], strict=True)) == {
        "coral@example.com": book.Standing.QUIET,
        "amber.harbor71@example.com": book.Standing.ACTIVE,
        "idle.canal3@example.com": book.Standing.IDLE,
        "gone.away9@example.com": book.Standing.ABSENT,
        "payer.only@example.net": book.Standing.PAYER,
        "(unmatched)": book.Standing.NOBODY,
        "(unknown payer)": book.Standing.NOBODY,
    }
    quiet = book.found(rows, "", book.Standing.QUIET)
    assert list(quiet["owner"]) == ["coral@example.com"]
    january = book.everybody(warehouse, Scope(None, date(2026, 1, 1)))
    assert book.row(january, "coral@example.com")["standing"] == book.Standing.ACTIVE


@pytest.mark.parametrize(
    ("first", "last"), [(None, None), (None, 6), (5, 6), (6, 6), (5, 5), (2, 3)]
)
def test_period_bounds_usage_and_ranks_and_tells_places_won(
    market: Market, first: int | None, last: int | None
) -> None:
    def ranks(begin: int, end: int) -> dict[str, int]:
        gb: Counter[str] = Counter()
        for (owner, month), used in market.used.items():
            if begin <= int(month[-2:]) <= end:
                gb[owner] += used
        order = sorted(gb, key=lambda owner: (-gb[owner], owner))
        return {owner: place for place, owner in enumerate(order, 1)}

    def bound(month: int | None) -> date | None:
        return None if month is None else date(2025, month, 1)

    rows = book.everybody(market.warehouse, Scope(bound(first), bound(last)))
    begin, end = first or 0, last or 8
    now = ranks(begin, end)
    before = ranks(begin - 1 if first else 0, end - 1)
    used = rows[rows["usage_gb"].gt(0) & (rows["owner"] != customer.UNMATCHED)]
    assert dict(zip(used["owner"], used["rank"], strict=True)) == now
    for row in used.to_dict("records"):
        if row["owner"] in before:
            won = before[row["owner"]] - now[row["owner"]]
            assert row["rank_change"] == won
        else:
            assert not row["rank_change"] > 0


def test_money_is_that_of_the_period(shop: Warehouse) -> None:
    december = Scope(None, date(2025, 12, 1))
    rows = book.everybody(shop, december)
    assert not [name for name in rows if str(name).startswith("net_")]
    assert rows["usage_gb"].sum() == 0


@pytest.mark.parametrize("column", ["email", "usage_gb", "net_usd", "first_month"])
@pytest.mark.parametrize("is_ascending", [True, False])
def test_order_keeps_everybody_with_what_is_missing_and_nobody_last(
    everybody: pd.DataFrame, column: str, is_ascending: bool
) -> None:
    rows = book.ordered(everybody, column, is_ascending=is_ascending)
    assert sorted(rows["owner"]) == sorted(everybody["owner"])
    assert list(rows["standing"][-2:]) == [book.Standing.NOBODY] * 2
    told = rows[column][:-2]
    present = told.dropna()
    assert told.head(len(present)).notna().all()
    values = present.str.lower() if column == "email" else present
    if is_ascending:
        assert values.is_monotonic_increasing
    else:
        assert values.is_monotonic_decreasing


def test_subusers_without_a_sure_customer_are_those_of_unmatched(
    shop: Warehouse,
) -> None:
    assert list(customer.subusers(shop, customer.UNMATCHED)["subuser"]) == ["stranger"]
    mine = customer.subusers(shop, "coral@example.com")
    assert list(mine["subuser"]) == ["coralmeadow5c0de"]


def test_stacking_folds_the_small_and_keeps_the_sum() -> None:
    rows = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-01-01"] * 4 + ["2026-02-01"] * 2),
            "subuser": ["a", "b", "c", "d", "a", "c"],
            "usage_gb": [1.0, 9.0, 3.0, 0.5, 1.0, 4.0],
        }
    )
    stacked = customer.stacked(rows, 2)
    assert list(stacked["subuser"].unique()) == ["b", "c", ""]
    assert list(stacked["place"].unique()) == [0, 1, 2]
    assert stacked["usage_gb"].sum() == rows["usage_gb"].sum()
    others = stacked[stacked["place"] == 2]
    assert list(others["usage_gb"]) == [1.5, 1.0]


def test_usage_and_payer_of_nobody_stand_in_the_book_too(shop: Warehouse) -> None:
    rows = book.everybody(shop)
    unmatched = book.row(rows, customer.UNMATCHED)
    payer = book.row(rows, "payer.only@example.net")
    assert pd.isna(unmatched["rank"])
    assert unmatched["usage_gb"] == 30
    assert pd.isna(payer["rank"])
    assert payer["usage_gb"] == 0
    assert "nobody@example.com" not in set(rows["owner"])
