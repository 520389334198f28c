"""Evidence by similarity: cut names, cut handles, and names that are merely alike."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.matching import names, pairs
from core.matching.documents import NAME_FIELDS
from core.matching.evidence import FIELDS, GROUNDS, Evidence, joined
from core.matching.exact import SHORT_HANDLE
from core.matching.schemas import Field, Ground
from core.matching.similarity import similar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from core.matching.documents import Documents

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

SURE_SCORE: Final = 90.0
"""Least score of a cut name that may match without a person: it lacks few letters."""

MARGIN: Final = 15.0
"""Lead over every other customer that a cut name needs. It is more than SURE_SCORE
leaves to 100, so that a similar newcomer can spoil a match but never take it."""

LEAST_SIMILAR: Final = Fraction(3, 4)
"""SURE_SCORE less MARGIN: nobody below it can spoil a match."""


@dataclass(frozen=True)
class _Alike:
    """Pairs of alike texts: places, texts and the count of characters in common."""

    query: Ints
    row: Ints
    ours: pa.Array
    theirs: pa.Array
    shared: Ints


def found(
    subusers: pa.Array, documents: Documents, *, least: Fraction = LEAST_SIMILAR
) -> Evidence:
    """Find all evidence of a similarity of at least `least`, in no particular order.

    Raises:
        TooManyPairsError: There is more than can be held, of several names.
    """
    alike_to = partial(_alike, least=least, is_bounded=len(subusers) > 1)
    whole = [pc.utf8_lower(subusers)]
    handles = [_without_short(texts) for texts in names.readings(subusers).handles]
    parts = []
    for field in NAME_FIELDS:
        alike = alike_to(whole, [documents.lower[field]])
        grounds = _grounds(_is_cut_name(alike), Ground.CUT_NAME, Ground.SIMILAR_NAME)
        parts.append(_evidence(alike, grounds, field, documents))
    for ours, ground in (handles, Ground.CUT_HANDLE), (whole, Ground.SIMILAR_HANDLE):
        alike = alike_to(ours, documents.handles)
        grounds = _grounds(_is_cut_handle(alike), ground, Ground.SIMILAR_HANDLE)
        parts.append(_evidence(alike, grounds, Field.EMAIL, documents))
    return joined(parts)


def _alike(
    ours: Sequence[pa.Array],
    theirs: Sequence[pa.Array],
    *,
    least: Fraction,
    is_bounded: bool,
) -> _Alike:
    """Pair every reading of our names with all alike readings of theirs."""
    our_texts, our_places = pairs.readings(ours)
    their_texts, their_places = pairs.readings(theirs)
    queries, targets = pc.unique(our_texts), pc.unique(their_texts)
    near = similar(
        queries.to_pylist(), targets.to_pylist(), least=least, is_bounded=is_bounded
    )
    by_query = pairs.spread(near.query, pairs.places(our_texts, queries))
    query, pair = our_places[by_query.target], by_query.query
    by_target = pairs.spread(near.target[pair], pairs.places(their_texts, targets))
    pair = pair[by_target.query]
    return _Alike(
        query=query[by_target.query],
        row=their_places[by_target.target],
        ours=queries.take(pa.array(near.query[pair])),
        theirs=targets.take(pa.array(near.target[pair])),
        shared=near.common[pair],
    )


def _is_cut_name(alike: _Alike) -> Flags:
    """Mark pairs of one suffix of which one only lacks letters of the other."""
    shorter = np.minimum(_lengths(alike.ours), _lengths(alike.theirs))
    suffix = names.suffixes(alike.ours), names.suffixes(alike.theirs)
    is_within: Flags = alike.shared == shorter
    return is_within & _are_equal(*suffix) & _only_letters_differ(alike)


def _is_cut_handle(alike: _Alike) -> Flags:
    """Mark pairs of which our handle only lacks letters of theirs."""
    is_within: Flags = alike.shared == _lengths(alike.ours)
    return is_within & _only_letters_differ(alike)


def _only_letters_differ(alike: _Alike) -> Flags:
    """Mark pairs with equally many digits: handles one digit apart are two people."""
    digits = (
        pc.count_substring_regex(texts, pattern="[0-9]")
        for texts in (alike.ours, alike.theirs)
    )
    return _are_equal(*digits)


def _are_equal(left: pa.Array, right: pa.Array) -> Flags:
    """Mark equal values; null equals nothing."""
    marks: Flags = pc.fill_null(pc.equal(left, right), False).to_numpy(
        zero_copy_only=False
    )
    return marks


def _grounds(is_cut: Flags, cut: Ground, other: Ground) -> Ints:
    return np.where(is_cut, GROUNDS.index(cut), GROUNDS.index(other))


def _evidence(
    alike: _Alike, ground: Ints, field: Field, documents: Documents
) -> Evidence:
    """Write alike texts as evidence; only cut names can be sufficient."""
    length = _lengths(alike.theirs)
    score = 200.0 * alike.shared / (_lengths(alike.ours) + length)
    return Evidence(
        query=alike.query,
        row=alike.row,
        customer=documents.owner[alike.row],
        ground=ground,
        field=np.full(len(ground), FIELDS.index(field)),
        score=score,
        shared=alike.shared,
        length=length,
        is_sufficient=(ground == GROUNDS.index(Ground.CUT_NAME))
        & (score >= SURE_SCORE),
    )


def _without_short(handles: pa.Array) -> pa.Array:
    """Drop handles that are too short to be compared by similarity."""
    is_long = pc.greater_equal(pc.utf8_length(handles), SHORT_HANDLE)
    return pc.if_else(is_long, handles, None)


def _lengths(texts: pa.Array) -> Ints:
    lengths: Ints = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    return lengths.astype(np.int64)
