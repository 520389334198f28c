"""Similarity of texts: all pairs that share enough characters in order, exactly.

Similarity is twice the longest common subsequence over both lengths, 0..1: the Indel
ratio of fuzzywuzzy and rapidfuzz. It is compared in whole numbers, so no pair on the
threshold is lost to a float. Case counts; an empty text is similar to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

CELLS_AT_ONCE: Final = 20_000_000
"""Scores held in memory at a time."""


@dataclass(frozen=True)
class Similar:
    """Pairs of positions and the characters that both texts share in order."""

    query: Ints
    target: Ints
    common: Ints


def similar(
    queries: Sequence[str], targets: Sequence[str], *, least: Fraction
) -> Similar:
    """Find all pairs of a similarity of at least `least`, by query, then target."""
    query_length = np.fromiter(map(len, queries), np.int64, len(queries))
    target_length = np.fromiter(map(len, targets), np.int64, len(targets))
    found = [_empty()]
    step = max(1, CELLS_AT_ONCE // max(1, len(targets)))
    for start in range(0, len(queries), step):
        common = process.cdist(
            queries[start : start + step],
            targets,
            scorer=LCSseq.similarity,
            dtype=np.uint32,
            workers=-1,
        ).astype(np.int64)
        both = query_length[start : start + step, None] + target_length[None, :]
        enough = 2 * least.denominator * common >= least.numerator * both
        query, target = np.nonzero(enough & (common > 0))
        found.append(Similar(query + start, target, common[query, target]))
    return _joined(found)


def _empty() -> Similar:
    nothing = np.empty(0, np.int64)
    return Similar(nothing, nothing, nothing)


def _joined(parts: Sequence[Similar]) -> Similar:
    return Similar(
        np.concatenate([part.query for part in parts]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.common for part in parts]),
    )
