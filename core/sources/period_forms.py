"""One text to a month, a day or an instant, and the form that it is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from core.models import Granularity
from core.sources.month_names import month_number

FIRST_YEAR: Final = 1990
"""No proxy was sold before."""

LAST_YEAR: Final = 2199
"""A year beyond this is a slip of the pen."""

DAY_FIRST: Final = "30/09/2020"
"""Form in which the day stands before the month."""

MONTH_FIRST: Final = "09/30/2020"
"""Form in which the month stands before the day."""

SHORT_MONTH: Final = "Sep-20"
"""Form of a month whose year has two digits."""

_YEAR = r"(?P<year>[0-9]{4})"
_SHORT = r"(?P<short>[0-9]{2})"
_MONTH = r"(?P<month>[0-9]{1,2})"
_DAY = r"(?P<day>[0-9]{1,2})"
_NAME = r"(?P<name>[^\W\d_]{3,12})\.?"
_OF = r"(?:[-/., ]+|\.? de )(?:de )?"
_CLOCK = (
    r"(?:[ T,]{1,2}(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:[.,][0-9]+)?)?)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    r" ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)

FORMS: Final[dict[str, tuple[Granularity, re.Pattern[str]]]] = {
    example: (granularity, re.compile(pattern))
    for example, granularity, pattern in (
        ("2020-09", Granularity.MONTH, rf"{_YEAR}[-/.]{_MONTH}"),
        ("202009", Granularity.MONTH, r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})"),
        ("09/2020", Granularity.MONTH, rf"{_MONTH}[-/.]{_YEAR}"),
        ("Sep 2020", Granularity.MONTH, rf"{_NAME}{_OF}{_YEAR}"),
        ("2020 Sep", Granularity.MONTH, rf"{_YEAR}[-/., ]+{_NAME}"),
        (SHORT_MONTH, Granularity.MONTH, rf"{_NAME}[-/ ]'?{_SHORT}"),
        ("2020-09-30", Granularity.DAY, rf"{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}{_CLOCK}"),
        ("30.09.2020", Granularity.DAY, rf"{_DAY}\.{_MONTH}\.{_YEAR}{_CLOCK}"),
        (DAY_FIRST, Granularity.DAY, rf"{_DAY}[-/]{_MONTH}[-/]{_YEAR}{_CLOCK}"),
        (
            "30 Sep 2020",
            Granularity.DAY,
            rf"{_DAY}{_OF}{_NAME}{_OF}(?:{_YEAR}|{_SHORT}){_CLOCK}",
        ),
        ("Sep 30, 2020", Granularity.DAY, rf"{_NAME} {_DAY},? {_YEAR}{_CLOCK}"),
        (
            "20200930",
            Granularity.DAY,
            r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        ),
        ("44104", Granularity.DAY, r"(?P<serial>[0-9]{5}(?:\.[0-9]{1,12})?)"),
        ("1601424000", Granularity.DAY, r"(?P<epoch>[0-9]{9,10})(?:\.[0-9]+)?"),
        ("1601424000000", Granularity.DAY, r"(?P<milli>[0-9]{12,13})"),
    )
}
"""Granularity and pattern by an example of each form, the likelier first.

