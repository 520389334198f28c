"""Evidence by equality: same name, same name but for its ending, same handle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.matching import names, pairs
from core.matching.documents import ID_FIELDS, NAME_FIELDS
from core.matching.evidence import FIELDS, GROUNDS, Evidence, joined
from core.matching.schemas import Field, Ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from core.matching.documents import Documents

    Ints = npt.NDArray[np.int64]
    Texts = Sequence[pa.Array]

FULL_SCORE: Final = 100.0
"""Score of evidence by equality."""

SHORT_HANDLE: Final = 7
"""Handles of fewer characters are too common to tell a customer by themselves."""

SHORT_STEM: Final = 7
"""Stems of fewer characters are a very short handle and four hex characters."""

_LEAST_LENGTH: Final = {Ground.STEM: SHORT_STEM, Ground.HANDLE: SHORT_HANDLE}
"""Characters that equality must cover before it may match without a person."""

_SUGGESTIONS: Final = frozenset({Ground.ACCOUNT_ID, Ground.DESTROYED})
"""Grounds that never match without a person: nothing proves that they hold."""


def found(subusers: pa.Array, documents: Documents) -> Evidence:
    """Find all evidence by equality for these names, in no particular order."""
    parts = [same_names(subusers, documents)]
    ours, numbers = names.readings(subusers), [names.numbers(subusers)]
    emails = documents.handles
    parts.append(_equal(Ground.HANDLE, Field.EMAIL, ours.handles, emails, documents))
    for field, id_field in zip(NAME_FIELDS, ID_FIELDS, strict=True):
        theirs, ids = documents.readings[field], [documents.ids[field]]
        parts += [
            _equal(Ground.STEM, field, ours.stems, theirs.stems, documents),
            _equal(Ground.HANDLE, field, ours.handles, theirs.handles, documents),
            _equal(Ground.ACCOUNT_ID, id_field, numbers, ids, documents),
        ]
    return joined(parts)


def same_names(subusers: pa.Array, documents: Documents) -> Evidence:
    """Compare whole names: with usernames as stored, cleaned, and in lower case."""
    lower, parts = pc.utf8_lower(subusers), []
    for field in NAME_FIELDS:
        raw, clean = documents.raw[field], documents.clean[field]
        for ground, ours, theirs in (
            (Ground.RAW_NAME, subusers, raw),
            (Ground.CLEAN_NAME, subusers, clean),
            (Ground.FOLDED_NAME, lower, documents.lower[field]),
        ):
            parts.append(_equal(ground, field, [ours], [theirs], documents))
    return joined(parts)


def destroyed(subusers: pa.Array, documents: Documents) -> Evidence:
    """Find stored names that a spreadsheet would have turned into these names."""
    ground, parts = Ground.DESTROYED, []
    dotted = pc.replace_substring(subusers, ",", ".")
    for field in NAME_FIELDS:
        theirs = documents.spreadsheet_numbers[field]
        parts.append(_equal(ground, field, [dotted], [theirs], documents))
    return joined(parts)


def _equal(
    ground: Ground, field: Field, ours: Texts, theirs: Texts, documents: Documents
) -> Evidence:
    """Pair every reading of our names with every equal reading of theirs."""
    our_texts, our_places = pairs.readings(ours)
    their_texts, their_places = pairs.readings(theirs)
    same = pairs.equal(our_texts, their_texts)
    row = their_places[same.target]
    length = _lengths(our_texts)[same.query]
    least = _LEAST_LENGTH.get(ground, 0)
    return Evidence(
        query=our_places[same.query],
        row=row,
        customer=documents.owner[row],
        ground=np.full(len(same), GROUNDS.index(ground)),
        field=np.full(len(same), FIELDS.index(field)),
        score=np.full(len(same), FULL_SCORE),
        shared=length,
        length=length,
        is_sufficient=(length >= least) & (ground not in _SUGGESTIONS),
    )


def _lengths(texts: pa.Array) -> Ints:
    lengths: Ints = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    return lengths.astype(np.int64)
