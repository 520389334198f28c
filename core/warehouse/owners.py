"""Owners: whose each subuser is, by number, and the months that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb


def refresh(cursor: duckdb.DuckDBPyConnection) -> None:
    """Follow the matches as they are now, and usage that was loaded or undone.

    Years are summed anew where a load touched them, or where a subuser has usage that
    has another owner, status or type than before.
    """
    cursor.execute(f"CREATE TEMP TABLE owned_before AS {_OWNED}")
    for table in ("owner_name", "subuser_owner"):
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}_now")
    cursor.execute(
        f"CREATE TEMP TABLE changed AS ({_OWNED} EXCEPT FROM owned_before) "
        f"UNION ALL (FROM owned_before EXCEPT {_OWNED})"
    )
    for (year,) in cursor.execute(_STALE_YEARS).fetchall():
        cursor.execute("DELETE FROM month_total WHERE year(month) = ?", [year])
        cursor.execute(
            "INSERT INTO month_total SELECT * FROM month_total_of($1, $1)", [year]
        )
    for table in ("owned_before", "changed"):
        cursor.execute(f"DROP TABLE {table}")


_OWNED: Final = (
    "SELECT o.subuser_key, n.owner, o.status, o.subuser_type "
    "FROM subuser_owner AS o LEFT JOIN owner_name AS n USING (owner_key)"
)
_STALE_YEARS: Final = (
    "(SELECT DISTINCT year(month) FROM month_granularity "
    "EXCEPT SELECT year(month) FROM month_total) "
    "UNION SELECT year FROM usage_year SEMI JOIN changed USING (subuser_key) ORDER BY 1"
)
