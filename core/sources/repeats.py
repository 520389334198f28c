"""Rows of one file that tell of the same subuser and period."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from core.units import plain

if TYPE_CHECKING:
    from decimal import Decimal

_SECONDS_BITS = 1 << 34


def repeat_reasons(rows: pa.Table, kept: pa.Array) -> pa.Array:
    """Say which rows to refuse because of another row, and why.

    Of equal rows the first is kept. Rows with different usage are all refused, so
    that the order of rows decides nothing.

    Args:
        rows: Columns line, subuser, moment, part, usage_gb, is_destroyed. moment is
            the start of the row's own period in seconds; rows that differ in part
            are parts of one usage and do not contradict each other.
        kept: One boolean per row; the others are left out of the comparison.

    Returns:
        One string per row, null where the row stays.
    """
    keys = _keys(rows)
    repeated = _repeated(keys.filter(kept))
    if not len(repeated):
        return pa.nulls(len(rows), pa.string())
    hits = pc.and_(kept, pc.is_in(keys, value_set=repeated))
    groups: dict[int, list[int]] = defaultdict(list)
    found = rows.select(["line", "usage_gb", "is_destroyed"]).filter(hits).to_pylist()
    for position, key in enumerate(keys.filter(hits).to_pylist()):
        groups[key].append(position)
    reasons: list[str | None] = [None] * len(found)
    for positions in groups.values():
        group = [found[position] for position in positions]
        for position, reason in zip(positions, _reasons(group), strict=True):
            reasons[position] = reason
    none = pa.nulls(len(rows), pa.string())
    return pc.replace_with_mask(none, hits, pa.array(reasons, pa.string()))


def _repeated(keys: pa.Array) -> pa.Array:
    """Return the keys that occur more than once.

    Sorting takes a tenth of the memory that counting them takes.
    """
    ordered = keys.take(pc.sort_indices(keys))
    if len(ordered) < 2:
        return ordered.slice(0, 0)
    is_again = pc.equal(ordered.slice(1), ordered.slice(0, len(ordered) - 1))
    return ordered.slice(1).filter(is_again).unique()


def _keys(rows: pa.Table) -> pa.Array:
    """Number the triples of subuser, part and moment."""
    names = rows.column("subuser").combine_chunks().dictionary_encode().indices
    if rows.schema.field("part").type != pa.null():
        parts = rows.column("part").combine_chunks().cast(pa.string())
        texts = names.cast(pa.string())
        joined = pc.binary_join_element_wise(texts, parts, "\0")
        names = joined.dictionary_encode().indices
    moments = rows.column("moment").combine_chunks()
    return pc.add(pc.multiply(names.cast(pa.int64()), _SECONDS_BITS), moments)


def _reasons(group: list[dict[str, object]]) -> list[str | None]:
    """Give the reasons for the rows of one subuser and period, in their order."""
    values: set[Decimal] = {row["usage_gb"] for row in group}  # type: ignore[misc]
    lost = "; the name is lost, so it may be another subuser"
    is_lost = bool(group[0]["is_destroyed"])
    if len(values) == 1:
        reason = f"repeats line {group[0]['line']}{lost if is_lost else ''}"
        return [None, *[reason] * (len(group) - 1)]
    shown = ", ".join(f"{plain(value)} GB" for value in sorted(values)[:5])
    if is_lost:
        reason = f"different usage under one lost name and period ({shown})"
    else:
        reason = f"different usage for one subuser and period ({shown})"
    return [reason] * len(group)
