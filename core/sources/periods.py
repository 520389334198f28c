"""Texts to months or days, a column at a time.

The form is decided once, by all cells together: the form that most cells have. A cell
of another form is refused. Whether `03/04/2020` is in April or in March is decided by
a cell with a number above 12; when there is none, a person must say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Granularity
from core.sources.period_forms import (
    DAY_FIRST,
    FORMS,
    MONTH_FIRST,
    SHORT_MONTH,
    Cell,
    granularity_of,
    read_period,
    swappable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_YEARS: Final = 15
"""No export of months spans more years; `Sep-01` to `Sep-30` are days of September."""

MOST_ALIKE: Final = 2
"""Years that one month alone has; `Sep-01` to `Sep-15` are days of September, too."""

_EPOCH: Final = date(1970, 1, 1)
_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True)
class Reader:
    """How a column of periods is read.

    granularity tells months from days where each date is the first of a month; None
    leaves it to the dates. time_zone (IANA) is the zone whose days count for texts
    that name their zone. day_first says how `03/04/2020` is read; None leaves it to
    the column.
    """

    granularity: Granularity | None = None
    time_zone: str = "UTC"
    day_first: bool | None = None


@dataclass(frozen=True)
class Periods:
    """A column of periods, one entry per cell, in the order of the column.

    starts (date32) is the first day of the month, or the day; null where the cell is
    refused. moments (int64) tells cells of one start apart: seconds since 1970 where
    cells have a time of day. reasons (string) says why a cell is refused, null where
    it is kept. form is the example of the form that was chosen. is_first_of_month
    tells that months were read out of days. has_clock tells that times of day are
    rolled up to days. is_order_unsure tells that a person must say whether day or
    month comes first; is_formless, that no cell looks like a period. offsets are the
    zones of days that name one.
    """

    starts: pa.Array
    moments: pa.Array
    reasons: pa.Array
    granularity: Granularity
    form: str
    is_first_of_month: bool
    has_clock: bool = False
    is_order_unsure: bool = False
    is_formless: bool = False
    offsets: tuple[int, ...] = ()


def periods(column: pa.Array, reader: Reader | None = None) -> Periods:
    """Read a column of strings, without nulls, as months or as days."""
    reader = reader or Reader()
    codes = column.dictionary_encode()
    texts = [text.strip() for text in codes.dictionary.to_pylist()]
    counts = _row_counts(codes)
    order = _day_first(texts, counts) if reader.day_first is None else reader.day_first
    is_day_first = order is not False
    cells = [read_period(text, is_day_first=is_day_first) for text in texts]
    form = _usual_form(cells, counts)
    fitted = _fitted(cells, form)
    has_clock = any(cell.seconds for cell in fitted if cell.day is not None)
    if has_clock:
        fitted = [_in_zone(cell, ZoneInfo(reader.time_zone)) for cell in fitted]
    found = _collected(fitted, form, reader, has_clock=has_clock)
    return replace(
        found,
        starts=found.starts.take(codes.indices),
        moments=found.moments.take(codes.indices),
        reasons=found.reasons.take(codes.indices),
        is_order_unsure=order is None and form.startswith((DAY_FIRST, MONTH_FIRST)),
        is_formless=all(cell.form is None for cell in cells),
    )


def _row_counts(codes: pa.DictionaryArray) -> list[int]:
    """Count the rows of each distinct text."""
    counts = pc.value_counts(codes.indices)
    rows = [0] * len(codes.dictionary)
    pairs = zip(counts.field("values"), counts.field("counts"), strict=True)
    for index, count in pairs:
        rows[index.as_py()] = count.as_py()
    return rows


def _day_first(texts: Sequence[str], counts: Sequence[int]) -> bool | None:
    """Tell whether the day comes before the month; None when no cell decides."""
    first = last = is_open = 0
    for text, count in zip(texts, counts, strict=True):
        pair = swappable(text)
        if pair is None or pair[0] == pair[1]:
            continue
        first += count * (pair[0] > 12)
        last += count * (pair[1] > 12)
        is_open |= max(pair) <= 12
    if first == last:
        return None if first or is_open else True
    return first > last


def _usual_form(cells: Sequence[Cell], counts: Sequence[int]) -> str:
    """Return the form of most rows, the likelier of two with as many."""
    rows: Counter[str] = Counter()
    for cell, count in zip(cells, counts, strict=True):
        if cell.form:
            rows[cell.form] += count
    order = {form: place for place, form in enumerate(FORMS)}
    last = len(order)
    ranked = sorted(rows, key=lambda form: (-rows[form], order.get(form, last), form))
    return ranked[0] if ranked else next(iter(FORMS))


def _fitted(cells: Sequence[Cell], form: str) -> list[Cell]:
    """Refuse cells of another form than the column's."""
    reason = f"not written like the other periods of the column ({form})"
    fitted = [
        replace(cell, day=None, reason=reason)
        if cell.day is not None and cell.form != form
        else cell
        for cell in cells
    ]
    if form != SHORT_MONTH or not _are_days(fitted):
        return fitted
    reason = "a month and a year, or a day and a month? Write it as 2020-09"
    return [replace(cell, day=None, reason=cell.reason or reason) for cell in fitted]


