"""Decisions: what a person said about a subuser. They survive every later file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import OptionError
from core.warehouse.store import first, number

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Decision:
    """One live decision. email_key is None where the subuser is no customer's.

    decided_at is UTC without a zone.
    """

    decision_id: int
    subuser: str
    email_key: str | None
    note: str
    decided_at: datetime
    decided_by: str


def live(warehouse: Warehouse) -> tuple[Decision, ...]:
    """List the decisions that count, newest first; one for each subuser."""
    rows = warehouse.rows(
        "SELECT decision_id, subuser, email_key, note, decided_at, decided_by "
        "FROM decision WHERE withdrawn_at IS NULL ORDER BY decision_id DESC"
    )
    return tuple(Decision(*row) for row in rows)  # type: ignore[arg-type]


def decide(
    warehouse: Warehouse,
    subuser: str,
    email_key: str | None,
    *,
    note: str = "",
    now: datetime,
    by: str,
) -> int:
    """Record that a subuser is a customer's, or nobody's (None); return its id.

    An earlier decision on the same subuser is withdrawn.

    Raises:
        OptionError: No customer has this email.
    """
    with warehouse.writing() as cursor:
        if email_key is not None and not _exists(cursor, email_key):
            raise OptionError(f"No customer has the email {email_key!r}.")
        cursor.execute(
            "UPDATE decision SET withdrawn_at = ?, withdrawn_by = ? "
            "WHERE subuser = ? AND withdrawn_at IS NULL",
            [now, by, subuser],
        )
        values = [subuser, email_key, note, now, by]
        return number(
            cursor,
            "INSERT INTO decision SELECT coalesce(max(decision_id), 0) + 1, "
            "?, ?, ?, ?, ?, NULL, NULL FROM decision RETURNING decision_id",
            values,
        )


def withdraw(warehouse: Warehouse, decision_id: int, *, now: datetime, by: str) -> None:
    """Take a decision back; matching decides again.

    Raises:
        OptionError: There is no such decision, or it is withdrawn already.
    """
    with warehouse.writing() as cursor:
        found = first(
            cursor,
            "UPDATE decision SET withdrawn_at = ?, withdrawn_by = ? "
            "WHERE decision_id = ? AND withdrawn_at IS NULL RETURNING decision_id",
            [now, by, decision_id],
        )
        if found is None:
            raise OptionError(f"There is no decision {decision_id} to take back.")


def _exists(cursor: duckdb.DuckDBPyConnection, email_key: str) -> bool:
    query = "SELECT count(*) > 0 FROM current_customers WHERE email_key = ?"
    return bool(first(cursor, query, [email_key]))
