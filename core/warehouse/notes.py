"""Notes: what staff wrote about a customer, with who and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.actors import Action, Deed
from core.errors import OptionError

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse

LONGEST: Final = 4000
"""Characters of a note: a page of text."""


@dataclass(frozen=True)
class Note:
    """One note. owner is the customer's key; saved_at is UTC without a zone."""

    note_id: int
    owner: str
    note: str
    saved_at: datetime
    saved_by: str


def history(warehouse: Warehouse, owner: str) -> tuple[Note, ...]:
    """List all notes on a customer, the newest first, which is the one that counts.

    An empty one says that there was no note from then on.
    """
    rows = warehouse.rows(
        "SELECT note_id, owner, note, saved_at, saved_by FROM customer_note "
        "WHERE owner = ? ORDER BY note_id DESC",
        [owner],
    )
    return tuple(Note(*row) for row in rows)  # type: ignore[arg-type]


def save(
    warehouse: Warehouse, owner: str, note: str, *, now: datetime, by: str
) -> bool:
    """Write a note in place of the one before, which is kept; empty takes it away.

    Blanks around it are left out. No figure and no download rests on a note.

    Returns:
        Whether it was another than the one before.

    Raises:
        ForbiddenError: The actor of the warehouse is a viewer; nothing was written.
        OptionError: It is too long.
    """
    text = note.strip()
    if len(text) > LONGEST:
        raise OptionError(
            f"The note has {len(text):,} characters. Shorten it to {LONGEST:,}."
        )
    before = history(warehouse, owner)
    if text == (before[0].note if before else ""):
        return False
    with warehouse.writing(Deed(Action.NOTE, owner, now, by)) as cursor:
        cursor.execute(
            "INSERT INTO customer_note SELECT coalesce(max(note_id), 0) + 1, "
            "?, ?, ?, ? FROM customer_note",
            [owner, text, now, by],
        )
    return True
