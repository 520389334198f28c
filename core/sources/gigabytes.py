"""Values in any unit to GB, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import GB_TYPE
from core.sources.numbers import VALUE_TYPE
from core.units import GB_BASES, GB_SCALE

TOO_MANY_GB: Final = Decimal(10) ** 12
"""No row has so many GB: more than all of the internet carries in a month.

Sums of a hundred million rows below it still fit into GB_TYPE.
"""

PIECE_ROWS: Final = 500_000
"""Values that are turned into GB at once."""

SUM_TYPE: Final = pa.decimal256(76, GB_SCALE)
"""Type in which GB are summed: no sum of a file can go beyond it."""


@dataclass(frozen=True)
class Gigabytes:
    """Usage in GB, one entry per value, in their order.

    values is GB_TYPE, null where the value was null or TOO_MANY_GB.
    rounded_count says how many were rounded to GB_SCALE decimals (half even).
    """

    values: pa.Array
    rounded_count: int


def to_gb(values: pa.Array, unit: str, base: int = 1024) -> Gigabytes:
    """Turn decimals of one unit into GB; base is a key of GB_BASES."""
    factor = GB_BASES[base][unit]
    if factor == 1 and (same := _as_they_are(values)) is not None:
        return Gigabytes(same, 0)
    exact = values if factor == 1 else _times(values, factor)
    rounded = pc.round(exact, ndigits=GB_SCALE, round_mode="half_to_even")
    is_rounded = pc.not_equal(rounded, exact)
    limit = pa.scalar(TOO_MANY_GB)
    fits = pc.less(pc.abs(rounded), limit)
    kept = pc.if_else(fits, rounded, pa.scalar(None, rounded.type))
    return Gigabytes(kept.cast(GB_TYPE), pc.sum(is_rounded).as_py() or 0)


def _times(values: pa.Array, factor: Decimal) -> pa.Array:
    """Multiply exactly; the widest type has room for it."""
    return pc.multiply(values.cast(VALUE_TYPE), pa.scalar(factor))


def _as_they_are(values: pa.Array) -> pa.Array | None:
    """Return GB in the narrower type, None when a value does not fit unchanged."""
    try:
        narrow = values.cast(GB_TYPE)
    except pa.ArrowInvalid:
        return None
    ends = pc.min_max(narrow).as_py()
    is_fit = all(abs(end or 0) < TOO_MANY_GB for end in ends.values())
    return narrow if is_fit else None


def _in_pieces(values: pa.Array, unit: str, base: int) -> Gigabytes:
    """Turn a long column into GB piece by piece: its steps need much memory."""
    starts = range(0, max(len(values), 1), PIECE_ROWS)
    pieces = [to_gb(values.slice(start, PIECE_ROWS), unit, base) for start in starts]
    return Gigabytes(
        pa.concat_arrays([piece.values for piece in pieces]),
        sum(piece.rounded_count for piece in pieces),
    )


def to_gb_by_row(values: pa.Array, units: pa.Array, base: int = 1024) -> Gigabytes:
    """Turn decimals into GB, each by the unit beside it."""
    names = pc.unique(units).to_pylist()
    if len(names) == 1 and values.type == GB_TYPE and GB_BASES[base][names[0]] == 1:
        return to_gb(values, names[0], base)
    if len(names) == 1:
        return _in_pieces(values, names[0], base)
    gb = pa.nulls(len(values), GB_TYPE)
    rounded_count = 0
    for unit in names:
        is_unit = pc.equal(units, unit)
        part = to_gb(values.filter(is_unit), unit, base)
        gb = pc.replace_with_mask(gb, is_unit, part.values)
        rounded_count += part.rounded_count
    return Gigabytes(gb, rounded_count)
