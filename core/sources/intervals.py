"""Periods that stand in two columns: the first day, and the last one or the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Granularity
from core.sources.period_forms import WITH_ZONE
from core.sources.periods import Periods, Reader, periods

NO_PERIOD: Final = "from and to are no calendar month and no single day"
"""Reason for a row whose days cannot be told apart (a billing cycle, a week)."""


def intervals(starts: pa.Array, ends: pa.Array, reader: Reader) -> Periods:
    """Read two columns of strings, without nulls, as months or as days.

    The end is the last day or the day after it, as more of the rows fit. A row is
    refused when its days are no whole calendar month and no single day.
    """
    as_days = replace(reader, granularity=Granularity.DAY)
    first, last = periods(starts, as_days), periods(ends, as_days)
    if Granularity.MONTH in (first.granularity, last.granularity):
        return _same(first, last)
    days, ends_at = _numbers(_midnights(first)), _numbers(last.starts)
    inclusive = _lengths(days, ends_at)
    exclusive = _lengths(days, pc.subtract(ends_at, 1))
    lengths = inclusive if _known(inclusive) >= _known(exclusive) else exclusive
    return _decided(first, last, lengths)


def _same(first: Periods, last: Periods) -> Periods:
    """Keep months that begin and end in the same month."""
    differs = pc.not_equal(first.starts, last.starts)
    differs = pc.fill_null(differs, fill_value=True)
    return _cleared(first, _reasons(first, last, differs))


def _cleared(first: Periods, reasons: pa.Array) -> Periods:
    none = pa.scalar(None, pa.date32())
    starts = pc.if_else(pc.is_null(reasons), first.starts, none)
    moments = pc.fill_null(pc.multiply(_numbers(starts), 86_400), fill_value=0)
    return replace(first, starts=starts, moments=moments, reasons=reasons)


def _midnights(first: Periods) -> pa.Array:
    """Return the days that begin at midnight; a zone has put the others in place."""
    if first.form.endswith(WITH_ZONE):
        return first.starts
    midnight = pc.multiply(_numbers(first.starts), 86_400)
    none = pa.scalar(None, pa.date32())
    return pc.if_else(pc.equal(first.moments, midnight), first.starts, none)


def _numbers(days: pa.Array) -> pa.Array:
    return days.cast(pa.int32()).cast(pa.int64())


def _lengths(first: pa.Array, last: pa.Array) -> pa.Array:
    """Return `month`, `day` or null for the days from first to last."""
    start, after = _dates(first), _dates(pc.add(last, 1))
    is_month = pc.and_(
        pc.and_(pc.equal(pc.day(start), 1), pc.equal(pc.day(after), 1)),
        pc.and_(pc.greater(last, first), pc.less(pc.subtract(last, first), 31)),
    )
    none = pa.scalar(None, pa.string())
    day = pc.if_else(pc.equal(first, last), Granularity.DAY.value, none)
    return pc.if_else(is_month, Granularity.MONTH.value, day)


def _dates(days: pa.Array) -> pa.Array:
    return days.cast(pa.int32()).cast(pa.date32())


def _known(lengths: pa.Array) -> int:
    return len(lengths) - int(lengths.null_count)


def _decided(first: Periods, last: Periods, lengths: pa.Array) -> Periods:
    """Keep the rows of the commoner length, months when both are as common."""
    months = pc.sum(pc.equal(lengths, Granularity.MONTH.value)).as_py() or 0
    is_month = months * 2 >= _known(lengths)
    granularity = Granularity.MONTH if is_month else Granularity.DAY
    is_kept = pc.fill_null(pc.equal(lengths, granularity.value), fill_value=False)
    reasons = _reasons(first, last, pc.invert(is_kept))
    return replace(
        _cleared(first, reasons),
        granularity=granularity,
        is_order_unsure=first.is_order_unsure or last.is_order_unsure,
        is_formless=first.is_formless or last.is_formless,
        has_clock=False,
    )


def _reasons(first: Periods, last: Periods, is_refused: pa.Array) -> pa.Array:
    none = pa.scalar(None, pa.string())
    own = pc.if_else(is_refused, NO_PERIOD, none)
    return pc.coalesce(first.reasons, last.reasons, own)
