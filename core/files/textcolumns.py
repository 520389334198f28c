"""Columns of text held in little memory: texts that repeat are written once."""

from __future__ import annotations

import ctypes
from typing import Final

import pyarrow as pa

MIN_ROWS: Final = 50_000
"""Rows below which a column takes little memory however it is held."""

REPEATS: Final = 8
"""Rows per distinct text from which on a column is coded; fewer save nothing."""

PROBE_ROWS: Final = 20_000
"""Rows that tell whether a column repeats itself, before all are looked at."""


def packed(table: pa.Table) -> pa.Table:
    """Hold each column of strings in one piece, coded where its texts repeat.

    Columns are taken one by one and let go, so that two copies of a table never stand
    side by side. Small tables stay as they are.
    """
    if table.num_rows < MIN_ROWS:
        return table
    names, columns = table.column_names, []
    for _ in names:
        column = table.column(0)
        table = table.remove_column(0)
        columns.append(_packed(column))
    return pa.table(columns, names=names)


def plain(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as strings in one piece."""
    whole = _whole(column)
    return whole.cast(pa.string()) if pa.types.is_dictionary(whole.type) else whole


def coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column as codes of its distinct texts; every text occurs."""
    return _whole(column).dictionary_encode()


def let_go() -> None:
    """Give memory that no column needs any more back to the system."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # Of the C library of Linux; others need no telling.
        trim(0)


def _packed(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    rows = len(whole)
    probe = whole.slice(rows // 2, PROBE_ROWS)
    if len(probe.unique()) * 2 > len(probe):
        return whole
    found = whole.dictionary_encode()
    return found if len(found.dictionary) * REPEATS <= rows else whole


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
