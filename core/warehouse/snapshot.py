"""One committed state of the warehouse, from which several files are written."""

from __future__ import annotations

import shutil
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from core.warehouse.store import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    import pyarrow as pa

    from core.warehouse.selection import Selection
    from core.warehouse.store import Warehouse

BATCH_ROWS: Final = 50_000
"""Rows that are in memory at a time where a file is not written by DuckDB itself."""


class Snapshot:
    """Rows as they were when the snapshot was taken, whatever is loaded meanwhile."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self._cursor = cursor
        self._scratch = scratch
        self.version = number(cursor, "SELECT version FROM state")

    def put(self, name: str, table: pa.Table) -> None:
        """Let selections read a table as they read a view of the warehouse."""
        self._cursor.register(name, table)

    def csv(
        self,
        selection: Selection,
        target: Path,
        *,
        is_safe: bool = True,
        has_days: bool = False,
    ) -> None:
        """Write CSV: header, commas, line feeds, quotes only where needed."""
        query = selection.text(is_safe=is_safe, has_days=has_days)
        self._copy(query, target, "FORMAT csv, HEADER true, DELIMITER ','")

    def parquet(self, selection: Selection, target: Path) -> None:
        """Write Parquet with integers, decimals and dates as such."""
        self._copy(selection.typed(), target, "FORMAT parquet, COMPRESSION zstd")

    def batches(
        self, selection: Selection, *, has_empty: bool = False
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows, typed, some at a time; has_empty keeps text that is empty."""
        query = selection.typed(has_empty=has_empty)
        yield from self._cursor.sql(query).to_arrow_reader(BATCH_ROWS)

    def count(self, selection: Selection) -> int:
        """Count the rows."""
        return number(self._cursor, f"SELECT count(*) FROM ({selection.typed()})")

    def _copy(self, query: str, target: Path, options: str) -> None:
        # DuckDB may write into its own folder only.
        made = self._scratch / uuid.uuid4().hex
        try:
            self._cursor.execute(f"COPY ({query}) TO '{made}' ({options})")
            shutil.move(made, target)
        finally:
            made.unlink(missing_ok=True)


@contextmanager
def of(warehouse: Warehouse) -> Iterator[Snapshot]:
    """Take a snapshot; it ends with the context."""
    with warehouse.reading() as cursor:
        yield Snapshot(cursor, warehouse.scratch)
