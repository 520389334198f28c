"""Revenues: money by month, currency and payer, summed anew when a file changes it.

They rest on all ledger and Payments files together: a file can change from which of
them any month is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.models import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

KINDS: Final = frozenset({Kind.STRIPE_LEDGER, Kind.STRIPE_PAYMENTS})
"""Kinds that tell revenue."""


def refresh(cursor: duckdb.DuckDBPyConnection, kinds: Collection[Kind] = KINDS) -> None:
    """Sum again after a change to these kinds; others change nothing."""
    if KINDS.isdisjoint(kinds):
        return
    for table in ("revenue_basis", "revenue_line"):
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}_now")
