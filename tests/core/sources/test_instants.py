"""Dates and times as Stripe and spreadsheets write them."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.instants import is_known_zone, read_instants, to_utc


def read(*texts: str) -> list[datetime | None]:
    return read_instants(pa.array(texts, pa.string())).values.to_pylist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-12-31 23:59:59", datetime(2025, 12, 31, 23, 59, 59)),
        ("2025-12-31 23:59", datetime(2025, 12, 31, 23, 59)),
        ("2025-12-31T23:59:59Z", datetime(2025, 12, 31, 23, 59, 59)),
        ("2024-02-29 00:00", datetime(2024, 2, 29)),
        ("2025-12-31", datetime(2025, 12, 31)),
        ("12/25/25 20:18", datetime(2025, 12, 25, 20, 18)),
        ("12/25/2025 8:18 PM", datetime(2025, 12, 25, 20, 18)),
        ("12/25/2025 12:05 AM", datetime(2025, 12, 25, 0, 5)),
        ("25/12/2025 20:18:07", datetime(2025, 12, 25, 20, 18, 7)),
        ("25.12.2025 20:18", datetime(2025, 12, 25, 20, 18)),
        ("5.12.2025 20:18", datetime(2025, 12, 5, 20, 18)),
        ("8/6/2026 10:00", datetime(2026, 8, 6, 10, 0)),
        ("", None),
        ("2025-13-01 00:00", None),
        ("2025-02-30 00:00", None),
        ("2025-12-31 24:00", None),
        ("2025-12-31 23", None),
        ("12/25/2025 13:05 PM", None),
        ("13/13/2025 10:00", None),
        ("45992.5", None),
        ("yesterday", None),
    ],
)
def test_text_is_read_as_it_stands(text: str, expected: datetime | None) -> None:
    assert read(text) == [expected]
    assert read(text, "2025-01-01 00:00")[0] == expected


def test_one_day_above_twelve_orders_the_whole_column() -> None:
    assert read("1/2/2025 0:00", "25/12/2025 0:00")[0] == datetime(2025, 2, 1)
    assert read("1/2/2025 0:00", "12/25/2025 0:00")[0] == datetime(2025, 1, 2)


def test_another_column_of_the_file_proves_the_order() -> None:
    texts, beside = pa.array(["5/6/2026 0:00"]), [pa.array(["25/12/2025 0:00", ""])]
    read_beside = read_instants(texts, lambda: beside)
    assert read_beside.values.to_pylist() == [datetime(2026, 6, 5)]
    assert not any("proves" in warning for warning in read_beside.warnings)


def test_dates_of_the_rarer_order_are_not_read() -> None:
    dates = ("12/25/2025 0:00", "12/26/2025 0:00", "25/12/2025 0:00")
    assert read(*dates)[2] is None


@pytest.mark.parametrize(
    ("texts", "warning"),
    [
        (["2025-01-01 10:00"], None),
        (["12/25/25 20:18"], "read as month/day."),
        (["25/12/25 20:18"], "read as day/month."),
        (["1/2/25 20:18"], "No date proves that order ('1/2/25 20:18')"),
        (["2025-01-01"], "midnight is taken"),
    ],
)
def test_what_was_decided_is_told(texts: list[str], warning: str | None) -> None:
    warnings = read_instants(pa.array(texts)).warnings
    assert warnings == () if warning is None else warning in " ".join(warnings)


def test_local_time_becomes_utc_with_summer_time() -> None:
    local = read_instants(pa.array(["2025-10-31 20:00", "2025-12-31 19:00"])).values
    utc = to_utc(local, "America/New_York")
    assert utc.values.to_pylist() == [datetime(2025, 11, 1), datetime(2026, 1, 1)]
    assert utc.warnings == (
        "Times are of the zone America/New_York; they are turned into UTC.",
    )


def test_hour_that_happens_twice_is_the_first_and_is_told() -> None:
    local = read_instants(pa.array(["2025-11-02 01:30"])).values
    utc = to_utc(local, "America/New_York")
    assert utc.values.to_pylist() == [datetime(2025, 11, 2, 5, 30)]
    assert "1 times happen twice" in utc.warnings[1]


def test_hour_that_never_happens_is_no_instant() -> None:
    local = read_instants(pa.array(["2025-03-09 02:30", ""])).values
    assert to_utc(local, "America/New_York").values.to_pylist() == [None, None]


def test_utc_stays_without_a_word() -> None:
    local = read_instants(pa.array(["2025-03-09 02:30"])).values
    assert to_utc(local, "UTC").values.equals(local)
    assert to_utc(local, "UTC").warnings == ()


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", True), ("Europe/Stockholm", True), ("Mars/Olympus", False), ("", False)],
)
def test_zones_are_known_or_not(zone: str, expected: bool) -> None:
    assert is_known_zone(zone) is expected


@settings(max_examples=50, deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2068, 12, 31)))
def test_written_time_is_read_back(when: datetime) -> None:
    whole = when.replace(second=0, microsecond=0)
    assert read(f"{whole:%Y-%m-%d %H:%M}", "x")[0] == whole
    assert read(f"{whole:%m/%d/%y %H:%M}", "12/31/25 0:00")[0] == whole
    assert read(f"{whole:%d.%m.%Y %H:%M:%S}") == [whole]
