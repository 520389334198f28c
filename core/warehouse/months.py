"""Months: usage by month and year, made anew where a load or an undo touches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.warehouse import keys

if TYPE_CHECKING:
    from datetime import date

    import duckdb


def refresh(
    cursor: duckdb.DuckDBPyConnection, provider: str, first_day: date, last_day: date
) -> None:
    """Sum a provider's usage anew in the months from one day to another.

    Both days are inclusive and bound whole months. What follows from whose a subuser is
    is made anew with the matches.
    """
    bounds = [first_day, last_day]
    for table in ("month_granularity", "partial_month"):
        _replace(
            cursor,
            f"DELETE FROM {table} WHERE month BETWEEN ? AND ? AND provider = ?",
            f"INSERT INTO {table} SELECT * FROM {table}_of(?, ?) WHERE provider = ?",
            [*bounds, provider],
        )
    key = keys.provider_key(cursor, provider)
    _replace(cursor, _OLD_FACTS, _NEW_FACTS, [*bounds, key])
    _replace(cursor, _OLD_YEARS, _NEW_YEARS, [*bounds, key])
    cursor.execute(_OLD_TOTALS, bounds)


def _replace(
    cursor: duckdb.DuckDBPyConnection, old: str, new: str, bounds: list[object]
) -> None:
    cursor.execute(old, bounds)
    cursor.execute(new, bounds)


_OLD_FACTS: Final = (
    "DELETE FROM usage_fact WHERE month BETWEEN ? AND ? AND provider_key = ?"
)
_NEW_FACTS: Final = (
    "INSERT INTO usage_fact SELECT * FROM usage_fact_of(?, ?) WHERE provider_key = ?"
)
_OLD_YEARS: Final = (
    "DELETE FROM usage_year WHERE year BETWEEN year(?::DATE) AND year(?::DATE) "
    "AND provider_key = ?"
)
_OLD_TOTALS: Final = (
    "DELETE FROM month_total WHERE year(month) BETWEEN year(?::DATE) AND year(?::DATE)"
)
_NEW_YEARS: Final = (
    "INSERT INTO usage_year SELECT * FROM usage_year_of(?, ?) WHERE provider_key = ?"
)
