"""Decisions: what a person said about a subuser. They survive every later file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.actors import Action, Deed, named
from core.errors import OptionError
from core.warehouse.store import first, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from core.models import Choice
    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Decision:
    """One live decision. email_key is None where the subuser is no customer's.

    reason is a NoCustomer, empty for a customer. decided_at is UTC without a zone.
    """

    decision_id: int
    subuser: str
    email_key: str | None
    reason: str
    note: str
    decided_at: datetime
    decided_by: str


def live(warehouse: Warehouse) -> tuple[Decision, ...]:
    """List the decisions that count, newest first; one for each subuser."""
    rows = warehouse.rows(
        "SELECT decision_id, subuser, email_key, reason, note, decided_at, decided_by "
        "FROM decision WHERE withdrawn_at IS NULL ORDER BY decision_id DESC"
    )
    return tuple(Decision(*row) for row in rows)  # type: ignore[arg-type]


def decide(
    warehouse: Warehouse, choices: Sequence[Choice], *, now: datetime, by: str
) -> tuple[int, ...]:
    """Record what a person says of some subusers, all or nothing; return the ids.

    An earlier decision on the same subuser is withdrawn.

    Raises:
        OptionError: No customer has one of the emails; nothing was recorded.
    """
    said = [_said(choice) for choice in choices]
    with warehouse.writing(Deed(Action.DECISION, named(said), now, by)) as cursor:
        for choice in choices:
            if choice.email_key is not None and not _exists(cursor, choice.email_key):
                raise OptionError(f"No customer has the email {choice.email_key!r}.")
        return tuple(_store(cursor, choice, now, by) for choice in choices)


def withdraw(warehouse: Warehouse, decision_id: int, *, now: datetime, by: str) -> None:
    """Take a decision back; matching decides again.

    Raises:
        OptionError: There is no such decision, or it is withdrawn already.
    """
    with warehouse.writing(_back(warehouse, [decision_id], now, by)) as cursor:
        _withdraw(cursor, decision_id, now, by)


def undo(
    warehouse: Warehouse, decision_ids: Sequence[int], *, now: datetime, by: str
) -> None:
    """Take decisions back as if they had never been: those before them count again.

    Raises:
        OptionError: One of them is withdrawn already; nothing was changed.
    """
    with warehouse.writing(_back(warehouse, decision_ids, now, by)) as cursor:
        for decision_id in decision_ids:
            _withdraw(cursor, decision_id, now, by)
            cursor.execute(_REVIVE, [decision_id])


_REVIVE: Final = (
    "UPDATE decision SET withdrawn_at = NULL, withdrawn_by = NULL WHERE decision_id = ("
    "SELECT max(before.decision_id) FROM decision AS before JOIN decision AS undone "
    "ON before.subuser = undone.subuser AND before.withdrawn_at = undone.decided_at "
    "AND before.decision_id < undone.decision_id WHERE undone.decision_id = ?)"
)


def _said(choice: Choice) -> str:
    whose = choice.email_key or f"no customer ({choice.reason or 'no reason'})"
    return f"{choice.subuser} is {whose}"


def _back(
    warehouse: Warehouse, decision_ids: Sequence[int], now: datetime, by: str
) -> Deed:
    """Name the subusers whose decisions are taken back."""
    rows = warehouse.rows(
        "SELECT subuser FROM decision WHERE list_contains(?, decision_id) ORDER BY 1",
        [list(decision_ids)],
    )
    subusers = [str(subuser) for (subuser,) in rows]
    return Deed(Action.DECISION_BACK, named(subusers), now, by)


def _store(
    cursor: duckdb.DuckDBPyConnection, choice: Choice, now: datetime, by: str
) -> int:
    cursor.execute(
        "UPDATE decision SET withdrawn_at = ?, withdrawn_by = ? "
        "WHERE subuser = ? AND withdrawn_at IS NULL",
        [now, by, choice.subuser],
    )
    reason = choice.reason.value if choice.reason else ""
    return number(
        cursor,
        "INSERT INTO decision (decision_id, subuser, email_key, reason, note, "
        "decided_at, decided_by) SELECT coalesce(max(decision_id), 0) + 1, "
        "?, ?, ?, ?, ?, ? FROM decision RETURNING decision_id",
        [choice.subuser, choice.email_key, reason, choice.note, now, by],
    )


def _withdraw(
    cursor: duckdb.DuckDBPyConnection, decision_id: int, now: datetime, by: str
) -> None:
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
