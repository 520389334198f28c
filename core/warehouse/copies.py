"""Copies of views as bytes of a file, written by DuckDB itself."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from core.models import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from core.warehouse.store import Warehouse


def loaded_kinds(warehouse: Warehouse) -> frozenset[Kind]:
    """Tell which kinds have a live batch."""
    rows = warehouse.rows("SELECT DISTINCT kind FROM batch WHERE withdrawn_at IS NULL")
    return frozenset(Kind(str(kind)) for (kind,) in rows)


def rows(warehouse: Warehouse, view: str) -> list[tuple[object, ...]]:
    """Return all rows of a view in its order."""
    return warehouse.rows(f'SELECT * FROM "{view}"')


def table(warehouse: Warehouse, view: str) -> pa.Table:
    """Return a view as an Arrow table, in its order."""
    return warehouse.table(f'SELECT * FROM "{view}"')


def csv_bytes(warehouse: Warehouse, view: str, columns: Sequence[str]) -> bytes:
    """Return a view as CSV: header, commas, line feeds, quotes only where needed.

    Args:
        warehouse: Where the view is.
        view: A view of text columns in order.
        columns: Its columns, in the order of the file.
    """
    target = warehouse.scratch / f"{uuid.uuid4().hex}.csv"
    # DuckDB quotes an empty text to tell it from null; a reader of CSV cannot.
    selected = ", ".join(f'nullif("{name}", \'\') AS "{name}"' for name in columns)
    with warehouse.reading() as cursor:
        cursor.execute(
            f"COPY (SELECT {selected} FROM \"{view}\") TO '{target}' "
            "(FORMAT csv, HEADER true, DELIMITER ',')"
        )
    try:
        return target.read_bytes()
    finally:
        target.unlink()
