"""Spans: time of which a Stripe ledger file holds every row.

A report tells its period by its name. All activity does not: from its first to its last
month it is taken as whole, but for the months that its reader calls partial.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Kind, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb

MARGIN: Final = timedelta(days=1)
"""A month taken as whole is whole in every time zone, whose months begin otherwise."""


def insert(
    cursor: duckdb.DuckDBPyConnection, reading: Reading, *, batch_id: int
) -> None:
    """Record the spans of a batch, for each currency in it; none for other kinds."""
    if reading.kind is not Kind.STRIPE_LEDGER or not reading.rows.num_rows:
        return
    is_told = reading.covered is not None and not reading.problems
    spans = [reading.covered] if reading.covered else list(_assumed(reading))
    currencies = pc.unique(reading.rows["currency"]).to_pylist()
    for currency in sorted(currencies):
        for from_at, to_at in spans:
            values = [batch_id, currency, from_at, to_at, is_told]
            cursor.execute("INSERT INTO ledger_span VALUES (?, ?, ?, ?, ?)", values)


def _assumed(reading: Reading) -> Iterable[tuple[datetime, datetime]]:
    """Give each month from the first to the last row that is not called partial."""
    days = reading.rows["created_at"].cast(pa.date32(), safe=False)
    ends = pc.min_max(days).as_py()
    month = ends["min"].replace(day=1)
    while month <= ends["max"]:
        after = (month + timedelta(days=31)).replace(day=1)
        if month not in reading.partial_months:
            yield _midnight(month) - MARGIN, _midnight(after) + MARGIN
        month = after


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
