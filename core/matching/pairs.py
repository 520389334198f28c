"""Pairs: which queries go with which targets, as two columns of positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Positions of queries and of targets that belong together, of equal length."""

    query: Ints
    target: Ints

    def __len__(self) -> int:
        return len(self.query)


@dataclass(frozen=True)
class Places:
    """Where each of some numbered values stands: its positions, one after another."""

    start: Ints
    count: Ints
    positions: Ints


def equal(queries: pa.Array, targets: pa.Array) -> Pairs:
    """Pair each query with every target of the same text; null equals nothing."""
    values = pc.unique(queries.drop_null())
    codes = _codes(queries, values)
    kept = np.flatnonzero(codes >= 0)
    found = spread(codes[kept], places(targets, values))
    return Pairs(kept[found.query], found.target)


def places(texts: pa.Array, values: pa.Array) -> Places:
    """Tell where each of some distinct values stands among the texts."""
    codes = _codes(texts, values)
    order = np.argsort(codes, kind="stable")
    order = order[np.count_nonzero(codes < 0) :]
    count = np.bincount(codes[order], minlength=len(values))
    return Places(np.cumsum(count) - count, count, order)


def spread(values: Ints, where: Places) -> Pairs:
    """Pair each of these values, by number, with all positions where it stands."""
    return expanded(where.start[values], where.count[values], where.positions)


def expanded(start: Ints, count: Ints, positions: Ints) -> Pairs:
    """Pair query i with positions[start[i] : start[i] + count[i]]."""
    query = np.repeat(np.arange(len(count)), count)
    before = np.cumsum(count) - count
    place = np.arange(len(query)) + np.repeat(start - before, count)
    return Pairs(query, positions[place])


def readings(columns: Sequence[pa.Array]) -> tuple[pa.Array, Ints]:
    """Put readings of one list of names under each other: texts and their places."""
    texts = pa.concat_arrays(list(columns))
    kept = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    return texts.drop_null(), np.flatnonzero(kept) % max(1, len(columns[0]))


def _codes(texts: pa.Array, values: pa.Array) -> Ints:
    """Number texts by their place among the values, -1 for all others."""
    codes = pc.index_in(texts, value_set=values)
    codes = pc.if_else(pc.is_valid(texts), pc.fill_null(codes, -1), -1)
    found: Ints = codes.to_numpy(zero_copy_only=False).astype(np.int64)
    return found
