"""Load plans say exactly what a load then does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.errors import PlanOutdatedError, UnconfirmedError
from core.warehouse import batches, differences, plans

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make


def load(warehouse: Warehouse, now: datetime, *readings: object) -> tuple[int, ...]:
    plan = plans.plan(warehouse, readings)  # type: ignore[arg-type]
    return plans.commit(warehouse, plan, now=now, by="test")


def test_rows_are_new_changed_or_same_by_month(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    load(warehouse, now, make.usage([("a", "2024-01", "1"), ("b", "2024-01", "2.5")]))
    later = make.usage(
        [("a", "2024-01", "4"), ("b", "2024-01", "2.50"), ("a", "2024-02", "8")]
    )

    (file,) = plans.plan(warehouse, [later]).files

    assert file.changes == (
        differences.MonthChange(
            date(2024, 1, 1), "", 0, 1, 1, *map(Decimal, ("0", "1", "4", "2.5"))
        ),
        differences.MonthChange(
            date(2024, 2, 1), "", 1, 0, 0, *map(Decimal, ("8", "0", "0", "0"))
        ),
    )
    assert (file.rows_new, file.rows_changed, file.rows_same) == (1, 1, 1)


def test_a_plan_stores_nothing(warehouse: Warehouse, make: Make) -> None:
    first = make.usage([("a", "2024-01", "1")])
    second = make.usage([("a", "2024-02", "1")])

    plans.plan(warehouse, [first, second])

    assert warehouse.version() == 0
    assert warehouse.rows("SELECT * FROM usage_row") == []
    assert warehouse.rows("SELECT * FROM current_usage") == []


def test_the_newest_export_has_the_last_word_however_files_are_given(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    january = make.usage([("a", "2024-01", "1")], file="old.csv")
    both = make.usage([("a", "2024-01", "3"), ("a", "2024-02", "1")], file="new.csv")

    plan = plans.plan(warehouse, [both, january])
    plans.commit(warehouse, plan, now=now, by="test")

    assert [file.reading.file for file in plan.files] == ["old.csv", "new.csv"]
    assert plan.files[1].rows_changed == 1
    assert warehouse.rows("SELECT usage_gb FROM usage_month ORDER BY month") == [
        (Decimal(3),),
        (Decimal(1),),
    ]


def test_the_same_content_is_loaded_once(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    reading = make.usage([("a", "2024-01", "1")])
    again = make.usage([("a", "2024-01", "1")], file="copy.csv")

    plan = plans.plan(warehouse, [reading, again])
    assert [file.is_needed for file in plan.files] == [True, False]
    assert plan.files[1].repeats == "usage.csv"
    plans.commit(warehouse, plan, now=now, by="test")

    known = plans.plan(warehouse, [again])
    assert known.files[0].loaded_at == now
    assert plans.commit(warehouse, known, now=now, by="test") == ()
    assert len(batches.history(warehouse)) == 1


def test_the_same_content_of_another_provider_waits_for_a_persons_word(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    load(warehouse, now, make.usage([("a", "2024-01", "1")]))
    other = make.usage([("a", "2024-01", "1")], provider="Second")
    plan = plans.plan(warehouse, [other])
    assert ["count twice" in each.words for each in plan.stops] == [True]
    with pytest.raises(UnconfirmedError, match="count twice"):
        plans.commit(warehouse, plan, now=now, by="test")
    plans.commit(warehouse, plan, now=now, by="test", is_confirmed=True)

    assert warehouse.rows("SELECT sum(usage_gb) FROM usage_month") == [(Decimal(2),)]


def test_a_file_that_is_read_otherwise_takes_the_place_of_its_earlier_load(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    wrong = make.usage([("a", "2024-01", "1"), ("b", "2024-01", "2")])
    right = make.usage([("a", "2024-02", "3")])
    right = replace(right, sha256=wrong.sha256)
    load(warehouse, now, wrong)
    version = warehouse.version()
    plan = plans.plan(warehouse, [right])
    assert [file.replaces for file in plan.files] == [1]
    assert any("read otherwise" in guard.words for guard in plan.files[0].guards)
    assert warehouse.version() == version
    assert [batch.is_live for batch in batches.history(warehouse)] == [True]

    plans.commit(warehouse, plan, now=now, by="test")

    assert [batch.is_live for batch in batches.history(warehouse)] == [True, False]
    assert warehouse.rows("SELECT subuser, usage_gb FROM usage_month") == [
        ("a", Decimal(3))
    ]
    assert not plans.plan(warehouse, [right]).needed


def test_an_outdated_plan_stores_nothing(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    plan = plans.plan(warehouse, [make.usage([("a", "2024-01", "1")])])
    load(warehouse, now, make.usage([("b", "2024-01", "1")]))

    with pytest.raises(PlanOutdatedError, match="Nothing was loaded"):
        plans.commit(warehouse, plan, now=now, by="test")

    assert len(batches.history(warehouse)) == 1


def test_counts_of_the_plan_are_kept_with_the_batch(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    load(warehouse, now, make.usage([("a", "2024-01", "1"), ("b", "2024-03", "1")]))
    load(warehouse, now, make.usage([("a", "2024-01", "2"), ("c", "2024-02", "1")]))

    newest = batches.history(warehouse)[0]

    assert (newest.rows_new, newest.rows_changed, newest.rows_same) == (1, 1, 0)
    assert (newest.rows_read, newest.rows_kept, newest.rows_refused) == (2, 2, 0)
    assert (newest.period_first, newest.period_last) == (
        date(2024, 1, 1),
        date(2024, 2, 1),
    )
    assert (newest.loaded_at, newest.loaded_by) == (now, "test")


def test_customers_are_compared_by_email_not_by_place(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    first = make.customers([("a@example.com", "ap", None), ("b@example.com", "b", "x")])
    load(warehouse, now, first)
    newer = make.customers([("c@example.com", None, None), ("A@example.com", "q", "")])

    (file,) = plans.plan(warehouse, [newer]).files

    assert (file.rows_new, file.rows_changed, file.rows_same) == (1, 1, 0)


def test_money_of_a_plan_is_told_by_currency(warehouse: Warehouse, make: Make) -> None:
    rows = [
        {"id": "t1", "flow": "payment", "amount_minor": 500, "fee_minor": 20},
        {"id": "t2", "flow": "refund", "amount_minor": -100, "currency": "eur"},
    ]
    ledger = make.ledger([{**row, "created_at": _noon(3)} for row in rows])

    (file,) = plans.plan(warehouse, [ledger]).files

    told = {change.currency: change.amount_new for change in file.changes}
    assert told == {"usd": Decimal(480), "eur": Decimal(-100)}


def _noon(month: int) -> datetime:
    from datetime import datetime

    return datetime(2024, month, 5, 12)
