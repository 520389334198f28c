"""Decisions: what a person said of a subuser, which wins over all evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from core.matching import accounts, exact, words
from core.matching.evidence import ranked
from core.matching.schemas import MATCH_SCHEMA, Ground
from core.models import MatchStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.matching.documents import Documents


def applied(decisions: Mapping[str, str | None], documents: Documents) -> pa.Table:
    """Write decisions as matches.

    Args:
        decisions: The chosen email of each subuser, or None for "no customer".
        documents: The documents of all customers.

    Returns:
        Columns of MATCH_SCHEMA, one row per decision, in no particular order. An
        email that no document has now stays chosen. Account and id are told only if
        the chosen customer has the very name.
    """
    if not decisions:
        return MATCH_SCHEMA.empty_table()
    shown = documents.shown_emails
    known = _accounts(decisions, documents)
    rows = []
    for subuser, email in decisions.items():
        if email is None:
            rows.append(_row(subuser, MatchStatus.UNMATCHED, Ground.DECISION_NONE))
            continue
        key = email.strip().lower()
        account, account_id = known.get((subuser, key), (None, None))
        rows.append(
            _row(subuser, MatchStatus.MATCHED, Ground.DECISION)
            | {"email_key": key, "email": shown.get(key, email)}
            | {"subuser_type": account, "subuser_id": account_id}
            | ({} if key in shown else {"explanation": words.DECIDED_UNKNOWN})
        )
    return pa.Table.from_pylist(rows, MATCH_SCHEMA)


def _row(subuser: str, status: MatchStatus, ground: Ground) -> dict[str, str | None]:
    """Begin a row; columns that are not named are null."""
    explanation = words.DECIDED[ground]
    return {
        "subuser": subuser,
        "status": status.value,
        "rule": ground.value,
        "explanation": explanation,
    }


def _accounts(
    decisions: Mapping[str, str | None], documents: Documents
) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Find account and id of each subuser and customer that share a whole name."""
    subusers = pa.array(decisions, pa.string())
    same = ranked(exact.same_names(subusers, documents))
    account, account_id = accounts.of(same, documents)
    pairs = zip(
        subusers.take(pa.array(same.query)).to_pylist(),
        documents.email_keys.take(pa.array(same.customer)).to_pylist(),
        strict=True,
    )
    values = zip(account.to_pylist(), account_id.to_pylist(), strict=True)
    return dict(zip(pairs, values, strict=True))
