"""Bandwidth: months with gaps and parts of months, rankings, folded histograms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.reports import bandwidth
from core.warehouse import plans
from core.warehouse.figures import UNMATCHED, Scope
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.models import Reading
    from tests.core.conftest import Make

USAGE = [
    ("amberharbor71zz", "2026-01", "50"),
    ("amberharbor71zz", "2026-04", "5"),
    ("stranger", "2026-01", "30"),
    ("stranger", "2026-02", "10"),
]
CUSTOMERS = [("amber.harbor71@example.com", "amberharbor71zz", None)]

LATER = datetime(2026, 5, 1)
"""When every month of USAGE has ended."""

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
    make: Make, warehouse: Warehouse
) -> None:
    load(warehouse, [make.usage(USAGE), make.customers(CUSTOMERS)], LATER)
    rows = bandwidth.by_month(warehouse, Scope())
    assert list(rows["has_data"]) == [True, True, False, True]
    assert list(rows["usage_gb"].dropna()) == [80, 10, 5]
    assert list(rows["matched_gb"].dropna()) == [50, 0, 5]
    assert list(rows["unmatched_gb"].dropna()) == [30, 10, 0]
    assert not rows["is_partial"].any()


def test_search_names_the_subuser_of_exactly_this_name_first(
    make: Make, warehouse: Warehouse
) -> None:
    rows = [("big-coral", "2026-01", "9"), ("coral", "2026-01", "1")]
    load(warehouse, [make.usage([*rows, ("Coral", "2026-01", "5")])], LATER)
    found = {
        text: list(bandwidth.named_like(warehouse, text)["subuser"])
        for text in ("coral", " Coral", "big", "nobody")
    }
    assert found == {
        "coral": ["coral", "big-coral", "Coral"],
        " Coral": ["Coral", "big-coral", "coral"],
        "big": ["big-coral"],
        "nobody": [],
    }


def test_month_with_some_days_only_is_partial(make: Make, warehouse: Warehouse) -> None:
    days = [("a", f"2026-02-{day:02}", "1") for day in range(1, 29)]
    rows = [*days, ("a", "2026-03-01", "1")]
    load(warehouse, [make.usage(rows, provider="Days")], LATER)
    told = bandwidth.by_month(warehouse, Scope())
    assert list(told["is_partial"]) == [False, True]
    other = bandwidth.by_month(warehouse, Scope(provider="Days"))
    assert list(other["is_partial"]) == [False, True]


def test_month_loaded_before_its_end_is_partial(
    make: Make, warehouse: Warehouse
) -> None:
    load(warehouse, [make.usage(USAGE)], datetime(2026, 4, 30, 23, 59))
    told = bandwidth.by_month(warehouse, Scope())
    assert list(told["is_partial"]) == [False, False, False, True]


TYPED = [
    ("harbor71pro", "2026-01", "50"),
    ("harbor71brief", "2026-01", "8"),
    ("harbor71brief", "2026-02", "4"),
    ("meadowAlark88f72b", "2026-02", "3"),
    ("stranger", "2026-02", "2"),
]
OWNERS = [
    ("harbor71@example.com", "harbor71pro", "harbor71brief"),
    ("meadow.lark88@example.com", None, None),
]


@pytest.mark.parametrize(
    ("scope", "matched", "unmatched"),
    [
        (Scope(), [58, 7], [0, 2]),
        (Scope(subuser_type="Pro"), [50, 0], [0, 2]),
        (Scope(subuser_type="Basic"), [8, 4], [0, 2]),
        (Scope(subuser_type=""), [3], [2]),
        (Scope(subuser_type=UNMATCHED), [0], [2]),
        (Scope(least_gb=Decimal(60)), [58, 4], [0, 2]),
        (Scope(date(2026, 2, 1), least_gb=Decimal(60)), [0], [2]),
    ],
)
def test_filters_choose_customers_and_leave_unmatched_usage_in(
    typed: Warehouse, scope: Scope, matched: list[int], unmatched: list[int]
) -> None:
    rows = bandwidth.by_month(typed, scope)
    assert list(rows["matched_gb"]) == matched
    assert list(rows["unmatched_gb"]) == unmatched
    ranked = bandwidth.ranking(typed, replace(scope, first_month=None))
    assert (ranked["owner"] == UNMATCHED).sum() == 1


@pytest.mark.parametrize(
    ("scope", "used"), [(Scope(), [58, 4]), (Scope(subuser_type="Pro"), [50, None])]
)
def test_months_of_a_customer_are_those_of_the_shop(
    typed: Warehouse, scope: Scope, used: list[int | None]
) -> None:
    rows = bandwidth.of_owner(typed, scope, "harbor71@example.com")
    assert list(rows["month"]) == list(pd.to_datetime(["2026-01-01", "2026-02-01"]))
    assert rows["usage_gb"].tolist() == pytest.approx(used, nan_ok=True) or (
        rows["usage_gb"].isna().tolist() == [gb is None for gb in used]
    )


@pytest.fixture(scope="module")
def typed(make: Make) -> Iterator[Warehouse]:
    """Open a warehouse with one customer of both types, one of none, and a stranger."""
    with Warehouse() as opened:
        load(opened, [make.usage(TYPED), make.customers(OWNERS)], LATER)
        yield opened


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
