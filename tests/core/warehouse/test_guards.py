"""Guards tell what is odd before a load, and stop what looks like a wrong unit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.errors import UnconfirmedError
from core.warehouse import batches, plans
from core.warehouse.differences import RowChange

if TYPE_CHECKING:
    from datetime import datetime

    from core.models import Reading
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

MONTHS = ("2024-01", "2024-02", "2024-03")


def month(day: str, factor: str = "1", count: int = 6) -> list[tuple[str, str, str]]:
    sizes = [str(Decimal(n + 1) * Decimal(factor)) for n in range(count)]
    return [(f"user{n}", day, size) for n, size in enumerate(sizes)]


def told(warehouse: Warehouse, reading: Reading) -> list[tuple[str, bool]]:
    (file,) = plans.plan(warehouse, [reading]).files
    return [(guard.words, guard.is_stop) for guard in file.guards]


def load(warehouse: Warehouse, now: datetime, reading: Reading) -> None:
    plan = plans.plan(warehouse, [reading])
    plans.commit(warehouse, plan, now=now, by="test")


@pytest.mark.parametrize(
    "factor", ["1000", "1024", "0.001", "0.0009765625", "1000000", "0.000001"]
)
def test_a_month_in_another_unit_waits_for_a_person(
    warehouse: Warehouse, make: Make, now: datetime, factor: str
) -> None:
    load(warehouse, now, make.usage([row for day in MONTHS for row in month(day)]))
    plan = plans.plan(warehouse, [make.usage(month("2024-04", factor))])

    with pytest.raises(UnconfirmedError, match=r"2024-04 .* Is the unit right\?"):
        plans.commit(warehouse, plan, now=now, by="test")
    assert len(batches.history(warehouse)) == 1

    plans.commit(warehouse, plan, now=now, by="test", is_confirmed=True)
    assert len(batches.history(warehouse)) == 2


@pytest.mark.parametrize("factor", ["1", "0.2", "30", "200"])
def test_growth_is_no_other_unit(
    warehouse: Warehouse, make: Make, now: datetime, factor: str
) -> None:
    load(warehouse, now, make.usage([row for day in MONTHS for row in month(day)]))

    guards = told(warehouse, make.usage(month("2024-04", factor)))

    assert not any(is_stop for _, is_stop in guards)


def test_years_of_growth_do_not_hide_another_unit(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    months = [f"{year}-{n:02}" for year in (2022, 2023) for n in range(1, 13)]
    sizes = [round(Decimal("1.25") ** n, 3) for n in range(25)]
    pairs = zip(months, sizes, strict=False)
    grown = [row for day, size in pairs for row in month(day, str(size))]
    load(warehouse, now, make.usage(grown))

    guards = told(warehouse, make.usage(month("2024-01", str(sizes[-1] * 1024))))

    assert [is_stop for words, is_stop in guards if "unit" in words] == [True]


def test_a_first_file_is_held_against_its_own_months(
    warehouse: Warehouse, make: Make
) -> None:
    rows = [*month("2024-01"), *month("2024-02"), *month("2024-03", "1024")]

    stops = [words for words, is_stop in told(warehouse, make.usage(rows)) if is_stop]

    assert len(stops) == 1
    assert "2024-03" in stops[0]


def test_a_month_of_few_subusers_tells_nothing_of_the_unit(
    warehouse: Warehouse, make: Make
) -> None:
    rows = [*month("2024-02"), *month("2024-03"), *month("2024-01", "0.001", count=2)]

    assert not any(is_stop for _, is_stop in told(warehouse, make.usage(rows)))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "2024-01", "1"), ("a", "2024-02", "4")], "4.0 times the GB"),
        ([("a", "2024-01", "4"), ("a", "2024-02", "1")], "25% of the GB"),
        ([("a", "2023-11", "1"), ("a", "2024-02", "1")], "2023-12, 2024-01"),
        ([("Ann", "2024-01", "1"), (" ann", "2024-01", "1")], " ann and Ann"),
        (
            [("a", "2024-01", "5"), *((f"s{n}", "2024-02", "1") for n in range(6))],
            "2024-02 has 6 rows where the month before has 1",
        ),
        (
            [("a", "2024-02-28", "1"), ("b", "2024-02-03", "1")],
            "2024-02 ends with day 28 of 29",
        ),
    ],
    ids=[
        "jump up",
        "jump down",
        "gap over a year's end",
        "case and blanks",
        "jump in rows",
        "incomplete last month",
    ],
)
def test_what_is_odd_is_told_and_stops_nothing(
    warehouse: Warehouse, make: Make, rows: list[tuple[str, str, str]], said: str
) -> None:
    guards = told(warehouse, make.usage(rows))

    assert any(said in words for words, _ in guards)
    assert not any(is_stop for _, is_stop in guards)


def test_an_ordinary_file_has_nothing_odd(warehouse: Warehouse, make: Make) -> None:
    rows = [row for day in MONTHS for row in month(day)]

    assert told(warehouse, make.usage(rows)) == []


@pytest.mark.parametrize(("usage", "is_told"), [("1", True), ("20", False)])
def test_some_hours_of_a_day_are_told_before_they_replace_it(
    warehouse: Warehouse, make: Make, now: datetime, usage: str, *, is_told: bool
) -> None:
    load(warehouse, now, make.usage([("a", "2024-01-31", "23")]))
    guards = told(warehouse, make.usage([("a", "2024-01-31", usage)]))

    said = "loaded with 23.000 GB would have 1.000 GB"
    assert any(said in words for words, _ in guards) is is_told


def test_rows_that_are_gone_since_last_time_are_counted_and_stay(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    load(warehouse, now, make.usage(month("2024-01")))
    newer = make.usage(month("2024-01", count=4))

    (file,) = plans.plan(warehouse, [newer]).files

    (change,) = file.changes
    assert (change.rows_missing, change.amount_missing) == (2, Decimal(11))
    assert (file.rows_missing, file.rows_same) == (2, 4)
    assert "2 loaded rows with 11.000 GB are not in this file" in file.guards[0].words
    load(warehouse, now, newer)
    assert warehouse.rows("SELECT count(*) FROM usage_month") == [(6,)]


def test_the_largest_changes_are_listed_first(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    load(warehouse, now, make.usage([("a", "2024-01", "1"), ("b", "2024-01", "5")]))
    newer = make.usage(
        [("a", "2024-01", "1.5"), ("b", "2024-01", "3"), ("c", "2024-01", "9")]
    )

    (file,) = plans.plan(warehouse, [newer]).files

    day = file.changes[0].month
    assert file.largest == (
        RowChange("b", day, "", Decimal(5), Decimal(3)),
        RowChange("a", day, "", Decimal(1), Decimal("1.5")),
    )
