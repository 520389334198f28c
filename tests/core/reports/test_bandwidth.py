"""Bandwidth: months with gaps and parts of months, rankings, folded histograms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.reports import bandwidth
from core.warehouse import plans
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from core.models import Reading
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

USAGE = [
    ("amberharbor71zz", "2026-01", "50"),
    ("amberharbor71zz", "2026-04", "5"),
    ("stranger", "2026-01", "30"),
    ("stranger", "2026-02", "10"),
]
CUSTOMERS = [("amber.harbor71@example.com", "amberharbor71zz", None)]

BINS = st.dictionaries(st.integers(0, 200), st.integers(1, 50), min_size=1).map(
    lambda users: pd.DataFrame(
        {
            "bin_start_gb": list(users),
            "users": list(users.values()),
            "usage_gb": [start + 0.5 for start in users],
        }
    )
)


def load(warehouse: Warehouse, readings: list[Reading], now: datetime) -> None:
    """Load files and match."""
    job.load(warehouse, plans.plan(warehouse, readings), now=now, by="tester")


def test_month_without_a_row_is_a_gap_and_parts_add_up(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, [make.usage(USAGE), make.customers(CUSTOMERS)], now)
    rows = bandwidth.by_month(warehouse, Scope())
    assert list(rows["has_data"]) == [True, True, False, True]
    assert list(rows["usage_gb"].dropna()) == [80, 10, 5]
    assert list(rows["matched_gb"].dropna()) == [50, 0, 5]
    assert list(rows["unmatched_gb"].dropna()) == [30, 10, 0]
    assert not rows["is_partial"].any()


def test_month_with_some_days_only_is_partial(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    days = [("a", f"2026-02-{day:02}", "1") for day in range(1, 29)]
    rows = [*days, ("a", "2026-03-01", "1")]
    load(warehouse, [make.usage(rows, provider="Days")], now)
    told = bandwidth.by_month(warehouse, Scope())
    assert list(told["is_partial"]) == [False, True]
    other = bandwidth.by_month(warehouse, Scope(provider="Days"))
    assert list(other["is_partial"]) == [False, True]


def test_subusers_are_ranked_within_the_scope(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, [make.usage(USAGE)], now)
    rows = bandwidth.subuser_ranking(warehouse, Scope())
    assert list(rows["owner"]) == ["amberharbor71zz", "stranger"]
    assert list(rows["rank"]) == [1, 2]
    assert rows["cumulative_share"].iloc[-1] == pytest.approx(1)
    february = Scope(first_month=date(2026, 2, 1), last_month=date(2026, 2, 1))
    assert list(bandwidth.subuser_ranking(warehouse, february)["usage_gb"]) == [10]
    large = bandwidth.subuser_ranking(warehouse, Scope(least_gb=Decimal(41)))
    assert list(large["rank"]) == [1]


def test_histogram_counts_each_user_once(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, [make.usage(USAGE), make.customers(CUSTOMERS)], now)
    customers = bandwidth.histogram(warehouse, Scope(), of_customers=True)
    subusers = bandwidth.histogram(warehouse, Scope(), of_customers=False)
    assert customers["users"].sum() == 1
    assert subusers["users"].sum() == 2
    assert subusers["usage_gb"].sum() == pytest.approx(95)


@given(BINS, st.integers(1, 60))
@settings(max_examples=50, deadline=None)
def test_folding_keeps_every_user_and_gigabyte(bins: pd.DataFrame, tail: int) -> None:
    folded = bandwidth.folded(bins, tail)
    assert list(folded["bin_start_gb"]) == list(range(tail + 1))
    assert folded["users"].sum() == bins["users"].sum()
    assert folded["usage_gb"].sum() == pytest.approx(bins["usage_gb"].sum())
    below = bins[bins["bin_start_gb"] < tail]["users"].sum()
    assert folded["users"].iloc[:-1].sum() == below


@pytest.mark.parametrize(
    ("users", "start"),
    [
        ({0: 100}, 10),
        ({0: 95, 10: 5}, 10),
        ({0: 94, 10: 6}, 20),
        ({0: 1, 500: 99}, 50),
        ({}, 10),
    ],
)
def test_tail_starts_where_few_users_are_left(
    users: dict[int, int], start: int
) -> None:
    bins = pd.DataFrame({"bin_start_gb": list(users), "users": list(users.values())})
    assert bandwidth.tail_start(bins) == start
