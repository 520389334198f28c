"""Pairs: which queries go with which targets, as two columns of positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Positions of queries and of targets that belong together, of equal length."""

    query: Ints
    target: Ints

    def __len__(self) -> int:
        return len(self.query)


def equal(queries: pa.Array, targets: pa.Array) -> Pairs:
    """Pair each query with every target of the same text; null equals nothing."""
    values = pc.unique(queries.drop_null())
    left, right = _codes(queries, values), _codes(targets, values)
    kept = np.flatnonzero(right >= 0)
    order = kept[np.argsort(right[kept], kind="stable")]
    return joined(left, right[order], order)


def joined(
    keys: npt.NDArray[Any], sorted_keys: npt.NDArray[Any], positions: Ints
) -> Pairs:
    """Pair each key with the positions that stand beside the same sorted key."""
    start = np.searchsorted(sorted_keys, keys, side="left")
    count = np.searchsorted(sorted_keys, keys, side="right") - start
    return expanded(start, count, positions)


def expanded(start: Ints, count: Ints, positions: Ints) -> Pairs:
    """Pair query i with positions[start[i] : start[i] + count[i]]."""
    query = np.repeat(np.arange(len(count)), count)
    before = np.cumsum(count) - count
    place = np.arange(len(query)) + np.repeat(start - before, count)
    return Pairs(query, positions[place])


def _codes(texts: pa.Array, values: pa.Array) -> Ints:
    """Number texts by their place among the values, -1 for all others."""
    codes = pc.index_in(texts, value_set=values)
    codes = pc.if_else(pc.is_valid(texts), pc.fill_null(codes, -1), -1)
    found: Ints = codes.to_numpy(zero_copy_only=False).astype(np.int64)
    return found
