"""Counters that only grow, turned into what was used between two readings of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import GB_TYPE
from core.units import GB_PRECISION, GB_SCALE

FIRST_READING: Final = (
    "first reading of the counter in this file: usage counts from here on"
)
"""Reason for a row from which nothing can be taken away."""

LONE: Final = (
    "a single reading of each running counter",
    "Usage is the difference between two readings in one file; other files and loads "
    "are not looked at. Put the readings of several dates into one file, the reading "
    "before the first month among them: as a row or as a column for each date.",
)
"""What a file is that has no difference, and what to do."""

_WIDE: Final = pa.decimal256(GB_PRECISION + 2, GB_SCALE)


@dataclass(frozen=True)
class Steps:
    """Usage between readings, one entry per row, in the order of the rows.

    usage_gb is the step to the row's reading from the one before it of the same
    subuser; where the counter fell it is the whole reading, for it began again at
    zero. is_first tells rows without a reading before; their usage is null. drops are
    the subusers whose counters fell, with how often; crossing_count says how many steps
    began in an earlier month than they ended in.
    """

    usage_gb: pa.Array
    is_first: pa.Array
    drops: tuple[tuple[str, int], ...]
    crossing_count: int


def steps(rows: pa.Table, kept: pa.Array) -> Steps:
    """Take each reading of a counter from the one after it.

    Args:
        rows: Columns subuser, part, moment, period_start, usage_gb.
        kept: One boolean per row; the others are left out, and are null in the result.
    """
    positions = pc.indices_nonzero(kept)
    chosen = rows.take(positions).append_column("position", positions)
    keys = [(name, "ascending") for name in _order(rows)]
    order = pc.sort_indices(chosen, sort_keys=keys)
    chosen = chosen.take(order).combine_chunks()
    is_same = _same_as_before(chosen, _order(rows)[:-1])
    value = _whole(chosen["usage_gb"]).cast(_WIDE)
    before = _shifted(chosen["usage_gb"]).cast(_WIDE)
    grew = pc.greater_equal(value, before)
    step = pc.if_else(grew, pc.subtract(value, before), value)
    step = pc.if_else(is_same, step.cast(GB_TYPE), pa.scalar(None, GB_TYPE))
    is_drop = pc.and_(is_same, pc.fill_null(pc.invert(grew), fill_value=False))
    names = _whole(chosen["subuser"]).filter(is_drop)
    back = _whole(chosen["position"])
    return Steps(
        usage_gb=_put_back(step, back, len(rows)),
        is_first=_put_back(pc.invert(is_same), back, len(rows)),
        drops=_counted(names),
        crossing_count=_crossings(chosen, is_same),
    )


def _order(rows: pa.Table) -> list[str]:
    """Return the columns by which readings of one counter follow each other."""
    has_parts = rows.schema.field("part").type != pa.null()
    return ["subuser", *(["part"] if has_parts else []), "moment"]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()


def _shifted(column: pa.ChunkedArray) -> pa.Array:
    """Return the value of the row before, null in the first row."""
    values = _whole(column)
    none = pa.nulls(min(1, len(values)), values.type)
    return pa.concat_arrays([none, values.slice(0, max(0, len(values) - 1))])


def _same_as_before(rows: pa.Table, names: list[str]) -> pa.Array:
    is_same = pa.repeat(pa.scalar(True), len(rows))
    for name in names:
        equal = pc.equal(_whole(rows[name]), _shifted(rows[name]))
        is_same = pc.and_(is_same, pc.fill_null(equal, fill_value=False))
    return is_same


def _crossings(rows: pa.Table, is_same: pa.Array) -> int:
    months = [
        pc.add(pc.multiply(pc.year(days).cast(pa.int64()), 12), pc.month(days))
        for days in (_whole(rows["period_start"]), _shifted(rows["period_start"]))
    ]
    crossed = pc.and_(is_same, pc.fill_null(pc.not_equal(*months), fill_value=False))
    return int(pc.sum(crossed).as_py() or 0)


def _counted(names: pa.Array) -> tuple[tuple[str, int], ...]:
    counts = pc.value_counts(names).to_pylist()
    return tuple(sorted((each["values"], each["counts"]) for each in counts))


def _put_back(values: pa.Array, positions: pa.Array, length: int) -> pa.Array:
    """Return values in the order of all rows, null where a row was left out."""
    where = pa.arange(0, length)
    return values.take(pc.index_in(where, value_set=positions.cast(pa.int64())))
