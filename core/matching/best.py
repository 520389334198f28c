"""The best rule: exact where it can be, cautious where it cannot, always explained.

Evidence in order of strength: a person's decision; the same name as a stored username,
as it is or without inserted strings; the same name but for the ending of its era; the
same handle, or a cut name with the same suffix and a clear lead. A customer matches
only if no other customer has evidence of the same strength. Ties, thin margins, short
handles, destroyed names and whatever is only similar go to review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.matching import exact, names, near, similarity, verdict
from core.matching.decisions import applied
from core.matching.documents import prepared
from core.matching.evidence import NAME_TIER, joined, ranked
from core.matching.schemas import MATCH_SCHEMA, Ground

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

    from core.matching.documents import Documents
    from core.matching.evidence import Evidence
    from core.matching.names import Inserted

NO_DECISIONS: Final[dict[str, str | None]] = {}
"""Decisions where nobody has decided anything yet."""

_DECIDED: Final = (Ground.DECISION.value, Ground.DECISION_NONE.value)


def match(
    subusers: pa.Array | Sequence[str],
    customers: pa.Table,
    *,
    inserted: Inserted,
    decisions: Mapping[str, str | None] = NO_DECISIONS,
    previous: pa.Table | None = None,
) -> pa.Table:
    """Match by the strongest evidence; the order of names or customers is no matter.

    Args:
        subusers: Names as the provider sent them; none is null, each is matched once.
        customers: Columns of CUSTOMER_NAMES_SCHEMA.
        inserted: Strings that the shop inserted into usernames.
        decisions: Email of the customer that a person chose for a subuser, or None
            for "no customer". They win over everything.
        previous: An earlier result for the same customers and inserted strings; its
            rows are used again, so that only new names and decisions cost time.

    Returns:
        Columns of MATCH_SCHEMA, one row per distinct subuser, sorted by subuser.
    """
    return match_prepared(
        subusers,
        lambda: prepared(customers, inserted),
        decisions=decisions,
        previous=previous,
    )


def match_prepared(
    subusers: pa.Array | Sequence[str],
    made_ready: Callable[[], Documents],
    *,
    decisions: Mapping[str, str | None] = NO_DECISIONS,
    previous: pa.Table | None = None,
) -> pa.Table:
    """Match as match does, to documents that are asked for only if they are needed."""
    wanted = names.distinct(subusers)
    known = _still_right(previous, wanted, decisions)
    have = set(known["subuser"].to_pylist()) | decisions.keys()
    new = [name for name in wanted if name not in have]
    decided = {name: decisions[name] for name in wanted if name in decisions}
    parts = [known]
    if new or decided:
        documents = made_ready()
        subuser = pa.array(new, pa.string())
        parts += _judged(subuser, documents)
        parts.append(applied(decided, documents))
    found = pa.concat_tables(parts)
    return found.take(pc.sort_indices(found["subuser"])).combine_chunks()


def _judged(subusers: pa.Array, documents: Documents) -> list[pa.Table]:
    """Judge distinct names, fewer at a time where each is like very many others.

    A name's verdict rests on its own evidence alone.
    """
    try:
        found = evidence(subusers, documents)
    except similarity.TooManyPairsError:
        middle = len(subusers) // 2
        halves = subusers.slice(0, middle), subusers.slice(middle)
        return [part for half in halves for part in _judged(half, documents)]
    return [verdict.judged(subusers, found, documents)]


def evidence(
    subusers: pa.Array,
    documents: Documents,
    *,
    least: Fraction = near.LEAST_SIMILAR,
    is_thorough: bool = False,
) -> Evidence:
    """Gather the evidence for distinct names: customers by query, the nearest first.

    A destroyed name is compared only with what a spreadsheet makes of stored names.

    Args:
        subusers: Distinct names; queries are places in them.
        documents: The documents of all customers.
        least: Least similarity, 0..1.
        is_thorough: Look for similar names even of those that equal a stored one.

    Raises:
        TooManyPairsError: There is more evidence than can be held at a time.
    """
    is_destroyed = names.are_destroyed(subusers).to_numpy(zero_copy_only=False)
    intact, gone = np.flatnonzero(~is_destroyed), np.flatnonzero(is_destroyed)
    same = exact.found(subusers.take(pa.array(intact)), documents).of(intact)
    settled = same.query[same.tier == NAME_TIER]
    open_ = intact if is_thorough else np.setdiff1d(intact, settled)
    alike = near.found(subusers.take(pa.array(open_)), documents, least=least)
    lost = exact.destroyed(subusers.take(pa.array(gone)), documents).of(gone)
    return ranked(joined([same, alike.of(open_), lost]))


def _still_right(
    previous: pa.Table | None, wanted: list[str], decisions: Mapping[str, str | None]
) -> pa.Table:
    """Keep earlier rows of wanted names on which no decision was or is taken."""
    if previous is None:
        return MATCH_SCHEMA.empty_table()
    undecided = [name for name in wanted if name not in decisions]
    is_wanted = pc.is_in(previous["subuser"], pa.array(undecided, pa.string()))
    was_decided = pc.is_in(previous["rule"], pa.array(_DECIDED))
    return previous.filter(pc.and_not(is_wanted, was_decided)).cast(MATCH_SCHEMA)
