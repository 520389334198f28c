"""Texts to the first day of a month, or to days, a column at a time.

The form is decided once, by all cells together: the form that most cells have. A cell
of another form is refused. Each form is beyond doubt by itself; forms in which day and
month can change places (`03/04/2020`) are not read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Granularity

FIRST_YEAR: Final = 1990
"""No proxy was sold before."""

LAST_YEAR: Final = 2199
"""A year beyond this is a slip of the pen."""

MONTH_NAMES: Final = (
    "jan feb mar apr may jun jul aug sep oct nov dec".split(),
    "jan feb mar apr may june july aug sept oct nov dec".split(),
    "january february march april may june july august september october november "
    "december".split(),
)
"""English names of months, three spellings, in lower case."""

FORMS: Final[dict[str, tuple[Granularity, re.Pattern[str]]]] = {
    "2020-09": (
        Granularity.MONTH,
        re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})"),
    ),
    "202009": (
        Granularity.MONTH,
        re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9][0-9])"),
    ),
    "09/2020": (
        Granularity.MONTH,
        re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
    ),
    "Sep 2020": (
        Granularity.MONTH,
        re.compile(r"(?P<name>[a-z]{3,9})\.?[-/ ](?P<year>[0-9]{4})", re.IGNORECASE),
    ),
    "2020-09-30": (
        Granularity.DAY,
        re.compile(
            r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})"
            r"(?:[ T](?P<time>[0-9]{1,2}(?::[0-9][0-9](?::[0-9][0-9](?:\.[0-9]+)?)?)?)"
            r"(?P<zone>Z|[+-][0-9][0-9]:?[0-9][0-9])?)?"
        ),
    ),
    "30.09.2020": (
        Granularity.DAY,
        re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"),
    ),
}
"""Forms by an example of each, the likelier first."""

_MIDNIGHT = re.compile(r"0{1,2}(?::00(?::00(?:\.0+)?)?)?")
_UTC = re.compile(r"Z|[+-]00:?00")


@dataclass(frozen=True)
class Periods:
    """A column of periods, one entry per cell, in the order of the column.

    starts (date32) is the first day of the month, or the day; null where the cell is
    refused. reasons (string) says why, null where it is kept. form is the example of
    the form that was chosen. is_first_of_month tells that months were read out of
    days: two or more dates, all of them the first of a month.
    """

    starts: pa.Array
    reasons: pa.Array
    granularity: Granularity
    form: str
    is_first_of_month: bool


@dataclass(frozen=True)
class _Cell:
    form: str | None
    start: date | None
    reason: str


def periods(column: pa.Array) -> Periods:
    """Read a column of strings, without nulls, as months or as days."""
    codes = column.dictionary_encode()
    texts = codes.dictionary.to_pylist()
    cells = [_read(text.strip()) for text in texts]
    form = _usual_form(cells, _row_counts(codes))
    fitted = [_fitted(cell, form) for cell in cells]
    granularity, is_first = _granularity(form, fitted)
    starts = pa.array([cell.start for cell in fitted], pa.date32())
    reasons = pa.array([cell.reason or None for cell in fitted], pa.string())
    return Periods(
        starts=starts.take(codes.indices),
        reasons=reasons.take(codes.indices),
        granularity=granularity,
        form=form,
        is_first_of_month=is_first,
    )


def _row_counts(codes: pa.DictionaryArray) -> list[int]:
    """Count the rows of each distinct text."""
    counts = pc.value_counts(codes.indices)
    rows = [0] * len(codes.dictionary)
    pairs = zip(counts.field("values"), counts.field("counts"), strict=True)
    for index, count in pairs:
        rows[index.as_py()] = count.as_py()
    return rows


def _usual_form(cells: list[_Cell], rows: list[int]) -> str:
    """Return the form of most rows, the earlier of FORMS when two have as many."""
    counts: Counter[str] = Counter()
    for cell, count in zip(cells, rows, strict=True):
        if cell.form:
            counts[cell.form] += count
    return max(FORMS, key=lambda form: counts[form])


def _fitted(cell: _Cell, form: str) -> _Cell:
    """Refuse a cell of another form than the column's."""
    if cell.start is None or cell.form == form:
        return cell
    reason = f"not written like the other periods of the column ({form})"
    return _Cell(cell.form, None, reason)


def _granularity(form: str, cells: list[_Cell]) -> tuple[Granularity, bool]:
    granularity = FORMS[form][0]
    starts = {cell.start for cell in cells if cell.start is not None}
    is_first = (
        granularity is Granularity.DAY
        and len(starts) > 1
        and all(start.day == 1 for start in starts)
    )
    return (Granularity.MONTH if is_first else granularity), is_first


def _read(text: str) -> _Cell:
    """Read one text in the first form that it has."""
    if not text:
        return _Cell(None, None, "no period")
    for form, (_, pattern) in FORMS.items():
        if match := pattern.fullmatch(text):
            return _dated(form, match.groupdict())
    return _Cell(None, None, "not a period like 2020-09 or 2020-09-30")


def _dated(form: str, parts: dict[str, str | None]) -> _Cell:
    """Turn the parts of a period into a day, or say what is wrong with them."""
    year, day = int(parts["year"] or 0), int(parts.get("day") or 1)
    month = _month(parts)
    if month is None:
        return _Cell(None, None, "not a period like 2020-09 or 2020-09-30")
    if not 1 <= month <= 12:
        return _Cell(form, None, f"there is no month {month}")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _Cell(form, None, f"the year {year} cannot be right")
    try:
        start = date(year, month, day)
    except ValueError:
        return _Cell(form, None, f"there is no day {day} in {year}-{month:02}")
    reason = _clock_reason(parts)
    return _Cell(form, None if reason else start, reason)


def _month(parts: dict[str, str | None]) -> int | None:
    name = parts.get("name")
    if name is None:
        return int(parts["month"] or 0)
    for names in MONTH_NAMES:
        if name.lower() in names:
            return names.index(name.lower()) + 1
    return None


def _clock_reason(parts: dict[str, str | None]) -> str:
    """Say why a time of day, or its zone, cannot be a period; empty when it can."""
    time, zone = parts.get("time"), parts.get("zone")
    if time and not _MIDNIGHT.fullmatch(time):
        return "has a time of day: usage per day or month is needed"
    if zone and not _UTC.fullmatch(zone):
        return f"is in the time zone {zone}: days in UTC are needed"
    return ""
