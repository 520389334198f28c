"""Loaded months: what is usual of a provider, by calendar month.

Only the months that are asked for are read, however many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from decimal import Decimal

    import duckdb


def months(cursor: duckdb.DuckDBPyConnection, provider: str) -> tuple[date, ...]:
    """List the months of a provider that have usage, in order."""
    query = "SELECT month FROM month_granularity WHERE provider = ? ORDER BY month"
    return tuple(month for (month,) in cursor.execute(query, [provider]).fetchall())


def amounts(
    cursor: duckdb.DuckDBPyConnection, provider: str, wanted: Collection[date]
) -> dict[date, Decimal]:
    """Sum the GB of a provider in each of these months that has usage."""
    return _by_month(cursor, f"SELECT month, sum(usage_gb) {_FACTS}", provider, wanted)


def medians(
    cursor: duckdb.DuckDBPyConnection,
    provider: str,
    wanted: Collection[date],
    *,
    least: int,
) -> dict[date, float]:
    """Give the median GB of subusers with usage above 0 in each of these months.

    Months with fewer than least such subusers are left out.
    """
    median = (
        f"SELECT month, median(usage_gb)::DOUBLE {_USED} HAVING count(*) >= {least}"
    )
    return _by_month(cursor, median, provider, wanted)


def row_counts(
    cursor: duckdb.DuckDBPyConnection,
    provider: str,
    granularity: str,
    wanted: Collection[date],
) -> dict[date, int]:
    """Count the loaded rows of a granularity in each of these months that has some."""
    if not wanted:
        return {}
    found = cursor.execute(
        "SELECT month, sum(row_count) FROM period_rows(?, last_day(?::DATE)) "
        "WHERE provider = ? AND is_day = (? = 'day') GROUP BY month",
        [min(wanted), max(wanted), provider, granularity],
    ).fetchall()
    return {month: count for month, count in found if month in wanted}


_FACTS: Final = (
    "FROM usage_fact WHERE month BETWEEN $1 AND $2 "
    "AND list_contains($3::DATE[], month) AND provider_key = provider_number($4) "
    "GROUP BY month"
)
_USED: Final = _FACTS.replace("GROUP BY", "AND usage_gb > 0 GROUP BY")


def _by_month(
    cursor: duckdb.DuckDBPyConnection,
    query: str,
    provider: str,
    wanted: Collection[date],
) -> dict[date, Any]:
    if not wanted:
        return {}
    bounds = [min(wanted), max(wanted), sorted(wanted), provider]
    return dict(cursor.execute(query, bounds).fetchall())
