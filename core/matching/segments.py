"""Segments: a filter that finds all pairs of alike texts without comparing all pairs.

Cut a text into one more segments than there are differences: one of them is whole in
every text that near. With differences counted as insertions and deletions, the first
whole segment that has as many differences before it as segments stands in the other
text at a place that only these differences shift. So both texts share a segment at
known places, and an index of segments finds every pair; a signature of the characters
drops most of the others. What is left is compared in full by the caller.

Source: Li, Deng, Wang and Feng, "Pass-Join", VLDB 2011, for insertions and deletions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from core.matching.pairs import Pairs
from core.matching.signatures import signatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Words = npt.NDArray[np.uint64]

PAIRS_AT_ONCE: Final = 250_000
"""Pairs that are filtered at a time: few enough to stay in a processor's cache."""

_BASE: Final = 0x9E3779B97F4A7C15
"""Odd multiplier of the rolling hash: 2 to the 64th over the golden ratio."""

_SPREAD: Final = np.uint64(0xD6E8FEB86659FD93)
"""Odd multiplier that spreads hashes over buckets."""

MOST_BITS: Final = 16
"""Buckets of an index are two to the power of at most this: numpy sorts two bytes by
counting, which is fastest."""


@dataclass(frozen=True)
class Texts:
    """Texts of one length, their places in the whole list, and what filters need.

    codes has a row per character and a column per text; prefixes are rolling hashes
    of the first characters, 0 to length of them.
    """

    length: int
    places: Ints
    codes: npt.NDArray[np.uint32]
    signatures: Words
    prefixes: Words
    _hashes: dict[tuple[int, int], Words] = field(default_factory=dict)

    def hashes(self, start: int, size: int) -> Words:
        """Hash the characters from start on, size of them, of every text."""
        key = start, size
        if key not in self._hashes:
            power = np.uint64(pow(_BASE, size, 2**64))
            ends = self.prefixes[start + size]
            self._hashes[key] = ends - self.prefixes[start] * power
        return self._hashes[key]


def by_length(texts: Sequence[str]) -> list[Texts]:
    """Group texts by their length, the shortest first; empty ones are left out."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    order = np.argsort(lengths, kind="stable")
    sizes, starts = np.unique(lengths[order], return_index=True)
    groups = np.split(order, starts[1:])
    return [
        _grouped(texts, size, places)
        for size, places in zip(sizes.tolist(), groups, strict=False)
        if size
    ]


def _grouped(texts: Sequence[str], length: int, places: Ints) -> Texts:
    """Lay texts of one length out for the filters."""
    chosen = [texts[place] for place in places.tolist()]
    flat = np.frombuffer(
        "".join(chosen).encode("utf-32-le", "surrogatepass"), np.uint32
    )
    codes = np.ascontiguousarray(flat.reshape(len(chosen), length).T)
    prefixes = np.zeros((length + 1, len(chosen)), np.uint64)
    base = np.uint64(_BASE)
    for at in range(length):
        prefixes[at + 1] = prefixes[at] * base + codes[at]
    return Texts(length, places, codes, signatures(codes), prefixes)


@dataclass(frozen=True)
class Index:
    """Where each bucket of segment hashes stands among the texts of one length.

    cuts are the start and the size of each segment. Bucket b holds the texts
    columns[start[b] : start[b] + count[b]]; their signatures stand beside them.
    """

    cuts: tuple[tuple[int, int], ...]
    start: Ints
    count: Ints
    columns: Ints
    signatures: Words


def indexed(targets: Texts, differences: int) -> Index:
    """Index texts by the segments into which that many differences cut them."""
    cuts = _cuts(targets.length, differences + 1)
    hashes = [targets.hashes(*cut) for cut in cuts]
    bits = min(MOST_BITS, (2 * len(cuts) * len(targets.places)).bit_length())
    buckets = _buckets(hashes, range(len(cuts)), bits).astype(np.uint16)
    count = np.bincount(buckets, minlength=2**bits)
    columns = np.argsort(buckets, kind="stable") % len(targets.places)
    signed = targets.signatures[columns]
    return Index(cuts, np.cumsum(count) - count, count, columns, signed)


def candidates(
    queries: Sequence[Texts], targets: Texts, differences: int
) -> Iterator[Pairs]:
    """Give places of texts that may be that near, each pair at least once.

    Args:
        queries: Texts by length. Their lengths and that of the targets add up to odd
            numbers if differences is odd, else to even ones.
        targets: Texts of one length.
        differences: Most insertions and deletions that make a target of a query.
    """
    index = indexed(targets, differences)
    bits = len(index.count).bit_length() - 1
    hashes, segments, groups = [], [], []
    for group, texts in enumerate(queries):
        for segment, start, size in _windows(texts.length, targets.length, index.cuts):
            hashes.append(texts.hashes(start, size))
            segments.append(segment)
            groups.append(group)
    wanted = _buckets(hashes, segments, bits)
    places = np.concatenate([queries[group].places for group in groups])
    signed = np.concatenate([queries[group].signatures for group in groups])
    for part in _parts(index.count[wanted]):
        bucket = wanted[part]
        begins, count = index.start[bucket], index.count[bucket]
        ends = np.cumsum(count)
        place = np.arange(ends[-1]) + np.repeat(begins - ends + count, count)
        apart = np.repeat(signed[part], count) ^ index.signatures[place]
        near = np.flatnonzero(np.bitwise_count(apart) <= differences)
        query = np.searchsorted(ends, near, side="right")
        target = index.columns[place[near]]
        yield Pairs(places[part][query], targets.places[target])


def _buckets(hashes: Sequence[Words], segments: Sequence[int], bits: int) -> Words:
    """Give the buckets of hashes, list by list; equal texts differ by segment."""
    sizes = [len(each) for each in hashes]
    salts = np.array(segments, np.uint64) * np.uint64(_BASE)
    salted = np.concatenate(hashes) + np.repeat(salts, sizes)
    buckets: Words = (salted * _SPREAD) >> np.uint64(64 - bits)
    return buckets


def _cuts(length: int, pieces: int) -> tuple[tuple[int, int], ...]:
    """Cut a length into pieces that differ by one character at most."""
    bounds = [length * piece // pieces for piece in range(pieces + 1)]
    return tuple((start, end - start) for start, end in pairwise(bounds))


def _windows(
    length: int, their_length: int, cuts: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """List where a query can hold a target's segment: segment, start and size.

    As many differences as segments stand before it, insertions less deletions move it;
    the surplus is by how much insertions exceed deletions in all.
    """
    differences, surplus = len(cuts) - 1, length - their_length
    for segment, (start, size) in enumerate(cuts):
        most_deleted = min(segment, (differences - surplus) // 2)
        least_deleted = max(0, segment - (differences + surplus) // 2)
        for deleted in range(least_deleted, most_deleted + 1):
            moved = start + segment - 2 * deleted
            if 0 <= moved <= length - size:
                yield segment, moved, size


def _parts(counts: Ints) -> Iterator[slice]:
    """Cut a list into parts whose counts add up to about PAIRS_AT_ONCE."""
    total = np.cumsum(counts)
    steps = np.arange(PAIRS_AT_ONCE, total[-1] if len(total) else 0, PAIRS_AT_ONCE)
    bounds = [0, *np.searchsorted(total, steps).tolist(), len(counts)]
    return (slice(*bound) for bound in pairwise(bounds) if bound[0] < bound[1])
