"""Labels: whose a subuser is, said by a person who saw neither score nor match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.actors import Action, Deed
from core.errors import OptionError
from core.warehouse.store import first, number

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Label:
    """One answer. email_key is None where none of those shown is the customer.

    is_open: the person cannot tell. labelled_at is UTC without a zone.
    """

    label_id: int
    subuser: str
    email_key: str | None
    is_open: bool
    labelled_at: datetime
    labelled_by: str


def live(warehouse: Warehouse) -> tuple[Label, ...]:
    """List the answers that count, newest first; one for each subuser."""
    rows = warehouse.rows(
        "SELECT label_id, subuser, email_key, is_open, labelled_at, labelled_by "
        "FROM label WHERE withdrawn_at IS NULL ORDER BY label_id DESC"
    )
    return tuple(Label(*row) for row in rows)  # type: ignore[arg-type]


def add(
    warehouse: Warehouse,
    subuser: str,
    email_key: str | None,
    *,
    is_open: bool = False,
    now: datetime,
    by: str,
) -> int:
    """Record an answer in place of an earlier one on the subuser; return its id."""
    answer = "cannot tell" if is_open else email_key or "none of those shown"
    deed = Deed(Action.LABEL, f"{subuser}: {answer}", now, by)
    with warehouse.writing(deed) as cursor:
        cursor.execute(
            "UPDATE label SET withdrawn_at = ? "
            "WHERE subuser = ? AND withdrawn_at IS NULL",
            [now, subuser],
        )
        return number(
            cursor,
            "INSERT INTO label SELECT coalesce(max(label_id), 0) + 1, "
            "?, ?, ?, ?, ?, NULL FROM label RETURNING label_id",
            [subuser, email_key, is_open, now, by],
        )


def withdraw(warehouse: Warehouse, label_id: int, *, now: datetime, by: str) -> None:
    """Take an answer back; the subuser is asked about again.

    Raises:
        OptionError: There is no such answer, or it is withdrawn already.
    """
    deed = Deed(Action.LABEL, f"answer {label_id} taken back", now, by)
    with warehouse.writing(deed) as cursor:
        found = first(
            cursor,
            "UPDATE label SET withdrawn_at = ? "
            "WHERE label_id = ? AND withdrawn_at IS NULL RETURNING label_id",
            [now, label_id],
        )
        if found is None:
            raise OptionError("This answer is taken back already.")
