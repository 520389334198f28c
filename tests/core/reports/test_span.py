"""Span: what there is to look at, for each set of kinds that is loaded."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core import job
from core.reports import key_figures, revenue, span
from core.warehouse import plans
from core.warehouse.figures import Scope
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from core.models import Reading
    from tests.core.conftest import Make

USAGE = [("amberharbor71zz", "2026-01", "50.2"), ("stranger", "2026-02", "80")]
CUSTOMERS = [("amber.harbor71@example.com", "amberharbor71zz", None)]
LEDGER = [
    {
        "id": "txn_1",
        "flow": "payment",
        "amount_minor": 1000,
        "created_at": datetime(2025, 11, 5),
    },
    {
        "id": "txn_2",
        "flow": "payment",
        "amount_minor": 400,
        "created_at": datetime(2026, 1, 5),
    },
    {
        "id": "txn_3",
        "flow": "refund",
        "amount_minor": -100,
        "created_at": datetime(2026, 2, 5),
    },
    {
        "id": "txn_4",
        "flow": "payment",
        "amount_minor": 300,
        "currency": "eur",
        "created_at": datetime(2026, 2, 5),
    },
]


def load(warehouse: Warehouse, readings: list[Reading], now: datetime) -> None:
    """Load files and match."""
    job.load(warehouse, plans.plan(warehouse, readings), now=now, by="tester")


@pytest.fixture(scope="module")
def every(make: Make, now: datetime) -> pd.DataFrame:
    """Return the months of the ledger, in both currencies."""
    with Warehouse() as warehouse:
        load(warehouse, [make.ledger(LEDGER)], now)
        return revenue.by_month(warehouse)


def test_empty_warehouse_has_no_span(warehouse: Warehouse) -> None:
    assert span.of(warehouse) is None


def test_customers_alone_have_no_months(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, [make.customers(CUSTOMERS)], now)
    told = span.of(warehouse)
    assert told is not None
    assert told.months == told.providers == told.currencies == ()
    assert (told.has_usage, told.has_customers, told.has_money) == (False, True, False)


def test_without_customers_the_largest_subuser_bounds_the_gigabytes(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, [make.usage(USAGE)], now)
    told = span.of(warehouse)
    assert told is not None
    assert told.most_gb == 80


def test_months_reach_over_usage_and_money(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    readings = [make.usage(USAGE), make.customers(CUSTOMERS), make.ledger(LEDGER)]
    load(warehouse, readings, now)
    told = span.of(warehouse)
    assert told is not None
    assert told.months == tuple(
        date(year, month, 1)
        for year, month in ((2025, 11), (2025, 12), (2026, 1), (2026, 2))
    )
    assert told.currencies == ("usd", "eur")
    assert told.most_gb == 51


def test_one_currency_has_its_gaps_within_the_months_asked_for(
    every: pd.DataFrame,
) -> None:
    rows = revenue.of_currency(every, "usd", Scope())
    assert list(rows["has_data"]) == [True, False, True, True]
    assert list(rows["net"].dropna()) == [10, 4, -1]
    late = Scope(first_month=date(2026, 1, 1), last_month=date(2026, 1, 1))
    assert list(revenue.of_currency(every, "usd", late)["net"]) == [4]
    assert revenue.of_currency(every, "gbp", Scope()).empty


def test_no_change_is_told_across_zero_or_a_gap(every: pd.DataFrame) -> None:
    last = key_figures.of_revenue(revenue.of_currency(every, "usd", Scope()), "usd")
    assert last is not None
    assert (last.value, last.previous, last.change) == (-1, 4, None)
    until = Scope(last_month=date(2026, 1, 1))
    gap = key_figures.of_revenue(revenue.of_currency(every, "usd", until), "usd")
    assert gap is not None
    assert (gap.value, gap.previous, gap.change) == (4, None, None)


def test_figures_are_told_only_where_data_tell_them(every: pd.DataFrame) -> None:
    paid = revenue.of_currency(every, "usd", Scope())
    names = [figure.name for figure in key_figures.of_lines(paid, "usd")]
    assert names == [
        "Net volume",
        "Gross volume",
        "Refunds",
        "Fees",
        "Net after all fees",
    ]
    assert key_figures.of_lines(paid.iloc[:0], "usd") == ()


def test_figures_of_a_customer_keep_unmatched_usage_beside_them() -> None:
    months = pd.to_datetime(["2026-01-01", "2026-02-01"])
    shop = pd.DataFrame({"month": months, "unmatched_gb": [1.0, 3.0]})
    used = pd.DataFrame(
        {"month": months, "usage_gb": [5.0, None], "active_subusers": [1.0, None]}
    )
    nothing = pd.DataFrame({"month": [], "net": []})
    made = key_figures.of_customer(used, nothing, "usd", shop, Scope())
    assert [each.name for each in made] == ["Bandwidth", "Active users", "Unmatched"]
    assert math.isnan(made[0].value)
    assert made[0].change is None
    assert (made[2].value, made[2].change) == (3, 2)
    until = Scope(last_month=date(2026, 1, 1))
    first, *_ = key_figures.of_customer(used, nothing, "usd", shop, until)
    assert (first.value, first.month) == (5, months[0])


@pytest.mark.parametrize(
    ("scope", "name", "value"),
    [
        (Scope(), "Bandwidth", 5),
        (Scope(last_month=date(2026, 1, 1)), "Bandwidth", 4),
        (Scope(subuser_type="Pro"), "Bandwidth of customers", 2),
        (Scope(least_gb=Decimal(1)), "Bandwidth of customers", 2),
    ],
)
def test_bandwidth_of_some_customers_leaves_unmatched_usage_beside_it(
    scope: Scope, name: str, value: float
) -> None:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-01-01", "2026-02-01"]),
            "usage_gb": [4.0, 5.0],
            "matched_gb": [3.0, 2.0],
            "unmatched_gb": [1.0, 3.0],
            "active_subusers": [2, 2],
            "customers_with_usage": [1, 1],
        }
    )
    figures = key_figures.of_shop(months, months.iloc[:0], "", True, "net", scope)
    assert (figures[0].name, figures[0].value) == (name, value)