def _are_days(cells: Sequence[Cell]) -> bool:
    """Tell whether months with years of two digits can be days of a month."""
    found = [cell.day for cell in cells if cell.day is not None]
    years = {day.year for day in found}
    is_one_month = len({day.month for day in found}) == 1
    is_long = bool(years) and max(years) - min(years) > MOST_YEARS
    return is_long or (is_one_month and len(years) > MOST_ALIKE)


def _in_zone(cell: Cell, zone: ZoneInfo) -> Cell:
    """Move an instant that names its zone into the zone whose days count."""
    if cell.day is None or cell.offset is None:
        return cell
    midnight = datetime(cell.day.year, cell.day.month, cell.day.day, tzinfo=UTC)
    utc = midnight + timedelta(seconds=cell.seconds - cell.offset)
    day = utc.astimezone(zone).date()
    # Counted in UTC: two hours of one name, when clocks go back, stay two.
    seconds = int(utc.timestamp()) - (day - _EPOCH).days * _DAY_SECONDS
    return replace(cell, day=day, seconds=seconds)


def _collected(
    cells: Sequence[Cell], form: str, reader: Reader, *, has_clock: bool
) -> Periods:
    """Write the distinct cells as arrays and decide the granularity."""
    days = {cell.day for cell in cells if cell.day is not None}
    granularity = granularity_of(form)
    wanted = reader.granularity
    is_first = (
        granularity is Granularity.DAY
        and wanted is None
        and not has_clock
        and len(days) > 1
        and all(day.day == 1 for day in days)
    )
    if is_first or wanted is Granularity.MONTH:
        granularity = Granularity.MONTH
    starts = [_start(cell.day, granularity) for cell in cells]
    keyed = [cell.day for cell in cells] if has_clock else starts
    moments = [
        0 if day is None else (day - _EPOCH).days * _DAY_SECONDS + cell.seconds
        for cell, day in zip(cells, keyed, strict=True)
    ]
    offsets = {cell.offset for cell in cells if cell.offset and not has_clock}
    return Periods(
        starts=pa.array(starts, pa.date32()),
        moments=pa.array(moments, pa.int64()),
        reasons=pa.array([cell.reason or None for cell in cells], pa.string()),
        granularity=granularity,
        form=form,
        is_first_of_month=is_first,
        has_clock=has_clock,
        offsets=tuple(sorted(offset for offset in offsets if offset)),
    )


def _start(day: date | None, granularity: Granularity) -> date | None:
    if day is None or granularity is Granularity.DAY:
        return day
    return day.replace(day=1)