`44104` is a day as spreadsheets count them, the two below seconds and thousandths of
a second since 1970 in UTC.
"""

WITH_ZONE: Final = " with a time zone"
"""Ends the form of texts that name their time zone."""

_SWAPPED = re.compile(rf"([0-9]{{1,2}})[-/]([0-9]{{1,2}})[-/][0-9]{{4}}{_CLOCK}")
_YEARLESS = re.compile(rf"{_DAY}[-/. ]{_NAME}")
_SERIAL_ZERO: Final = date(1899, 12, 30)
_UNKNOWN: Final = "not a period like 2020-09 or 2020-09-30"


@dataclass(frozen=True)
class Cell:
    """One period as it is written.

    form is a key of FORMS or MONTH_FIRST, with WITH_ZONE behind it where the text names
    a zone; None when it has no form. day is the first day of the month, or the day;
    seconds count from its midnight, both as written; offset is the seconds by which
    its zone is ahead of UTC. reason says why day is None; empty when it is not.
    """

    form: str | None
    day: date | None
    seconds: int = 0
    offset: int | None = None
    reason: str = ""


def granularity_of(form: str) -> Granularity:
    """Return whether a form is of months or of days."""
    plain = form.removesuffix(WITH_ZONE)
    return FORMS[DAY_FIRST if plain == MONTH_FIRST else plain][0]


def swappable(text: str) -> tuple[int, int] | None:
    """Return the two numbers that can be day and month; None for other forms."""
    match = _SWAPPED.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def read_period(text: str, *, is_day_first: bool) -> Cell:
    """Read one text, trimmed, in the first form that it has."""
    if not text:
        return Cell(None, None, reason="no period")
    for form, (_, pattern) in FORMS.items():
        if match := pattern.fullmatch(text):
            return _read(form, match.groupdict(), is_day_first=is_day_first)
    if (match := _YEARLESS.fullmatch(text)) and month_number(match["name"]):
        return Cell(None, None, reason="a spreadsheet has cut the year off")
    return Cell(None, None, reason=_UNKNOWN)


def _read(form: str, parts: dict[str, str | None], *, is_day_first: bool) -> Cell:
    for name, per_second in (("epoch", 1), ("milli", 1000)):
        if count := parts.get(name):
            return _instant(form, int(count) // per_second)
    if serial := parts.get("serial"):
        return _serial(form, float(serial))
    if form == DAY_FIRST and not is_day_first:
        form = MONTH_FIRST
        parts = {**parts, "day": parts["month"], "month": parts["day"]}
    return _dated(form, parts)


def _instant(form: str, seconds: int) -> Cell:
    at = datetime.fromtimestamp(seconds, UTC)
    clock = at.hour * 3600 + at.minute * 60 + at.second
    cell = _checked(form, at.year, at.month, at.day)
    return replace(cell, seconds=clock, offset=0)


def _serial(form: str, serial: float) -> Cell:
    days, part = divmod(serial, 1)
    day = _SERIAL_ZERO + timedelta(days=int(days))
    clock = min(round(part * 86_400), 86_399)
    return replace(_checked(form, day.year, day.month, day.day), seconds=clock)


def _dated(form: str, parts: dict[str, str | None]) -> Cell:
    """Turn the parts of a period into a day, or say what is wrong with them."""
    name, short = parts.get("name"), parts.get("short")
    month = month_number(name) if name else int(parts["month"] or 0)
    if month is None:
        return Cell(None, None, reason=_UNKNOWN)
    year = 2000 + int(short) if short else int(parts["year"] or 0)
    cell = _checked(form, year, month, int(parts.get("day") or 1))
    clock = _clock(parts)
    if cell.day is None or parts.get("hour") is None:
        return cell
    if clock is None:
        return replace(cell, day=None, reason="there is no such time of day")
    offset = _offset(parts.get("zone"))
    form = form if offset is None else form + WITH_ZONE
    return Cell(form, cell.day, clock, offset)


def _checked(form: str, year: int, month: int, day: int) -> Cell:
    if not 1 <= month <= 12:
        return Cell(form, None, reason=f"there is no month {month}")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Cell(form, None, reason=f"the year {year} cannot be right")
    try:
        return Cell(form, date(year, month, day))
    except ValueError:
        return Cell(form, None, reason=f"there is no day {day} in {year}-{month:02}")


def _clock(parts: dict[str, str | None]) -> int | None:
    """Return the seconds since midnight, None when there is no such time."""
    hour, minute, second = (
        int(parts.get(part) or 0) for part in ("hour", "minute", "second")
    )
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone[0] not in "+-":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
    return -seconds if zone[0] == "-" else seconds
