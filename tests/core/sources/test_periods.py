"""Texts to months or days, decided per column."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import Granularity
from core.sources.period_forms import FIRST_YEAR, LAST_YEAR
from core.sources.periods import Periods, Reader, periods

DATES = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def read(*cells: str) -> Periods:
    return periods(pa.array(cells, pa.string()))


@pytest.mark.parametrize(
    ("text", "start", "granularity"),
    [
        ("2020-09", date(2020, 9, 1), Granularity.MONTH),
        ("2020/9", date(2020, 9, 1), Granularity.MONTH),
        ("202009", date(2020, 9, 1), Granularity.MONTH),
        ("09/2020", date(2020, 9, 1), Granularity.MONTH),
        ("Sep 2020", date(2020, 9, 1), Granularity.MONTH),
        ("Sept. 2020", date(2020, 9, 1), Granularity.MONTH),
        ("september-2020", date(2020, 9, 1), Granularity.MONTH),
        ("2020-09-30", date(2020, 9, 30), Granularity.DAY),
        ("2020/09/30", date(2020, 9, 30), Granularity.DAY),
        (" 2020-09-30 ", date(2020, 9, 30), Granularity.DAY),
        ("2020-09-30 00:00", date(2020, 9, 30), Granularity.DAY),
        ("2020-09-30 00:00:00", date(2020, 9, 30), Granularity.DAY),
        ("2020-09-30T00:00:00.000Z", date(2020, 9, 30), Granularity.DAY),
        ("30.09.2020", date(2020, 9, 30), Granularity.DAY),
        ("2020 Sep", date(2020, 9, 1), Granularity.MONTH),
        ("Sep-20", date(2020, 9, 1), Granularity.MONTH),
        ("Sep '20", date(2020, 9, 1), Granularity.MONTH),
        ("janv. 2020", date(2020, 1, 1), Granularity.MONTH),
        ("ao\u00fbt 2020", date(2020, 8, 1), Granularity.MONTH),
        ("Okt 2020", date(2020, 10, 1), Granularity.MONTH),
        ("M\u00e4rz 2020", date(2020, 3, 1), Granularity.MONTH),
        ("setembro de 2020", date(2020, 9, 1), Granularity.MONTH),
        ("giugno 2020", date(2020, 6, 1), Granularity.MONTH),
        ("ene-2020", date(2020, 1, 1), Granularity.MONTH),
        ("\u043c\u0430\u0439 2020", date(2020, 5, 1), Granularity.MONTH),
        ("30/09/2020", date(2020, 9, 30), Granularity.DAY),
        ("09/30/2020", date(2020, 9, 30), Granularity.DAY),
        ("30-09-2020", date(2020, 9, 30), Granularity.DAY),
        ("30.09.2020 00:00", date(2020, 9, 30), Granularity.DAY),
        ("30 Sep 2020", date(2020, 9, 30), Granularity.DAY),
        ("01 SEP 26", date(2026, 9, 1), Granularity.DAY),
        ("30 de septiembre de 2020", date(2020, 9, 30), Granularity.DAY),
        ("30. September 2020", date(2020, 9, 30), Granularity.DAY),
        ("Sep 30, 2020", date(2020, 9, 30), Granularity.DAY),
        ("20200930", date(2020, 9, 30), Granularity.DAY),
        ("2020-09-30 17", date(2020, 9, 30), Granularity.DAY),
        ("2020-09-30 14:00:00", date(2020, 9, 30), Granularity.DAY),
        ("9/30/2020 2:15 PM", date(2020, 9, 30), Granularity.DAY),
        ("2020-09-30T17:00:00-07:00", date(2020, 10, 1), Granularity.DAY),
        ("2020-09-30T23:59:59Z", date(2020, 9, 30), Granularity.DAY),
        ("44104", date(2020, 9, 30), Granularity.DAY),
        ("44104.5", date(2020, 9, 30), Granularity.DAY),
        ("1601424000", date(2020, 9, 30), Granularity.DAY),
        ("1601510399000", date(2020, 9, 30), Granularity.DAY),
    ],
)
def test_form_is_read(text: str, start: date, granularity: Granularity) -> None:
    found = read(text)
    assert found.starts.to_pylist() == [start]
    assert found.reasons.to_pylist() == [None]
    assert found.granularity is granularity


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no period"),
        ("2020-13", "there is no month 13"),
        ("2020-00", "there is no month 0"),
        ("2021-02-29", "there is no day 29 in 2021-02"),
        ("1020-09", "the year 1020 cannot be right"),
        ("Foo 2020", "not a period like"),
        ("20-Sep", "a spreadsheet has cut the year off"),
        ("20-Foo", "not a period like"),
        ("2020-09-30 24:00", "there is no such time of day"),
        ("9/30/2020 14:00 PM", "there is no such time of day"),
        ("12345", "the year 1933 cannot be right"),
        ("03/04/20", "not a period like"),
        ("tomorrow", "not a period like"),
        ("\u0662\u0660\u0662\u0660-09", "not a period like"),
    ],
)
def test_what_is_no_period_is_refused(text: str, reason: str) -> None:
    found = read(text, "2020-09")
    assert found.starts[0].as_py() is None
    assert found.reasons[0].as_py().startswith(reason)


def test_cells_of_another_form_than_most_are_refused() -> None:
    found = read("2020-09-01", "2020-09", "2020-09-02", "2020-09")
    assert found.granularity is Granularity.MONTH
    found = read("2020-09-01", "2020-09", "2020-09-02", "2020-09-02")
    assert found.granularity is Granularity.DAY
    assert [start is None for start in found.starts.to_pylist()] == [0, 1, 0, 0]
    assert found.reasons[1].as_py() == (
        "not written like the other periods of the column (2020-09-30)"
    )


@pytest.mark.parametrize(
    ("cells", "is_first"),
    [
        (["2020-09-01", "2020-10-01"], True),
        (["2020-09-01", "2020-09-01"], False),
        (["2020-09-01", "2020-10-02"], False),
        (["2020-09", "2020-10"], False),
    ],
)
def test_firsts_of_several_months_are_months(
    cells: list[str], *, is_first: bool
) -> None:
    found = read(*cells)
    assert found.is_first_of_month is is_first
    is_month = is_first or len(cells[0]) == 7
    assert (found.granularity is Granularity.MONTH) is is_month


@given(st.lists(DATES, min_size=1), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y"]))
@settings(max_examples=50, deadline=None)
def test_written_days_read_back(days: list[date], form: str) -> None:
    assert read(*[day.strftime(form) for day in days]).starts.to_pylist() == days


@given(st.lists(st.text("2019-01 ", max_size=10) | DATES.map(str), max_size=12))
@settings(max_examples=80, deadline=None)
def test_order_of_rows_changes_nothing(cells: list[str]) -> None:
    forward, backward = read(*cells), read(*cells[::-1])
    assert forward.starts.to_pylist() == backward.starts.to_pylist()[::-1]
    assert forward.granularity is backward.granularity
    assert [reason is None for reason in forward.reasons.to_pylist()] == [
        start is not None for start in forward.starts.to_pylist()
    ]


@pytest.mark.parametrize(
    ("cells", "is_unsure", "first"),
    [
        (["03/04/2020"], True, date(2020, 4, 3)),
        (["03/04/2020", "13/04/2020"], False, date(2020, 4, 3)),
        (["03/04/2020", "04/13/2020"], False, date(2020, 3, 4)),
        (["03/03/2020"], False, date(2020, 3, 3)),
        (["13/04/2020", "04/13/2020", "03/04/2020"], True, date(2020, 4, 13)),
        (["2020-04-03", "2020-04-04", "03/04/2020"], False, date(2020, 4, 3)),
    ],
)
def test_one_cell_above_twelve_tells_day_from_month(
    cells: list[str], *, is_unsure: bool, first: date
) -> None:
    found = read(*cells)
    assert found.is_order_unsure is is_unsure
    assert found.starts[0].as_py() == first


@pytest.mark.parametrize(("is_day_first", "month"), [(True, 4), (False, 3)])
def test_a_person_can_say_what_comes_first(*, is_day_first: bool, month: int) -> None:
    reader = Reader(day_first=is_day_first)
    found = periods(pa.array(["03/04/2020", "13/13/2020"]), reader)
    assert found.starts[0].as_py().month == month
    assert not found.is_order_unsure
    assert found.reasons[1].as_py() == "there is no month 13"


def test_instants_are_days_of_the_zone_that_counts() -> None:
    cells = ["2022-08-11T17:00:00-07:00", "2022-08-12T06:59:59Z", "2022-08-12T07:00Z"]
    pacific = periods(pa.array(cells), Reader(time_zone="America/Los_Angeles"))
    assert [day.day for day in pacific.starts.to_pylist()] == [11, 11, 12]
    assert [day.day for day in read(*cells).starts.to_pylist()] == [12, 12, 12]


def test_days_that_name_their_zone_stay_days() -> None:
    found = read("2022-08-11T00:00:00-07:00", "2022-08-12T00:00:00-07:00")
    assert [day.day for day in found.starts.to_pylist()] == [11, 12]
    assert (found.has_clock, found.offsets) == (False, (-25200,))


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-11-03T01:00:00-07:00", "2024-11-03T01:00:00-08:00"],
        ["2024-11-03T00:00:00-07:00", "2024-11-03T23:00:00-08:00"],
    ],
)
def test_hours_stay_apart_on_the_day_when_clocks_go_back(cells: list[str]) -> None:
    found = periods(pa.array(cells), Reader(time_zone="America/Los_Angeles"))
    assert set(found.starts.to_pylist()) == {date(2024, 11, 3)}
    assert len(set(found.moments.to_pylist())) == 2


def test_a_person_says_months_where_days_stand() -> None:
    reader = Reader(granularity=Granularity.MONTH)
    found = periods(pa.array(["2024-03-31", "2024-04-30"]), reader)
    assert found.starts.to_pylist() == [date(2024, 3, 1), date(2024, 4, 1)]
    assert found.granularity is Granularity.MONTH
    reader = Reader(granularity=Granularity.DAY)
    found = periods(pa.array(["2024-03-01", "2024-04-01"]), reader)
    assert found.granularity is Granularity.DAY


def test_month_and_year_must_be_sure_of_being_no_day_of_a_month() -> None:
    assert read("Sep-20", "Oct-21").starts.null_count == 0
    assert read("Sep-20", "Sep-21").starts.null_count == 0
    for days in (["Sep-01", "Sep-30"], ["Sep-01", "Sep-02", "Sep-03"]):
        found = read(*days)
        assert found.starts.null_count == len(days)
        assert found.reasons[0].as_py().startswith("a month and a year, or a day")
