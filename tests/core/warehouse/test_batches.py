"""Batches: undo restores, and what is kept up to date equals what follows from raw."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import OptionError
from core.warehouse import batches, copies, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from datetime import datetime

    from core.models import Reading
    from tests.core.conftest import Make

FILES = (
    "file_subuser_bw_usage_sorted",
    "file_active_users_by_date",
    "file_total_bandwidth_usage_by_date",
    "file_filtered_customers",
    "file_monthly_net_volume",
    "file_customer_months",
)


def load(warehouse: Warehouse, now: datetime, *readings: Reading) -> tuple[int, ...]:
    plan = plans.plan(warehouse, readings)
    return plans.commit(warehouse, plan, now=now, by="test")


def everything(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    return {view: copies.rows(warehouse, view) for view in FILES}


def test_undo_of_a_correction_gives_back_what_it_covered(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    load(warehouse, now, make.usage([("a", "2024-01", "1"), ("b", "2024-01", "2")]))
    before = everything(warehouse)
    correction = make.usage([("a", "2024-01", "9"), ("a", "2024-02", "3")])
    (batch_id,) = load(warehouse, now, correction)
    assert everything(warehouse) != before

    batches.undo(warehouse, batch_id, now=now, by="test")

    assert everything(warehouse) == before


def test_undo_of_the_older_batch_leaves_the_newer_one(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    older = make.usage([("a", "2024-01", "1"), ("b", "2024-01", "2")])
    (batch_id,) = load(warehouse, now, older)
    load(warehouse, now, make.usage([("a", "2024-01", "9")]))

    batches.undo(warehouse, batch_id, now=now, by="test")

    assert copies.rows(warehouse, FILES[0]) == [("a", "2024-01", "9")]


def test_an_undone_file_can_be_loaded_again(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    reading = make.usage([("a", "2024-01", "1")])
    (batch_id,) = load(warehouse, now, reading)
    loaded = everything(warehouse)
    batches.undo(warehouse, batch_id, now=now, by="test")

    assert load(warehouse, now, reading) == (2,)

    assert everything(warehouse) == loaded
    states = [(each.batch_id, each.is_live) for each in batches.history(warehouse)]
    assert states == [(2, True), (1, False)]


def test_undo_of_what_is_not_there_is_told(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    (batch_id,) = load(warehouse, now, make.usage([("a", "2024-01", "1")]))
    batches.undo(warehouse, batch_id, now=now, by="test")
    version = warehouse.version()

    for missing in (batch_id, 77):
        with pytest.raises(OptionError, match=f"no load {missing}"):
            batches.undo(warehouse, missing, now=now, by="test")

    assert warehouse.version() == version


def test_customers_missing_from_a_newer_file_are_kept(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    twice = [("a@example.com", "a1", None), ("A@example.com", "a2", None)]
    load(warehouse, now, make.customers([*twice, ("b@example.com", None, "b")]))
    (batch_id,) = load(warehouse, now, make.customers([("a@example.com", "new", None)]))

    rows = "SELECT email_key, oxy_username FROM current_customers ORDER BY ALL"
    assert warehouse.rows(rows) == [("a@example.com", "new"), ("b@example.com", None)]

    batches.undo(warehouse, batch_id, now=now, by="test")
    assert warehouse.rows(rows) == [
        ("a@example.com", "a1"),
        ("a@example.com", "a2"),
        ("b@example.com", None),
    ]


@pytest.mark.parametrize(
    ("monthly", "days", "counted"),
    [
        ("5", range(1, 29), "28"),
        ("5", range(1, 28), "5"),
        (None, range(1, 4), "3"),
    ],
    ids=["all days beat the month", "a month beats some days", "days alone count"],
)
def test_days_and_months_never_add_up(
    warehouse: Warehouse,
    make: Make,
    now: datetime,
    monthly: str | None,
    days: range,
    counted: str,
) -> None:
    daily = [("a", f"2023-02-{day:02}", "1") for day in days]
    load(warehouse, now, make.usage(daily))
    if monthly:
        load(warehouse, now, make.usage([("a", "2023-02", monthly)]))

    rows = warehouse.rows("SELECT usage_gb FROM usage_month")

    assert rows == [(Decimal(counted),)]


row = st.tuples(
    st.sampled_from(["a", "B", "b"]),
    st.sampled_from(["2024-01", "2024-02", "2024-02-01"]),
    st.decimals(0, 10, places=3).map(str),
)
upload = st.tuples(
    st.sampled_from(["one", "two"]),
    st.lists(row, min_size=1, max_size=5, unique_by=lambda each: each[:2]),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.one_of(upload, st.integers(0, 5)), max_size=8))
def test_any_loads_and_undos_leave_what_the_live_batches_say(
    make: Make, now: datetime, steps: list[tuple[str, list] | int]
) -> None:
    live: dict[int, tuple[str, list]] = {}
    with Warehouse() as warehouse:
        for step in steps:
            if isinstance(step, int):
                for batch_id in [*live][step : step + 1]:
                    batches.undo(warehouse, batch_id, now=now, by="test")
                    del live[batch_id]
            else:
                reading = make.usage(step[1], provider=step[0])
                for batch_id in load(warehouse, now, reading):
                    live[batch_id] = step
        current = warehouse.rows(
            "SELECT provider, subuser, CASE granularity "
            "WHEN 'day' THEN strftime(period_start, '%Y-%m-%d') "
            "ELSE strftime(period_start, '%Y-%m') END, usage_gb FROM current_usage"
        )
        kept = warehouse.rows("SELECT * FROM usage_fact ORDER BY ALL")
        days = warehouse.rows("SELECT * FROM month_granularity ORDER BY ALL")
        always = date(1, 1, 1), date(9999, 12, 31)
        query = "SELECT * FROM usage_fact_of(?, ?) ORDER BY ALL"
        followed = warehouse.rows(query, always)
        query = "SELECT * FROM month_granularity_of(?, ?) ORDER BY ALL"
        told = warehouse.rows(query, always)
        partial = warehouse.rows("SELECT * FROM partial_month ORDER BY ALL")
        query = "SELECT * FROM partial_month_of(?, ?) ORDER BY ALL"
        told_partial = warehouse.rows(query, always)

    expected = {
        (provider, subuser, period): Decimal(gb)
        for _, (provider, rows) in sorted(live.items())
        for subuser, period, gb in rows
    }
    assert {tuple(each[:3]): each[3] for each in current} == expected
    assert len(current) == len(expected)
    assert kept == followed
    assert days == told
    assert partial == told_partial
