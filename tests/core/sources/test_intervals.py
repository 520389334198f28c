"""Periods in two columns."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from core.models import Granularity
from core.sources.intervals import NO_PERIOD, intervals
from core.sources.periods import Periods, Reader


def read(*pairs: tuple[str, str]) -> Periods:
    starts = pa.array([start for start, _ in pairs], pa.string())
    ends = pa.array([end for _, end in pairs], pa.string())
    return intervals(starts, ends, Reader())


@pytest.mark.parametrize(
    ("start", "end", "granularity"),
    [
        ("2024-03-01", "2024-03-31", Granularity.MONTH),
        ("2024-02-01", "2024-02-29", Granularity.MONTH),
        ("2024-03-01", "2024-04-01", Granularity.MONTH),
        ("2024-12-01", "2025-01-01", Granularity.MONTH),
        ("2024-03-01T00:00:00.000Z", "2024-04-01T00:00:00.000Z", Granularity.MONTH),
        ("2024-03-01 00:00:00", "2024-03-31 23:59:59", Granularity.MONTH),
        ("2024-03", "2024-03", Granularity.MONTH),
        ("2024-03-05", "2024-03-05", Granularity.DAY),
        ("2024-03-05", "2024-03-06", Granularity.DAY),
        ("01.03.2024", "31.03.2024", Granularity.MONTH),
    ],
)
def test_whole_month_and_single_day_are_read(
    start: str, end: str, granularity: Granularity
) -> None:
    found = read((start, end))
    assert found.reasons.to_pylist() == [None]
    assert found.starts[0].as_py() in {date(2024, 2, 1), date(2024, 3, 1),
                                       date(2024, 3, 5), date(2024, 12, 1)}  # fmt: skip
    assert found.granularity is granularity


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("2024-03-13", "2024-04-12", NO_PERIOD),
        ("2024-03-04", "2024-03-10", NO_PERIOD),
        ("2024-03-01", "2024-04-30", NO_PERIOD),
        ("2024-03-01", "2024-02-01", NO_PERIOD),
        ("2024-03-01 08:00", "2024-03-02 08:00", NO_PERIOD),
        ("x", "2024-03-31", "not a period like"),
        ("2024-03-01", "", "no period"),
    ],
)
def test_other_intervals_are_refused(start: str, end: str, reason: str) -> None:
    found = read((start, end), ("2024-05-01", "2024-05-31"))
    assert found.starts.to_pylist() == [None, date(2024, 5, 1)]
    assert found.reasons[0].as_py().startswith(reason)


def test_months_of_different_columns_must_be_the_same() -> None:
    found = read(("2024-03", "2024-04"), ("2024-05", "2024-05"))
    assert found.reasons.to_pylist() == [NO_PERIOD, None]


def test_end_is_one_of_two_things_for_the_whole_column() -> None:
    inclusive = read(("2024-03-01", "2024-03-01"), ("2024-03-02", "2024-03-03"))
    assert inclusive.reasons.to_pylist() == [None, NO_PERIOD]
    exclusive = read(("2024-03-01", "2024-03-02"), ("2024-03-02", "2024-03-03"))
    assert exclusive.reasons.to_pylist() == [None, None]


def test_month_among_more_days_is_refused() -> None:
    days = [(f"2024-03-0{day}", f"2024-03-0{day}") for day in range(1, 4)]
    found = read(*days, ("2024-04-01", "2024-04-30"))
    assert found.granularity is Granularity.DAY
    assert [reason is None for reason in found.reasons.to_pylist()] == [1, 1, 1, 0]
