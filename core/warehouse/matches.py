"""What matching reads and what it leaves: names in, one match per subuser out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from core.warehouse import owners
from core.warehouse.store import first

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from core.warehouse.store import Warehouse


def subusers(warehouse: Warehouse) -> pa.Table:
    """Return the distinct names with usage: column subuser, in order of the name."""
    return warehouse.table(
        "SELECT subuser FROM subuser_name "
        "SEMI JOIN usage_year USING (subuser_key) ORDER BY subuser"
    )


def customer_names(warehouse: Warehouse) -> pa.Table:
    """Return the current customer documents in file order, usernames as sent.

    Columns: position (from 0), email_key, email, oxy_id, oxy_username, brief_oxy_id,
    brief_oxy_username. Documents of an older file stand before those of a newer one.
    """
    return warehouse.table(_CUSTOMER_NAMES)


def named_customers(warehouse: Warehouse) -> tuple[str, pa.Table]:
    """Return customers_fingerprint and customer_names of one and the same state."""
    with warehouse.reading() as cursor:
        made_for = _customers_fingerprint(cursor)
        return made_for, cursor.sql(_CUSTOMER_NAMES).to_arrow_table()


_CUSTOMER_NAMES: Final = (
    "SELECT row_number() OVER (ORDER BY batch_id, position) - 1 AS position, "
    "email_key, email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username "
    "FROM current_customers ORDER BY position"
)


def is_fresh(warehouse: Warehouse) -> bool:
    """Tell whether the stored matches belong to the data that are loaded now."""
    with warehouse.reading() as cursor:
        stored = first(cursor, "SELECT fingerprint FROM match_state")
        return stored == _fingerprint(cursor)


def fingerprint(warehouse: Warehouse) -> str:
    """Name the inputs of matching: live batches, decisions and settings."""
    with warehouse.reading() as cursor:
        return _fingerprint(cursor)


def customers_fingerprint(warehouse: Warehouse) -> str:
    """Name the customers and the settings that they are matched by."""
    with warehouse.reading() as cursor:
        return _customers_fingerprint(cursor)


def replace(
    warehouse: Warehouse, matches: pa.Table, *, made_for: str, is_part: bool = False
) -> bool:
    """Store matches made for a fingerprint; False if the inputs changed meanwhile.

    is_part tells that they are those of stale names: the others with usage stay.
    """
    with warehouse.deriving() as cursor:
        if _fingerprint(cursor) != made_for:
            return False
        cursor.register("made", matches)
        cursor.execute(_DELETE_STALE if is_part else "DELETE FROM match")
        cursor.execute(
            "INSERT INTO match SELECT subuser, status, email_key, email, subuser_type, "
            "subuser_id, rule, score, runner_up_email, runner_up_score, explanation "
            "FROM made"
        )
        owners.refresh(cursor)
        cursor.execute("DELETE FROM match_state")
        values = [made_for, _customers_fingerprint(cursor)]
        cursor.execute("INSERT INTO match_state VALUES (?, ?)", values)
    return True


_DELETE_STALE: Final = (
    "DELETE FROM match WHERE subuser IN (SELECT subuser FROM made) OR subuser NOT IN "
    "(SELECT subuser FROM subuser_name SEMI JOIN usage_year USING (subuser_key))"
)


def stale(warehouse: Warehouse) -> pa.Table | None:
    """Return the names whose stored match is missing or may not hold any more.

    A match holds while customers and settings are the same, and so is the decision on
    its subuser. None where customers or settings are others: all names are stale.

    Returns:
        Column subuser, in order of the name; only names with usage.
    """
    with warehouse.reading() as cursor:
        stored = first(cursor, "SELECT customers_fingerprint FROM match_state")
        if stored != _customers_fingerprint(cursor):
            return None
    return warehouse.table(_STALE)


_STALE: Final = (
    "SELECT subuser FROM subuser_name SEMI JOIN usage_year USING (subuser_key) "
    "LEFT JOIN match USING (subuser) LEFT JOIN (SELECT subuser, true AS is_decided, "
    "email_key AS chosen FROM decision WHERE withdrawn_at IS NULL) USING (subuser) "
    "WHERE rule IS NULL OR (is_decided IS NOT NULL) <> starts_with(rule, 'decision') "
    "OR (is_decided AND email_key IS DISTINCT FROM chosen) ORDER BY subuser"
)


def _fingerprint(cursor: duckdb.DuckDBPyConnection) -> str:
    return _digest(
        cursor,
        _CUSTOMERS,
        "SELECT batch_id FROM batch WHERE withdrawn_at IS NULL AND kind = 'usage' "
        "ORDER BY batch_id",
        "SELECT decision_id FROM decision WHERE withdrawn_at IS NULL ORDER BY 1",
    )


def _customers_fingerprint(cursor: duckdb.DuckDBPyConnection) -> str:
    return _digest(cursor, _CUSTOMERS)


_CUSTOMERS: Final = (
    "SELECT 'batch', batch_id::VARCHAR FROM batch "
    "WHERE withdrawn_at IS NULL AND kind = 'customers' UNION ALL "
    "SELECT name, value FROM setting WHERE name IN ('rule', 'cleaning_rules') "
    "ORDER BY ALL"
)


def _digest(cursor: duckdb.DuckDBPyConnection, *queries: str) -> str:
    parts = [cursor.execute(query).fetchall() for query in queries]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
