"""The audit: who changed what and when, as each change recorded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.actors import Action, Deed

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse


def deeds(warehouse: Warehouse) -> tuple[Deed, ...]:
    """List everything that people changed, newest first."""
    rows = warehouse.rows(
        "SELECT action, detail, done_at, done_by FROM deed ORDER BY deed_id DESC"
    )
    return tuple(Deed(Action(str(row[0])), *row[1:]) for row in rows)  # type: ignore[arg-type]
