"""Rows of views, and which kinds there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import Kind
from core.warehouse.store import number

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from core.warehouse.store import Warehouse


def loaded_kinds(warehouse: Warehouse) -> frozenset[Kind]:
    """Tell which kinds have a live batch."""
    rows = warehouse.rows("SELECT DISTINCT kind FROM batch WHERE withdrawn_at IS NULL")
    return frozenset(Kind(str(kind)) for (kind,) in rows)


def usage_rows(
    warehouse: Warehouse,
    first_month: date | None = None,
    last_month: date | None = None,
) -> int:
    """Count usage by provider, subuser and month: how much there is to write.

    Months are first days, both inclusive; None is open.
    """
    with warehouse.reading() as cursor:
        return number(
            cursor,
            "SELECT count(*) FROM usage_fact "
            "WHERE month BETWEEN coalesce(?, DATE '0001-01-01') "
            "AND coalesce(?, DATE '9999-12-01')",
            [first_month, last_month],
        )


def rows(warehouse: Warehouse, view: str) -> list[tuple[object, ...]]:
    """Return all rows of a view in its order."""
    return warehouse.rows(f'SELECT * FROM "{view}"')


def table(warehouse: Warehouse, view: str) -> pa.Table:
    """Return a view as an Arrow table, in its order."""
    return warehouse.table(f'SELECT * FROM "{view}"')
