"""Effects: what each load changed, by month, kept as its plan said it."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Final

from core.warehouse.differences import MonthChange

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from core.warehouse.store import Warehouse

_COLUMNS: Final = ", ".join(field.name for field in fields(MonthChange))


def insert(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, changes: Sequence[MonthChange]
) -> None:
    """Record what a batch changes."""
    rows = [(batch_id, *astuple(change)) for change in changes]
    if not rows:
        return
    marks = ", ".join("?" for _ in rows[0])
    cursor.executemany(
        f"INSERT INTO batch_month (batch_id, {_COLUMNS}) VALUES ({marks})", rows
    )


def of_batch(warehouse: Warehouse, batch_id: int) -> tuple[MonthChange, ...]:
    """Return what a batch changed when it was loaded, by month and currency.

    It tells of that moment: later loads may have changed the same rows again.
    """
    rows = warehouse.rows(
        f"SELECT {_COLUMNS} FROM batch_month WHERE batch_id = ? "
        "ORDER BY month, currency",
        [batch_id],
    )
    return tuple(MonthChange(*row) for row in rows)  # type: ignore[arg-type]
