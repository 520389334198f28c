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

KEYS_AT_ONCE: Final = 8_000_000
"""Pairs that are kept for comparison in full, after which they are compared."""

MOST_PAIRS: Final = 4_000_000
"""Similar pairs that are held in memory at a time where that is wanted."""

_HALF: Final = 32
"""Bits of a pair's key that hold the target's place; the query's stands above."""


@dataclass(frozen=True)
class Similar:
    """Pairs of places and the characters that both texts share in order."""

    query: Ints
    target: Ints
    common: Ints


class TooManyPairsError(Exception):
    """More than MOST_PAIRS are similar: ask for fewer queries at a time."""


def similar(
    queries: Sequence[str],
    targets: Sequence[str],
    *,
    least: Fraction,
    is_bounded: bool = False,
) -> Similar:
    """Find all pairs of a similarity of at least `least`, in no particular order.

    Raises:
        TooManyPairsError: is_bounded, and there are more than MOST_PAIRS.
    """
    most = MOST_PAIRS if is_bounded else None
    is_small = len(queries) * len(targets) <= FEW_PAIRS
    if is_small or least < LEAST_INDEXED:
        found = _all_pairs(queries, targets, least)
    else:
        found = _indexed_pairs(queries, targets, least, most)
    parts, count = [], 0
    for part in found:
        parts.append(part)
        count += len(part.query)
        _see_that_they_fit(count, most)
    return _joined(parts)


def _see_that_they_fit(count: int, most: int | None) -> None:
    if most is not None and count > most:
        raise TooManyPairsError


def _joined(parts: Sequence[Similar]) -> Similar:
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
    queries: Sequence[str],
    targets: Sequence[str],
    least: Fraction,
    most: int | None = None,
) -> Iterator[Similar]:
    """Compare only pairs that share a segment, one length of targets at a time."""
    near = partial(_near, queries, targets, by_length(queries), least=least, most=most)
    is_large = len(queries) * len(targets) > MANY_PAIRS
    with ThreadPoolExecutor() as pool:
        yield from (pool.map if is_large else map)(near, by_length(targets))


def _near(
    queries: Sequence[str],
    targets: Sequence[str],
    our_groups: Sequence[Texts],
    theirs: Texts,
    least: Fraction,
    most: int | None,
) -> Similar:
    """Find the pairs with targets of one length that are similar, each once."""
    reach: dict[int, list[Texts]] = {}
    for ours in our_groups:
        length = ours.length + theirs.length
        differences = length - 2 * least_common(length, least)
        if abs(ours.length - theirs.length) <= differences:
            reach.setdefault(differences, []).append(ours)
    kept: list[Similar] = []
    for keys in _keys(reach, theirs):
        kept.append(_compared(keys, queries, targets, least))
        _see_that_they_fit(max(len(part.query) for part in kept), most)
    # A pair that shares several segments may have been compared again.
    return _distinct(_joined(kept)) if len(kept) > 1 else _joined(kept)


def _keys(reach: dict[int, list[Texts]], theirs: Texts) -> Iterator[Ints]:
    """Give pairs that may be similar as numbers, KEYS_AT_ONCE or so at a time.

    The number holds the target's place in its lower half, the query's in its upper;
    each stands once in what is given at a time.
    """
    waiting, count = [], 0
    for differences, groups in reach.items():
        for pairs in candidates(groups, theirs, differences):
            waiting.append(pairs.query << _HALF | pairs.target)
            count += len(pairs)
            if count > KEYS_AT_ONCE:
                yield np.unique(np.concatenate(waiting))
                waiting, count = [], 0
    if waiting:
        yield np.unique(np.concatenate(waiting))


def _distinct(found: Similar) -> Similar:
    _, places = np.unique(found.query << _HALF | found.target, return_index=True)
    return Similar(found.query[places], found.target[places], found.common[places])


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
