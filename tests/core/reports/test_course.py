"""Courses: each list against the same rule worked out from the loaded rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core import job
from core.reports import course
from core.reports.course import Course
from core.warehouse import plans
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from core.warehouse.courses import Month
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make
    from tests.core.reports.conftest import Market

NOW = datetime(2025, 9, 1)
CALENDAR = [f"2025-{number:02}" for number in range(1, 9)]
LOADED = [month for month in CALENDAR if month != "2025-04"]


def first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def at(warehouse: Warehouse, month: str) -> Month:
    found = course.month(warehouse, Scope(first(month), first(month)))
    assert found is not None
    return found


def expected(used: dict[tuple[str, str], Decimal], month: str) -> dict[str, Course]:
    """Say by the words of the rule in which list each customer stands."""
    place = CALENDAR.index(month)
    earlier = CALENDAR[:place]
    found = {}
    for owner in {owner for owner, _ in used}:
        gb = {m: used.get((owner, m), Decimal(0)) for m in CALENDAR}
        before = gb[earlier[-1]] if earlier else Decimal(0)
        tells_before = bool(earlier) and earlier[-1] in LOADED
        if gb[month] and not any(gb[m] for m in earlier):
            if any(m in LOADED for m in earlier):
                found[owner] = Course.NEW
        elif not gb[month]:
            if any(gb[m] for m in earlier[-3:]):
                found[owner] = Course.QUIET
        elif tells_before and gb[month] > before * Decimal("1.5"):
            found[owner] = Course.RISING
        elif tells_before and gb[month] < before / 2:
            found[owner] = Course.FALLING
    return found


@pytest.mark.parametrize("month", LOADED)
def test_each_customer_is_in_the_list_of_the_rule(market: Market, month: str) -> None:
    rows = course.all_of(market.warehouse, at(market.warehouse, month))
    lists = {
        owner: which for which in Course for owner in course.of(rows, which)["owner"]
    }
    assert lists == expected(market.used, month)


def test_all_lists_are_met_by_the_market(market: Market) -> None:
    met = {each for m in LOADED for each in expected(market.used, m).values()}
    assert met == set(Course)


@pytest.mark.parametrize("month", LOADED)
def test_gigabytes_are_those_of_the_month_and_those_before(
    market: Market, month: str
) -> None:
    rows = course.all_of(market.warehouse, at(market.warehouse, month))
    earlier = CALENDAR[: CALENDAR.index(month)][::-1]
    for row in rows.to_dict("records"):
        gb = [float(market.used.get((row["owner"], m), 0)) for m in [month, *earlier]]
        gb += [0.0] * 3
        assert row["usage_gb"] == gb[0]
        assert row["before_gb"] == gb[1]
        assert row["recent_gb"] == sum(gb[1:4])
        assert row["change_gb"] == gb[0] - gb[1]


def test_most_gigabytes_stand_first(market: Market) -> None:
    rows = course.all_of(market.warehouse, at(market.warehouse, "2025-06"))
    for which, column, sign in (
        (Course.RISING, "change_gb", -1),
        (Course.FALLING, "change_gb", 1),
        (Course.QUIET, "recent_gb", -1),
    ):
        values = [sign * value for value in course.of(rows, which)[column]]
        assert values == sorted(values)


def test_month_before_tells_whether_it_is_loaded(market: Market) -> None:
    assert at(market.warehouse, "2025-05").before is None
    assert at(market.warehouse, "2025-06").before == date(2025, 5, 1)
    assert at(market.warehouse, "2025-01").is_first


def test_no_usage_has_no_month(warehouse: Warehouse) -> None:
    assert course.month(warehouse, Scope()) is None


@pytest.mark.parametrize(
    ("gb", "before", "which"),
    [
        ("1.5", "1", None),
        ("1.500000000000000001", "1", Course.RISING),
        ("0.5", "1", None),
        ("0.499999999999999999", "1", Course.FALLING),
        ("0", "1", Course.QUIET),
        ("1", "0", Course.NEW),
        ("1", "1", None),
    ],
)
def test_more_than_half_is_exact(
    warehouse: Warehouse, make: Make, gb: str, before: str, which: Course | None
) -> None:
    usage = [
        ("amberharbor71", "2025-01", before),
        ("amberharbor71", "2025-02", gb),
        ("zzstranger", "2025-01", "1"),
        ("zzstranger", "2025-02", "1"),
    ]
    who = [("amberharbor71@example.com", "amberharbor71", None)]
    load = plans.plan(warehouse, [make.usage(usage), make.customers(who)])
    job.load(warehouse, load, now=NOW, by="tester")
    rows = course.all_of(warehouse, at(warehouse, "2025-02"))
    (told,) = rows["course"].astype(object).where(rows["course"].notna(), None)
    assert told == which


def test_month_that_lacks_days_is_not_chosen_and_absent_provider_is_named(
    warehouse: Warehouse, make: Make
) -> None:
    daily = [("amberharbor71", f"2025-03-{day:02}", "1") for day in range(1, 9)]
    monthly = [("coralmeadow52", month, "5") for month in ("2025-01", "2025-02")]
    other = [("mossyledger88", "2025-01", "5")]
    readings = [
        make.usage([*monthly, *daily]),
        make.usage(other, provider="Second", file="second.csv"),
    ]
    job.load(warehouse, plans.plan(warehouse, readings), now=NOW, by="tester")
    found = course.month(warehouse, Scope())
    assert found is not None
    assert (found.month, found.before) == (date(2025, 2, 1), date(2025, 1, 1))
    assert found.lacking == ("Second",)
    assert not found.is_partial
    march = at(warehouse, "2025-03")
    assert (march.is_partial, march.is_before_partial) == (True, False)
