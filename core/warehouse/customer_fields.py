"""Names of customer fields that staff chose, remembered for like collections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.actors import Action, Deed
from core.mongo.rows import CustomerFields

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.warehouse.store import Warehouse


def find(
    warehouse: Warehouse, collection_fields: Sequence[str]
) -> CustomerFields | None:
    """Return what was chosen for a collection with these fields; None if nothing."""
    rows = warehouse.rows(
        "SELECT email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username "
        "FROM customer_fields WHERE collection_fields = ?",
        [_key(collection_fields)],
    )
    return CustomerFields(*map(str, rows[0])) if rows else None


def save(
    warehouse: Warehouse,
    collection_fields: Sequence[str],
    chosen: CustomerFields,
    *,
    now: datetime,
    by: str,
) -> None:
    """Remember what a person chose for collections with these fields."""
    values = [_key(collection_fields), *chosen.names, now, by]
    names = [name for name in chosen.names if name]
    deed = Deed(Action.LAYOUT, f"customers: {', '.join(names)}", now, by)
    with warehouse.writing(deed) as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO customer_fields VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )


def _key(collection_fields: Sequence[str]) -> str:
    """Name a set of fields, whatever their order."""
    return "\n".join(sorted(collection_fields))
