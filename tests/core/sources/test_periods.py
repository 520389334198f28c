"""Texts to months or days, decided per column."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import Granularity
from core.sources.period_forms import FIRST_YEAR, LAST_YEAR
from core.sources.periods import Periods, periods

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
