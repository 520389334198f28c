"""The notebook's rule: the first customer in file order that is similar enough.

Source: the notebook that this product replaces. For each subuser, over the customers
in file order, the first one wins of whom oxyUsername, briefOxyUsername (both without
the inserted strings) or the email before "@" has a ratio of at least 80. ratio is
fuzzywuzzy's with python-Levenshtein: rounded to a whole number, case counts, and 0
when a side is null or empty.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from core.matching import names, pairs
from core.matching.schemas import MATCH_SCHEMA, Account, Field, Ground
from core.matching.similarity import TooManyPairsError, similar
from core.models import MatchStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from core.matching.names import Inserted

    Ints = npt.NDArray[np.int64]

THRESHOLD: Final = 80
"""The notebook's lowest ratio, after rounding."""

LEAST: Final = Fraction(159, 200)
"""Similarity that rounds to THRESHOLD: 79.5 does, since Python rounds half to even."""

ROWS_AT_ONCE: Final = 200_000
"""Customers that are compared at a time."""

COMPARED: Final = (Field.OXY_USERNAME, Field.BRIEF_OXY_USERNAME, Field.EMAIL)
"""Fields in the order in which the notebook compared them."""


def match(
    subusers: pa.Array | Sequence[str], customers: pa.Table, *, inserted: Inserted
) -> pa.Table:
    """Match as the notebook did, defects included.

    Args:
        subusers: Names as the provider sent them; none is null, each is matched once.
        customers: Columns of CUSTOMER_NAMES_SCHEMA, in any order: position counts.
        inserted: Strings to remove from usernames, in this order.

    Returns:
        Columns of MATCH_SCHEMA, one row per distinct subuser, sorted by subuser.
        score is the highest of the three rounded ratios. subuser_type is Pro if
        the cleaned oxyUsername equals the subuser, else Basic; subuser_id is the id
        of that account, null when it has none. There is no runner-up and no review.
    """
    wanted = names.distinct(subusers)
    ordered = customers.take(pc.sort_indices(customers["position"]))
    compared = _compared(ordered, inserted)
    row = _first_hits(wanted, compared)
    return _table(wanted, ordered, compared, pa.array(row, mask=row < 0))


def _compared(customers: pa.Table, inserted: Inserted) -> list[pa.Array]:
    """Give the columns that the rule compares, in the order of COMPARED."""
    return [
        names.cleaned(customers["oxy_username"].combine_chunks(), inserted),
        names.cleaned(customers["brief_oxy_username"].combine_chunks(), inserted),
        names.local_parts(customers["email"].combine_chunks()),
    ]


def _first_hits(wanted: list[str], compared: list[pa.Array]) -> Ints:
    """Find the row of each name's first hit, -1 for none.

    Rows go by in parts, so that names with a hit are compared no further.
    """
    first = np.full(len(wanted), -1, np.int64)
    for start in range(0, len(compared[0]), ROWS_AT_ONCE):
        part = [column.slice(start, ROWS_AT_ONCE) for column in compared]
        open_ = np.flatnonzero(first < 0)
        hits = _hits([wanted[place] for place in open_.tolist()], part)
        first[open_] = np.where(hits >= 0, hits + start, -1)
    return first


def _hits(wanted: list[str], compared: list[pa.Array]) -> Ints:
    """Find the first row, by number, that each name is similar to; -1 for none."""
    rows = len(compared[0])
    texts, row = pairs.readings(compared)
    targets = pc.unique(texts)
    where = pairs.places(texts, targets)
    first_row = np.minimum.reduceat(row[where.positions], where.start)
    try:
        found = similar(
            wanted, targets.to_pylist(), least=LEAST, is_bounded=len(wanted) > 1
        )
    except TooManyPairsError:
        middle = len(wanted) // 2
        halves = wanted[:middle], wanted[middle:]
        return np.concatenate([_hits(half, compared) for half in halves])
    first = np.full(len(wanted), rows, np.int64)
    np.minimum.at(first, found.query, first_row[found.target])
    return np.where(first == rows, -1, first)


def _table(
    wanted: list[str], customers: pa.Table, compared: list[pa.Array], row: pa.Array
) -> pa.Table:
    """Write each name and the row that it hit (null for none) as a match table."""
    hit, subuser = customers.take(row), pa.array(wanted, pa.string())
    is_hit = pc.is_valid(row)
    is_pro = pc.fill_null(pc.equal(compared[0].take(row), subuser), False)
    account_id = pc.if_else(
        is_pro, hit["oxy_id"].combine_chunks(), hit["brief_oxy_id"].combine_chunks()
    )
    account = pc.if_else(is_pro, Account.PRO.value, Account.BASIC.value)
    status = pc.if_else(is_hit, MatchStatus.MATCHED.value, MatchStatus.UNMATCHED.value)
    score, words = _scores(wanted, [column.take(row) for column in compared])
    nothing = pa.nulls(len(wanted))
    columns = {
        "subuser": subuser,
        "status": status,
        "email_key": hit["email_key"],
        "email": hit["email"],
        "subuser_type": pc.if_else(is_hit, account, None),
        "subuser_id": pc.if_else(pc.equal(account_id, ""), None, account_id),
        "rule": pc.if_else(is_hit, Ground.NOTEBOOK.value, Ground.NONE.value),
        "score": pc.if_else(is_hit, score, None),
        "runner_up_email": nothing.cast(pa.string()),
        "runner_up_score": nothing.cast(pa.float64()),
        "explanation": words,
    }
    return pa.table(columns).cast(MATCH_SCHEMA)


def _scores(wanted: list[str], theirs: list[pa.Array]) -> tuple[pa.Array, list[str]]:
    """Give the highest ratio of each name and its hit, and say of which field it is."""
    ratios = np.array([_ratios(wanted, column) for column in theirs])
    score, field = ratios.max(axis=0), ratios.argmax(axis=0)
    words = [
        _words(best, COMPARED[at])
        for best, at in zip(score.tolist(), field.tolist(), strict=True)
    ]
    return pa.array(score, pa.float64()), words


def _ratios(wanted: list[str], theirs: pa.Array) -> Ints:
    """Work out fuzzywuzzy's ratio of each name and the text beside it.

    It is rounded as Python does, half to even, and 0 without a second text.
    """
    filled = pc.fill_null(theirs, "").to_pylist()
    found = process.cpdist(wanted, filled, scorer=fuzz.ratio, dtype=np.float64)
    is_there = pc.is_valid(theirs).to_numpy(zero_copy_only=False)
    ratios: Ints = np.rint(found * is_there).astype(np.int64)
    return ratios


def _words(score: int, field: Field) -> str:
    """Say why a name was matched, or that it was not."""
    if score < THRESHOLD:
        return f"no customer has a ratio of {THRESHOLD} or more"
    return f"first customer in the file with {THRESHOLD} or more: {score} with {field}"
