"""Any usage, written in any way that is read, reads back the same."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.errors import AppError
from core.files.upload import Upload
from core.units import GB_PER_UNIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.models import Reading

Row = tuple[str, date, int]
"""Subuser, first day of a month, thousandths of a MB."""

MONTH_FORMS: dict[str, Callable[[date], str]] = {
    "2020-09": lambda day: f"{day:%Y-%m}",
    "2020/9": lambda day: f"{day.year}/{day.month}",
    "202009": lambda day: f"{day:%Y%m}",
    "09/2020": lambda day: f"{day:%m/%Y}",
    "Sep 2020": lambda day: f"{day:%b %Y}",
    "September 2020": lambda day: f"{day:%B %Y}",
    "Sep-20": lambda day: f"{day:%b-%y}",
}
DAY_FORMS: dict[str, Callable[[date], str]] = {
    "2020-09-30": str,
    "2020-09-30 00:00:00": lambda day: f"{day} 00:00:00",
    "2020-09-30T00:00:00Z": lambda day: f"{day}T00:00:00.000Z",
    "30.09.2020": lambda day: f"{day:%d.%m.%Y}",
    "30/09/2020": lambda day: f"{day:%d/%m/%Y}",
    "09/30/2020": lambda day: f"{day:%m/%d/%Y}",
    "30-09-2020": lambda day: f"{day:%d-%m-%Y}",
    "20200930": lambda day: f"{day:%Y%m%d}",
    "30 Sep 2020": lambda day: f"{day:%d %b %Y}",
    "Sep 30, 2020": lambda day: f"{day:%B} {day.day}, {day.year}",
    "44104": lambda day: str((day - date(1899, 12, 30)).days),
    "1601424000": lambda day: str((day - date(1970, 1, 1)).days * 86_400),
    "1601424000000": lambda day: str((day - date(1970, 1, 1)).days * 86_400_000),
}
HEADERS = ("Subuser,Date,Bandwidth Usage {}", "sub_user,d_usage,traffic_{}",
           "User name,Month,Data used [{}]", "Benutzer,Datum,Verbrauch in {}",
           "proxyUser,usageDate,totalUsedIn{}")  # fmt: skip
UNITS = ("B", "KB", "MB", "MiB", "GB")
NAMES = st.text("abcxyzABC019._+-@", min_size=1, max_size=8)


@dataclass(frozen=True)
class Writing:
    """One way to write a file."""

    header: str
    unit: str
    delimiter: str
    mark: str
    end: str
    encoding: str
    quoted: bool
    packed: bool


WRITINGS = st.builds(
    Writing,
    header=st.sampled_from(HEADERS),
    unit=st.sampled_from(UNITS),
    delimiter=st.sampled_from(",;\t|"),
    mark=st.sampled_from(".,"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoted=st.booleans(),
    packed=st.booleans(),
)


def amount(milli_mb: int, writing: Writing) -> str:
    """Write usage in the unit, exactly."""
    gb = Decimal(milli_mb) / 1000 / 1024
    value = gb / GB_PER_UNIT["B" if writing.unit == "Bytes" else writing.unit]
    text = f"{value:f}"
    # Four decimals at least: with three, a mark could group thousands.
    whole, _, part = text.partition(".")
    return f"{whole}{writing.mark}{part.ljust(4, '0')}"


def written(rows: list[tuple[str, str, str]], writing: Writing) -> bytes:
    unit = "bytes" if writing.unit == "B" else writing.unit
    if writing.header.endswith("In{}"):
        unit = unit.replace("bytes", "Bytes")
    table = [writing.header.format(unit).split(","), *rows]
    must = any(writing.delimiter in cell for row in table for cell in row)
    quote = '"' if writing.quoted or must else ""
    lines = [
        writing.delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in table
    ]
    content = (writing.end.join(lines) + writing.end).encode(writing.encoding)
    return gzip.compress(content, mtime=0) if writing.packed else content


def read(content: bytes) -> Reading:
    return job.read(Upload("f", content))


def facts(reading: Reading) -> set[tuple[str, date, str, Decimal]]:
    assert reading.problems == ()
    return {
        (row["subuser"], row["period_start"], row["granularity"], row["usage_gb"])
        for row in reading.rows.to_pylist()
    }


DAYS = st.dates(date(2015, 1, 1), date(2027, 1, 1))
MONTHS = DAYS.map(lambda day: day.replace(day=1))


def rows_of(days: st.SearchStrategy[date]) -> st.SearchStrategy[list[Row]]:
    row = st.tuples(NAMES, days, st.integers(0, 10**8))
    return st.lists(row, min_size=1, max_size=8, unique_by=lambda row: row[:2])


def check(
    rows: list[Row], length: str, form: Callable[[date], str], writing: Writing
) -> None:
    texts = [(name, form(day), amount(usage, writing)) for name, day, usage in rows]
    found = facts(read(written(texts, writing)))
    assert found == {
        (name, day, length, Decimal(usage) / 1000 / 1024) for name, day, usage in rows
    }


@given(rows_of(MONTHS), st.sampled_from([*MONTH_FORMS]), WRITINGS)
@settings(max_examples=60, deadline=None)
def test_months_in_any_writing_read_back(
    rows: list[Row], form: str, writing: Writing
) -> None:
    check(rows, "month", MONTH_FORMS[form], writing)


@given(rows_of(DAYS), st.sampled_from([*DAY_FORMS]), WRITINGS)
@settings(max_examples=60, deadline=None)
def test_days_in_any_writing_read_back(
    rows: list[Row], form: str, writing: Writing
) -> None:
    # A day above 12, and one that is not the first, leave nothing to ask.
    rows = [*rows, ("sure", date(2020, 9, 30), 5)]
    check(rows, "day", DAY_FORMS[form], writing)


ROWS: list[Row] = [("ann", date(2024, 3, 1), 1536), ("bob", date(2024, 4, 1), 12083001)]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_same_usage_in_every_unit_is_identical(unit: str, delimiter: str) -> None:
    mark = "," if delimiter == ";" else "."
    writing = Writing(HEADERS[0], unit, delimiter, mark, "\n", "utf-8", False, False)
    check(ROWS, "month", MONTH_FORMS["2020-09"], writing)


SEEDS = (
    b"username,key,rx_tx_bytes\nann,2026-05-01 00:00:00,5\nbob,2026-05-02 10:00:00,7\n",
    b"label;timestamp;is_projected;bandwidth_total\nann;2022-08-11T17:00:00-07:00;f;1\n",
    b"zone,from,to,bw\nresi1,2022-10-01,2022-11-01,9\n",
    b"Ref,Cycle,Volume\nann,Sep 2020,5\n",
    b"Usuario,Fecha,Subida (MB),Bajada (MB)\nann,03/04/2024,5,6\n",
)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 90), st.binary(max_size=3)), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_whole_or_told(
    seed: bytes, damage: list[tuple[int, bytes]]
) -> None:
    for place, bytes_ in damage:
        seed = seed[:place] + bytes_ + seed[place + 1 :]
    assert_told_or_counted(seed)


@given(st.binary(max_size=120))
@settings(max_examples=60, deadline=None)
def test_random_bytes_are_told(content: bytes) -> None:
    assert_told_or_counted(content)


def assert_told_or_counted(content: bytes) -> None:
    """Check that bytes are refused in words, or each row of them is accounted for."""
    try:
        reading = read(content)
    except AppError as error:
        assert str(error).startswith("f: ")  # noqa: PT017
    else:
        assert reading.rows_read == reading.rows_kept + len(reading.problems)
