"""Similarity of texts: all pairs that share enough characters in order, exactly.

Similarity is twice the longest common subsequence over both lengths, 0..1: the Indel
ratio of fuzzywuzzy and rapidfuzz. It is compared in whole numbers, so no pair on the
threshold is lost to a float. Case counts; an empty text is similar to nothing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from core.matching.segments import by_length, candidates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from core.matching.segments import Texts

    Ints = npt.NDArray[np.int64]

LEAST_INDEXED: Final = Fraction(7, 10)
"""Similarity below which segments are too short to tell texts apart."""

FEW_PAIRS: Final = 2_000_000
"""Pairs that are compared in full sooner than an index is made."""

MANY_PAIRS: Final = 1_000_000_000
"""Pairs that are worth a thread per length; fewer are done sooner without."""

PAIRS_AT_ONCE: Final = 20_000_000
"""Pairs whose scores are held in memory at a time."""

KEYS_AT_ONCE: Final = 2_000_000
"""Pairs that are kept for comparison in full, after which they are compared."""

_HALF: Final = 32
"""Bits of a pair's key that hold the target's place; the query's stands above."""


@dataclass(frozen=True)
class Similar:
    """Pairs of places and the characters that both texts share in order."""

    query: Ints
    target: Ints
    common: Ints


def similar(
    queries: Sequence[str], targets: Sequence[str], *, least: Fraction
) -> Similar:
    """Find all pairs of a similarity of at least `least`, in no particular order."""
    is_small = len(queries) * len(targets) <= FEW_PAIRS
    compared = _all_pairs if is_small or least < LEAST_INDEXED else _indexed_pairs
    parts = list(compared(queries, targets, least))
    if not parts:
        nothing = np.empty(0, np.int64)
        return Similar(nothing, nothing, nothing)
    return Similar(
        query=np.concatenate([part.query for part in parts]),
        target=np.concatenate([part.target for part in parts]),
        common=np.concatenate([part.common for part in parts]),
    )


def least_common(length: int, least: Fraction) -> int:
    """Tell how many characters texts of this summed length must share; 1 at least."""
    return max(1, -(-least.numerator * length // (2 * least.denominator)))


def _all_pairs(
    queries: Sequence[str], targets: Sequence[str], least: Fraction
) -> Iterator[Similar]:
    """Compare every query with every target."""
    our_lengths, their_lengths = _lengths(queries), _lengths(targets)
    longest = max(our_lengths, default=0) + max(their_lengths, default=0)
    needed = _needed(longest, least)
    step = max(1, PAIRS_AT_ONCE // max(1, len(targets)))
    workers = 1 if len(queries) * len(targets) <= FEW_PAIRS else -1
    for start in range(0, len(queries), step):
        part = slice(start, start + step)
        scorer = LCSseq.similarity
        common = process.cdist(
            queries[part], targets, scorer=scorer, dtype=np.int32, workers=workers
        )
        both = our_lengths[part, None] + their_lengths
        query, target = np.nonzero(common >= needed[both])
        yield Similar(query + start, target, common[query, target].astype(np.int64))


def _indexed_pairs(
    queries: Sequence[str], targets: Sequence[str], least: Fraction
) -> Iterator[Similar]:
    """Compare only pairs that share a segment, one length of targets at a time."""
    near = partial(_near, by_length(queries), least=least)
    is_large = len(queries) * len(targets) > MANY_PAIRS
    waiting, count = [], 0
    with ThreadPoolExecutor() as pool:
        for keys in (pool.map if is_large else map)(near, by_length(targets)):
            waiting.append(keys)
            count += len(keys)
            if count > KEYS_AT_ONCE:
                yield _compared(np.concatenate(waiting), queries, targets, least)
                waiting, count = [], 0
    if waiting:
        yield _compared(np.concatenate(waiting), queries, targets, least)


def _near(our_groups: Sequence[Texts], theirs: Texts, least: Fraction) -> Ints:
    """Give pairs that may be similar, each once and as one number.

    The number holds the target's place in its lower half, the query's in its upper.
    """
    reach: dict[int, list[Texts]] = {}
    for ours in our_groups:
        length = ours.length + theirs.length
        differences = length - 2 * least_common(length, least)
        if abs(ours.length - theirs.length) <= differences:
            reach.setdefault(differences, []).append(ours)
    keys = [
        pairs.query << _HALF | pairs.target
        for differences, groups in reach.items()
        for pairs in candidates(groups, theirs, differences)
    ]
    return np.unique(np.concatenate(keys)) if keys else np.empty(0, np.int64)


def _compared(
    keys: Ints,
    queries: Sequence[str],
    targets: Sequence[str],
    least: Fraction,
) -> Similar:
    """Compare these pairs in full and keep the similar ones."""
    query, target = keys >> _HALF, keys & (1 << _HALF) - 1
    ours = [queries[place] for place in query.tolist()]
    theirs = [targets[place] for place in target.tolist()]
    common = process.cpdist(
        ours, theirs, scorer=LCSseq.similarity, dtype=np.int32
    ).astype(np.int64)
    lengths = _lengths(ours) + _lengths(theirs)
    kept = np.flatnonzero(
        common >= _needed(int(lengths.max(initial=0)), least)[lengths]
    )
    return Similar(query[kept], target[kept], common[kept])


def _needed(longest: int, least: Fraction) -> npt.NDArray[np.int32]:
    """List least_common of every length up to the longest."""
    return np.array(
        [least_common(each, least) for each in range(longest + 1)], np.int32
    )


def _lengths(texts: Sequence[str]) -> npt.NDArray[np.int32]:
    return np.fromiter(map(len, texts), np.int32, len(texts))
