"""Cohorts: every cell against sets of customers made from the loaded rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core import job
from core.reports import cohort
from core.warehouse import plans

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make
    from tests.core.reports.conftest import Market

CALENDAR = [f"2025-{number:02}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def rows(market: Market) -> pd.DataFrame:
    return cohort.by_month(market.warehouse)


def begun(market: Market) -> dict[str, set[str]]:
    """Collect the customers of each first month."""
    found: dict[str, set[str]] = {}
    for owner in {owner for owner, _ in market.used}:
        first = min(month for who, month in market.used if who == owner)
        found.setdefault(first, set()).add(owner)
    return found


def test_each_cell_counts_who_of_the_cohort_had_usage(
    market: Market, rows: pd.DataFrame
) -> None:
    cells = {}
    for first, owners in begun(market).items():
        for month in CALENDAR[CALENDAR.index(first) :]:
            active = {who for who in owners if (who, month) in market.used}
            gap = month == "2025-04"
            cells[first, month] = (len(owners), None if gap else len(active))
    found = {
        (f"{row['first_month']:%Y-%m}", f"{row['month']:%Y-%m}"): (
            row["customers"],
            None if pd.isna(row["active"]) else row["active"],
        )
        for row in rows.to_dict("records")
    }
    assert found == cells


def test_first_month_of_a_cohort_has_all_of_it(rows: pd.DataFrame) -> None:
    begin = rows[rows["months_after"] == 0]
    assert (begin["share"] == 1).all()
    assert (begin["first_month"] == begin["month"]).all()


def test_every_customer_is_in_one_cohort(market: Market, rows: pd.DataFrame) -> None:
    sizes = rows.drop_duplicates("first_month")["customers"]
    assert sizes.sum() == len({owner for owner, _ in market.used})


def test_month_without_data_is_a_gap_and_not_zero(rows: pd.DataFrame) -> None:
    april = rows[rows["month"] == "2025-04-01"]
    assert len(april)
    assert april["share"].isna().all()
    assert not april["has_data"].any()
    assert rows.loc[rows["month"] != "2025-04-01", "share"].notna().all()


@pytest.mark.parametrize("after", cohort.AFTER)
def test_stayed_sums_cohorts_old_enough_but_the_first_loaded(
    market: Market, rows: pd.DataFrame, after: int
) -> None:
    active, customers = 0, 0
    for first, owners in begun(market).items():
        month = CALENDAR.index(first) + after
        is_told = month < len(CALENDAR) and CALENDAR[month] != "2025-04"
        if first == "2025-01" or not is_told:
            continue
        customers += len(owners)
        active += len({who for who in owners if (who, CALENDAR[month]) in market.used})
    told = {each.months_after: each for each in cohort.stayed(rows)}[after]
    assert (told.active, told.customers) == (active, customers)
    assert told.share == (active / customers if customers else None)


def test_month_that_lacks_days_is_marked_and_in_no_sum(
    warehouse: Warehouse, make: Make
) -> None:
    names = ("amberharbor71", "coralmeadow52")
    usage = [
        (names[0], "2025-01", "1"),
        (names[1], "2025-02", "1"),
        (names[1], "2025-03-02", "1"),
    ]
    who = make.customers([(f"{name}@example.com", name, None) for name in names])
    plan = plans.plan(warehouse, [make.usage(usage), who])
    job.load(warehouse, plan, now=datetime(2025, 4, 1), by="tester")
    rows = cohort.by_month(warehouse)
    assert rows.loc[rows["is_partial"], "month"].unique() == ["2025-03-01"]
    assert [each.customers for each in cohort.stayed(rows)] == [0, 0, 0, 0]


def test_no_usage_has_no_cohort(warehouse: Warehouse) -> None:
    rows = cohort.by_month(warehouse)
    assert rows.empty
    assert {each.share for each in cohort.stayed(rows)} == {None}
