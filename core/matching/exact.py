"""Evidence by equality: same name, same name but for its ending, same handle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.matching import names, pairs
from core.matching.documents import NAME_FIELDS
from core.matching.evidence import FIELDS, GROUNDS, Evidence, joined
from core.matching.schemas import Field, Ground

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    return joined(
        [
            _equal(ground, field, ours, theirs, documents)
            for ground, field, ours, theirs in _comparisons(subusers, documents)
        ]
    )


def destroyed(subusers: pa.Array, documents: Documents) -> Evidence:
    """Find stored names that a spreadsheet would have turned into these names."""
    return joined(
        [
            _equal(
                Ground.DESTROYED,
                field,
                [subusers],
                [names.spreadsheet_numbers(documents.clean[field])],
                documents,
            )
            for field in NAME_FIELDS
        ]
    )


def _comparisons(
    subusers: pa.Array, documents: Documents
) -> Iterator[tuple[Ground, Field, Texts, Texts]]:
    """List what is compared: ground, field, readings of ours, readings of theirs."""
    lower, stems = [pc.utf8_lower(subusers)], names.stems(subusers)
    handles, numbers = names.handles(subusers), [names.numbers(subusers)]
    ids = Field.OXY_ID, Field.BRIEF_OXY_ID
    yield Ground.HANDLE, Field.EMAIL, handles, documents.handles
    for field, id_field in zip(NAME_FIELDS, ids, strict=True):
        clean = documents.clean[field]
        yield Ground.RAW_NAME, field, [subusers], [documents.raw[field]]
        yield Ground.CLEAN_NAME, field, [subusers], [clean]
        yield Ground.FOLDED_NAME, field, lower, [pc.utf8_lower(clean)]
        yield Ground.STEM, field, stems, names.stems(clean)
        yield Ground.HANDLE, field, handles, names.handles(clean)
        yield Ground.ACCOUNT_ID, id_field, numbers, [documents.ids[field]]


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
