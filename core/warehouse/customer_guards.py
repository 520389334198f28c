"""Guards of customers: whom a newer file no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import Kind, Reading
from core.warehouse.guards import Guard

if TYPE_CHECKING:
    import duckdb


def of_customers(
    cursor: duckdb.DuckDBPyConnection, reading: Reading
) -> tuple[Guard, ...]:
    """Tell how many current customers a file of customers does not have.

    Args:
        cursor: In the state that the file would be loaded into.
        reading: The file; of any kind but customers nothing is told.
    """
    if reading.kind is not Kind.CUSTOMERS:
        return ()
    cursor.register("sent", reading.rows.select(["email_key"]))
    ((known, absent),) = cursor.execute(
        "SELECT count(*), "
        "count(*) FILTER (email_key NOT IN (SELECT email_key FROM sent)) FROM customer"
    ).fetchall()
    cursor.unregister("sent")
    if not absent:
        return ()
    is_are = "is" if absent == 1 else "are"
    return (
        Guard(
            f"{absent:,} of {known:,} current customers {is_are} not in this file. "
            "They stay, marked as not in the newest file."
        ),
    )
