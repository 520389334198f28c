"""Stripe rows that several files tell: one row, whatever the order of loading."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.warehouse import batches, plans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.models import Reading
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

NOW = datetime(2026, 1, 1)


_HELD = {
    "stripe_ledger": "SELECT * EXCLUDE (batch_id, line) FROM current_stripe_ledger "
    "ORDER BY id",
    "stripe_payments": "SELECT * EXCLUDE (batch_id, line) "
    "FROM current_stripe_payments ORDER BY id",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def load(warehouse: Warehouse, readings: Iterable[Reading]) -> None:
    for reading in readings:
        plan = plans.plan(warehouse, [reading])
        plans.commit(warehouse, plan, now=NOW, by="test")


def held(warehouse: Warehouse, table: str) -> list[tuple[object, ...]]:
    return warehouse.rows(_HELD[table])


def same_in_any_order(
    warehouse: Warehouse, readings: list[Reading], table: str
) -> list[tuple[object, ...]]:
    """Load files in every order; return the rows, which are always the same."""
    found = []
    for order in permutations(readings):
        load(warehouse, order)
        found.append(held(warehouse, table))
        undo_all(warehouse)
        assert held(warehouse, table) == []
    plan = plans.plan(warehouse, readings)
    plans.commit(warehouse, plan, now=NOW, by="test")
    assert all(rows == held(warehouse, table) for rows in found)
    return found[0]


def undo_all(warehouse: Warehouse) -> None:
    for batch in batches.history(warehouse):
        if batch.is_live:
            batches.undo(warehouse, batch.batch_id, now=NOW, by="test")


def paid(day: str, **more: object) -> dict:
    base = {"id": "ch_1", "created_at": at("2025-01-05"), "amount_minor": 1_000}
    other = {"id": "ch_9", "created_at": at(day), "amount_minor": 7}
    return {**base, **more, "other": other}


def snapshot(make: Make, day: str, **more: object) -> Reading:
    row = paid(day, **more)
    return make.payments([row, row.pop("other")])


def test_the_later_export_says_what_a_payment_is_now(
    warehouse: Warehouse, make: Make
) -> None:
    old = snapshot(make, "2025-01-10", status="Pending", outcome="pending")
    middle = snapshot(make, "2025-02-10", fee_minor=59)
    new = snapshot(
        make,
        "2025-03-10",
        fee_minor=59,
        refunded_minor=1_000,
        refunded_at=at("2025-03-01"),
        status="Refunded",
    )
    first, _ = same_in_any_order(warehouse, [old, middle, new], "stripe_payments")
    assert first[2:4] == ("Refunded", "paid")
    assert first[6:8] == (1_000, 59)


def test_an_export_of_an_earlier_period_settles_what_was_pending(
    warehouse: Warehouse, make: Make
) -> None:
    old = snapshot(make, "2025-02-10", status="Pending", outcome="pending")
    new = snapshot(make, "2025-01-10", fee_minor=59)
    first, _ = same_in_any_order(warehouse, [old, new], "stripe_payments")
    assert (first[3], first[7]) == ("paid", 59)


def test_a_refund_that_failed_is_gone_with_the_later_export(
    warehouse: Warehouse, make: Make
) -> None:
    refunded = {"refunded_minor": 1_000, "refunded_at": at("2025-01-08")}
    old, new = snapshot(make, "2025-01-10", **refunded), snapshot(make, "2025-02-10")
    first, _ = same_in_any_order(warehouse, [old, new], "stripe_payments")
    assert (first[6], first[9]) == (0, None)


def test_of_two_exports_of_one_moment_the_one_where_more_happened_holds(
    warehouse: Warehouse, make: Make
) -> None:
    pending = snapshot(make, "2025-01-10", status="Pending", outcome="pending")
    done = snapshot(make, "2025-01-10")
    first, _ = same_in_any_order(warehouse, [pending, done], "stripe_payments")
    assert first[3] == "paid"


def test_columns_that_a_later_export_lacks_are_kept_from_an_earlier_one(
    warehouse: Warehouse, make: Make
) -> None:
    told = {
        "refunded_minor": 400,
        "refunded_at": at("2025-01-20"),
        "disputed_minor": 1_000,
        "disputed_at": at("2025-01-21"),
        "dispute_status": "lost",
        "customer_email": "a@example.com",
    }
    every_column = snapshot(make, "2025-02-10", **told)
    few_columns = snapshot(make, "2025-03-10", refunded_minor=400, fee_minor=9)
    first, _ = same_in_any_order(
        warehouse, [every_column, few_columns], "stripe_payments"
    )
    assert first[7] == 9
    assert first[9:14] == (
        at("2025-01-20"),
        1_000,
        at("2025-01-21"),
        "lost",
        "a@example.com",
    )


def test_the_date_of_a_smaller_refund_is_not_that_of_a_larger_one(
    warehouse: Warehouse, make: Make
) -> None:
    part = {"refunded_minor": 400, "refunded_at": at("2025-01-20")}
    old = snapshot(make, "2025-02-10", **part)
    new = snapshot(make, "2025-03-10", refunded_minor=900)
    first, _ = same_in_any_order(warehouse, [old, new], "stripe_payments")
    assert (first[6], first[9]) == (900, None)


def test_a_transaction_in_both_kinds_of_ledger_keeps_what_either_knows(
    warehouse: Warehouse, make: Make
) -> None:
    same = {"id": "txn_1", "amount_minor": -1_000, "fee_minor": 1_500}
    activity = {
        **same,
        "type": "adjustment",
        "flow": "excluded",
        "source": "dp_1",
        "created_at": at("2025-01-05T10:00"),
        "description": "Withdrawal for ch_1",
    }
    report = {
        **same,
        "type": "dispute",
        "flow": "dispute",
        "source": "ch_1",
        "created_at": at("2025-01-05T17:00:12"),
        "customer_email": "a@example.com",
    }
    readings = [make.ledger([activity]), make.ledger([report])]
    (row,) = same_in_any_order(warehouse, readings, "stripe_ledger")
    assert row[1:4] == ("dispute", "dispute", "ch_1")
    assert row[8:] == (
        at("2025-01-05T10:00"),
        "Withdrawal for ch_1",
        "a@example.com",
        None,
    )


def test_plan_of_the_other_ledger_calls_rows_with_the_same_money_the_same(
    warehouse: Warehouse, make: Make
) -> None:
    row = {"id": "txn_1", "flow": "payment", "amount_minor": 500}
    activity = {**row, "type": "payment", "created_at": at("2025-01-05T10:00")}
    report = {**row, "type": "charge", "created_at": at("2025-01-05T10:00:33")}
    load(warehouse, [make.ledger([activity])])
    (file,) = plans.plan(warehouse, [make.ledger([report])]).files
    assert (file.rows_new, file.rows_changed, file.rows_same) == (0, 0, 1)


def test_plan_says_that_an_older_export_changes_nothing(
    warehouse: Warehouse, make: Make
) -> None:
    refund = {"refunded_minor": 1_000, "refunded_at": at("2025-02-01")}
    load(warehouse, [snapshot(make, "2025-02-10", **refund)])
    older = snapshot(make, "2025-01-10")
    (file,) = plans.plan(warehouse, [older]).files
    assert (file.rows_new, file.rows_changed, file.rows_same) == (0, 0, 2)


def test_undo_of_the_later_export_brings_the_earlier_one_back(
    warehouse: Warehouse, make: Make
) -> None:
    load(warehouse, [snapshot(make, "2025-01-10")])
    before = held(warehouse, "stripe_payments")
    refund = {"refunded_minor": 1_000, "refunded_at": at("2025-02-01")}
    load(warehouse, [snapshot(make, "2025-02-10", **refund)])
    assert held(warehouse, "stripe_payments") != before

    batches.undo(warehouse, 2, now=NOW, by="test")

    assert held(warehouse, "stripe_payments") == before


version = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["paid", "pending", "failed"]),
        "refunded_minor": st.sampled_from([0, 400, 1_000]),
        "fee_minor": st.integers(0, 2),
        "refunded_at": st.sampled_from([None, at("2025-01-20"), at("2025-02-20")]),
        "disputed_minor": st.sampled_from([None, 0, 1_000]),
        "dispute_status": st.sampled_from([None, "lost", "won", "needs_response"]),
        "customer_email": st.sampled_from([None, "a@example.com", "b@example.com"]),
        "description": st.sampled_from([None, "x", "y"]),
    }
)


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(st.tuples(version, st.integers(10, 12)), min_size=2, max_size=3),
    undone=st.integers(0, 2),
)
def test_order_of_loading_and_a_load_undone_leave_no_trace(
    warehouse: Warehouse, make: Make, told: list[tuple[dict, int]], undone: int
) -> None:
    undo_all(warehouse)
    readings = [snapshot(make, f"2025-03-{day}", **row) for row, day in told]
    readings = list({reading.sha256: reading for reading in readings}.values())
    load(warehouse, readings)
    forward = held(warehouse, "stripe_payments")
    latest = batches.history(warehouse)[0].batch_id
    gone = min(undone, len(readings) - 1)
    batches.undo(warehouse, latest - gone, now=NOW, by="test")
    without = held(warehouse, "stripe_payments")
    undo_all(warehouse)

    load(warehouse, reversed(readings))
    assert held(warehouse, "stripe_payments") == forward
    undo_all(warehouse)

    load(warehouse, [r for r in readings if r is not readings[-1 - gone]])
    assert held(warehouse, "stripe_payments") == without


@pytest.mark.parametrize("kind", ["ledger", "payments"])
def test_the_same_rows_in_another_file_change_nothing(
    warehouse: Warehouse, make: Make, kind: str
) -> None:
    row = {"id": "ch_1", "created_at": at("2025-01-05"), "amount_minor": 5}
    if kind == "ledger":
        row["flow"] = "payment"
    other = {**row, "id": "ch_2"}
    read = getattr(make, kind)
    load(warehouse, [read([row, other])])
    before = held(warehouse, f"stripe_{kind}")
    load(warehouse, [read([other, row])])
    assert held(warehouse, f"stripe_{kind}") == before
