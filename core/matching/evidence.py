"""Evidence: what speaks for a customer, how strongly, and which customer leads."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from core.matching.schemas import Field, Ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

FIELDS: Final = tuple(Field)
"""Fields by their number in evidence; of equal evidence the first field counts."""

GROUNDS: Final = (
    Ground.RAW_NAME,
    Ground.CLEAN_NAME,
    Ground.FOLDED_NAME,
    Ground.STEM,
    Ground.HANDLE,
    Ground.CUT_NAME,
    Ground.CUT_HANDLE,
    Ground.ACCOUNT_ID,
    Ground.DESTROYED,
    Ground.SIMILAR_NAME,
    Ground.SIMILAR_HANDLE,
)
"""Grounds by their number in evidence, the strongest first."""

NAME_TIER: Final = 0
"""Tier of evidence by a whole name."""

_TIERS: Final = np.array([NAME_TIER, NAME_TIER, NAME_TIER, 1, 2, 2, 3, 3, 3, 3, 3])
"""Tier of each of GROUNDS. Two customers in one tier are a tie; nothing in the last
tier is sufficient."""


@dataclass(frozen=True)
class Evidence:
    """Reasons for customers, as columns of equal length.

    query is the subuser's place, row the document, customer its owner, ground and
    field numbers in GROUNDS and FIELDS. score runs from 0 to 100. shared is the count
    of characters in common, length that of the customer's text. is_sufficient
    tells whether this reason may match without a person if no other customer is near.
    """

    query: Ints
    row: Ints
    customer: Ints
    ground: Ints
    field: Ints
    score: Floats
    shared: Ints
    length: Ints
    is_sufficient: Flags

    def __len__(self) -> int:
        return len(self.query)

    @property
    def tier(self) -> Ints:
        """Strength of each reason: 0 is the strongest."""
        tiers: Ints = _TIERS[self.ground]
        return tiers

    def of(self, queries: Ints) -> Evidence:
        """Renumber queries that were places in a part of all names."""
        return replace(self, query=queries[self.query])

    def take(self, positions: Ints | Flags) -> Evidence:
        """Keep the reasons at these positions, in this order."""
        kept = (getattr(self, each.name)[positions] for each in fields(self))
        return Evidence(*kept)


def joined(parts: Sequence[Evidence]) -> Evidence:
    """Put parts of evidence, at least one, under each other."""
    columns = (
        np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Evidence)
    )
    return Evidence(*columns)


def ranked(evidence: Evidence) -> Evidence:
    """Keep each customer's strongest reason, nearest customer first, by query.

    Equal customers stand in the order of their email_key, whatever the order of the
    documents was.
    """
    by_customer = np.lexsort(
        (
            evidence.field,
            -evidence.shared,
            ~evidence.is_sufficient,
            evidence.ground,
            -evidence.score,
            evidence.tier,
            evidence.customer,
            evidence.query,
        )
    )
    kept = evidence.take(by_customer)
    kept = kept.take(_is_first(kept.query, kept.customer))
    order = np.lexsort((kept.customer, -kept.score, kept.tier, kept.query))
    return kept.take(order)


def ranks(query: Ints) -> Ints:
    """Number sorted queries from 0 within each."""
    starts = np.flatnonzero(_is_first(query))
    counts = np.diff(np.append(starts, len(query)))
    places: Ints = np.arange(len(query)) - np.repeat(starts, counts)
    return places


def tied_ranks(ranked_evidence: Evidence) -> Ints:
    """Number the customers of each query from 0; equal tier and score, equal number."""
    query, tier, score = (
        ranked_evidence.query,
        ranked_evidence.tier,
        ranked_evidence.score,
    )
    number = ranks(query)
    is_new = _is_first(query, tier, score)
    place: Ints = np.flatnonzero(is_new)[np.cumsum(is_new) - 1]
    tied: Ints = number[place]
    return tied


def _is_first(*columns: Ints | Floats) -> Flags:
    """Mark rows that differ from the row before in one of the columns."""
    first = np.ones(len(columns[0]), np.bool_)
    if len(first):
        first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return first
