"""Candidates: the nearest customers of a subuser, for a person to choose from."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from core.matching import names, words
from core.matching.best import evidence
from core.matching.evidence import FIELDS, GROUNDS, tied_ranks
from core.matching.schemas import CANDIDATE_SCHEMA
from core.matching.similarity import TooManyPairsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.matching.documents import Documents

LEAST_SIMILAR: Final = Fraction(3, 5)
"""Similarity below which a customer is no help to choose from."""


def nearest(
    subusers: pa.Array | Sequence[str], documents: Documents, *, limit: int = 3
) -> pa.Table:
    """Find the nearest customers of each name, by the evidence of the best rule.

    Args:
        subusers: Names as the provider sent them.
        documents: The documents of all customers.
        limit: Most customers per name; customers with equal evidence share a rank, and
            all of the last rank are given.

    Returns:
        Columns of CANDIDATE_SCHEMA, sorted by subuser, rank and email_key. A name that
        no customer resembles has no row.
    """
    subuser = pa.array(names.distinct(subusers), pa.string())
    try:
        found = evidence(subuser, documents, least=LEAST_SIMILAR, is_thorough=True)
    except TooManyPairsError:
        middle = len(subuser) // 2
        halves = subuser.slice(0, middle), subuser.slice(middle)
        return pa.concat_tables(
            nearest(half, documents, limit=limit) for half in halves
        )
    rank = tied_ranks(found)
    found, rank = found.take(rank < limit), rank[rank < limit]
    customer = pa.array(found.customer)
    columns = {
        "subuser": subuser.take(pa.array(found.query)),
        "rank": rank + 1,
        "email_key": documents.email_keys.take(customer),
        "email": documents.emails.take(customer),
        "field": np.array(FIELDS)[found.field],
        "rule": np.array(GROUNDS)[found.ground],
        "score": found.score,
        "explanation": list(words.reasons(found, documents)),
    }
    return pa.table(columns).cast(CANDIDATE_SCHEMA)
