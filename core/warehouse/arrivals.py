"""Arrivals: what holds for the keys of a file once it is loaded.

A file's rows replace what was loaded; Stripe's rows are merged with what other live
files say of the same payment or transaction, so that the order of loading is nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Kind, Reading
from core.warehouse import keys
from core.warehouse.entities import ENTITIES, Entity
from core.warehouse.schema import SQL
from core.warehouse.store import first

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

LIVE: Final = (
    "(batch_id < 0 OR batch_id IN "
    "(SELECT batch_id FROM batch WHERE withdrawn_at IS NULL))"
)
"""Rows that count; a batch of a plan that is being made has a number below zero."""


@dataclass(frozen=True)
class Arrival:
    """A file in the database while it is compared or stored, as SQL to select from.

    sent are its rows; holding is what will hold for their keys. Both have batch_id and
    the columns of the entity. has_clash: some of its keys are loaded already. reach is
    a condition that every loaded row of its periods meets; it spares the others.
    """

    sent: str
    holding: str
    has_clash: bool
    reach: str


@contextmanager
def arriving(
    cursor: duckdb.DuckDBPyConnection, reading: Reading, *, batch_id: int
) -> Iterator[Arrival]:
    """Give a file to the database as table incoming, and say what it will make hold."""
    entity = ENTITIES[reading.kind]
    sent = f"(SELECT {batch_id}::BIGINT AS batch_id, {entity.columns} FROM incoming)"
    cursor.register("incoming", _completed(cursor, reading))
    reach = _reach(cursor, reading)
    has_clash = _has_clash(cursor, entity, reach)
    if has_clash and entity.is_merged:
        rows = f"SELECT * FROM {sent} UNION ALL {loaded_versions(entity, 'incoming')}"
        merge(cursor, entity, rows)
        yield Arrival(sent, "holding", has_clash, reach)
        cursor.execute("DROP TABLE holding")
    else:
        yield Arrival(sent, sent, has_clash, reach)
    cursor.unregister("incoming")


def loaded_versions(entity: Entity, keyed: str) -> str:
    """Return the query of all live rows whose key stands in another table."""
    return (
        f"SELECT r.* FROM {entity.rows} AS r SEMI JOIN {keyed} USING ({entity.keys}) "
        f"WHERE {LIVE}"
    )


def merge(cursor: duckdb.DuckDBPyConnection, entity: Entity, rows: str) -> None:
    """Make table holding: one row for each key out of the rows of a query."""
    merging = (SQL / f"merged_{entity.kind}.sql").read_text(encoding="utf-8")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE versions AS {rows}")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE holding AS {merging}")
    cursor.execute("DROP TABLE versions")


def _reach(cursor: duckdb.DuckDBPyConnection, reading: Reading) -> str:
    """Bound the loaded rows that a file can touch, in words that DuckDB skips by."""
    if reading.kind is not Kind.USAGE or not reading.rows.num_rows:
        return "true"
    days = pc.min_max(reading.rows["period_start"]).as_py()
    provider = keys.provider_key(cursor, reading.provider)
    return (
        f"(period_start BETWEEN DATE '{days['min']:%Y-%m-%d}' "
        f"AND DATE '{days['max']:%Y-%m-%d}' AND provider_key = {provider})"
    )


def _has_clash(cursor: duckdb.DuckDBPyConnection, entity: Entity, reach: str) -> bool:
    within = f"FROM {entity.current} WHERE {reach}"
    if first(cursor, f"SELECT 1 {within} LIMIT 1") is None:
        return False
    found = first(
        cursor,
        f"SELECT count(*) FROM (SELECT {entity.keys} {within}) "
        f"SEMI JOIN incoming USING ({entity.keys})",
    )
    return bool(found)


def _completed(cursor: duckdb.DuckDBPyConnection, reading: Reading) -> pa.Table:
    """Return the rows with the columns of their table that a source does not give."""
    rows = reading.rows
    if reading.kind is Kind.USAGE:
        return keys.keyed(cursor, reading)
    if reading.kind is Kind.STRIPE_PAYMENTS:
        moment = pa.scalar(_snapshot_at(rows), pa.timestamp("us"))
        return rows.add_column(1, "snapshot_at", pa.repeat(moment, len(rows)))
    return rows


def _snapshot_at(payments: pa.Table) -> object:
    """Tell the newest thing that an export knows of: it cannot be older than that."""
    names = ("created_at", "refunded_at", "disputed_at")
    newest = [pc.max(payments.column(name)).as_py() for name in names]
    return max((moment for moment in newest if moment is not None), default=None)
