"""Instants as text to timestamps: ISO, and what spreadsheets make of it.

The order of day and month is decided once for a file; one cell alone cannot tell
8/6/2026 from 6 August.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.sources.distinct import per_distinct
from core.sources.letters import Letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INSTANT_TYPE: Final = pa.timestamp("us")
"""Type of instants: microseconds, no zone."""

UTC_NAMES: Final = frozenset({"UTC", "GMT", "Etc/UTC", "Etc/GMT", "Z"})
"""Names of zones that are UTC itself."""

_PLAIN: Final = r"^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$"
_MINUTES: Final = {4: "-", 7: "-", 10: " ", 13: ":"}
_FORMS: Final = ((16, _MINUTES), (19, {**_MINUTES, 16: ":"}))
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d?):(\d\d)(?::(\d\d))?Z?)?")
_SHEET: Final = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)"
    r"(?:,? +(\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AaPp])\.?[Mm]\.?)?)?"
)


@dataclass(frozen=True)
class Instants:
    """A column of instants, as its texts say them.

    values (timestamp in microseconds, no zone) is null where the text is empty or no
    instant. warnings say what was decided for the whole column.
    """

    values: pa.Array
    warnings: tuple[str, ...] = ()


def read_instants(
    texts: pa.Array, beside: Callable[[], Iterable[pa.Array]] = tuple
) -> Instants:
    """Read `YYYY-MM-DD HH:MM[:SS]`, or day and month as a spreadsheet writes them.

    A file where no day is above 12 is read month first, as Stripe's files become in an
    American spreadsheet; with points (25.12.2025) the day stands first.

    Args:
        texts: The column to read.
        beside: Gives the other time columns of the file, which prove the order, too.
    """
    filled = pc.if_else(pc.equal(texts, ""), None, texts)
    if not _is_plain(texts, filled):
        return _one_by_one(filled, beside())
    try:
        return Instants(pc.cast(filled, INSTANT_TYPE))
    except pa.ArrowInvalid:
        return _one_by_one(filled, beside())


def is_known_zone(zone: str) -> bool:
    """Tell whether the rules of a time zone are known here."""
    if zone in UTC_NAMES:
        return True
    try:
        _assume(pa.array([0]).cast(INSTANT_TYPE), zone, "earliest")
    except pa.ArrowInvalid:
        return False
    return True


def to_utc(values: pa.Array, zone: str) -> Instants:
    """Turn clock times of a zone into UTC.

    A clock time that happens twice, in the night when summer time ends, is taken as
    its first; one that never happens is null.
    """
    if zone in UTC_NAMES:
        return Instants(values)
    first = _assume(values, zone, "earliest")
    last = _assume(values, zone, "latest")
    utc = first.cast(pa.timestamp("us", "UTC")).cast(INSTANT_TYPE)
    is_real = pc.equal(pc.local_timestamp(first), values)
    twice = pc.sum(pc.and_(is_real, pc.not_equal(first, last))).as_py() or 0
    warnings = [f"Times are of the zone {zone}; they are turned into UTC."]
    if twice:
        warnings.append(
            f"{twice} times happen twice in {zone}, in the night when summer time "
            "ends; the first is taken."
        )
    return Instants(pc.if_else(is_real, utc, None), tuple(warnings))


def _is_plain(texts: pa.Array, filled: pa.Array) -> bool:
    """Tell whether every text that is there is an ISO time of minutes or seconds."""
    letters = Letters.of(texts)
    if letters and any(letters.is_shaped(*form) for form in _FORMS):
        return True
    return pc.all(pc.match_substring_regex(filled, _PLAIN)).as_py() is not False


def _assume(values: pa.Array, zone: str, which: str) -> pa.Array:
    return pc.assume_timezone(values, zone, ambiguous=which, nonexistent="earliest")


def _one_by_one(texts: pa.Array, beside: Iterable[pa.Array]) -> Instants:
    """Read each distinct text, with one order of day and month for all."""
    distinct = [text for text in texts.unique().to_pylist() if text is not None]
    others = {text or "" for column in beside for text in column.unique().to_pylist()}
    day_first, warnings = _order(distinct, others)
    read = {text: _instant(text, day_first=day_first) for text in distinct}
    values = per_distinct(texts, read.__getitem__, INSTANT_TYPE)
    if any(read[text] and ":" not in text for text in distinct):
        warnings += ("Some dates have no time of day; midnight is taken.",)
    return Instants(values, warnings)


def _order(texts: list[str], others: set[str]) -> tuple[bool, tuple[str, ...]]:
    """Decide whether the day stands before the month, from all dates of the file."""
    dates = _slashed(texts)
    if not dates:
        return False, ()
    proofs = [*dates, *_slashed(sorted(others.difference(texts)))]
    days = sum(1 for found in proofs if int(found[1]) > 12)
    months = sum(1 for found in proofs if int(found[3]) > 12)
    day_first = days > months
    shown = "day/month" if day_first else "month/day"
    warning = f"Dates were rewritten by a spreadsheet; they are read as {shown}."
    if not days and not months:
        warning += f" No date proves that order ({dates[0][0]!r})."
    return day_first, (warning,)


def _slashed(texts: Iterable[str]) -> list[re.Match[str]]:
    """Give the dates of a spreadsheet whose order their mark does not tell."""
    found = (_SHEET.fullmatch(text) for text in texts)
    return [date for date in found if date and date[2] != "."]


def _instant(text: str, *, day_first: bool) -> datetime | None:
    """Read one text; None when it is no instant."""
    if found := _ISO.fullmatch(text):
        year, month, day, hour, minute, second = (int(x or 0) for x in found.groups())
    elif found := _SHEET.fullmatch(text):
        first, other = int(found[1]), int(found[3])
        is_day_first = day_first or found[2] == "."
        day, month = (first, other) if is_day_first else (other, first)
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        hour, minute, second = (int(found[part] or 0) for part in (5, 6, 7))
        hour = _hour(hour, found[8])
    else:
        return None
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _hour(hour: int, half: str | None) -> int:
    """Turn an hour of a 12-hour clock into one of 24; 99 when there is none."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        return 99
    return hour % 12 + (12 if half.lower() == "p" else 0)
