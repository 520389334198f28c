"""Differences: what a file says against what is loaded, by month and by row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.models import Kind, Reading
from core.warehouse import arrivals
from core.warehouse.entities import ENTITIES, Entity
from core.warehouse.store import first

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from core.warehouse.arrivals import Arrival

LARGEST: Final = 10
"""How many changed rows a plan lists."""


@dataclass(frozen=True)
class MonthChange:
    """What one file changes in one month and currency, against what is loaded.

    Amounts are GB for usage, minor units of the currency for Stripe (net of a ledger
    row, amount of a paid payment), 0 for customers. month is None for customers.
    Missing are rows of the provider that are loaded for the periods of the file and
    that the file does not have; they stay. Only usage has them.
    """

    month: date | None
    currency: str
    rows_new: int
    rows_changed: int
    rows_same: int
    amount_new: Decimal
    amount_changed_before: Decimal
    amount_changed_after: Decimal
    amount_same: Decimal
    rows_missing: int = 0
    amount_missing: Decimal = Decimal(0)


@dataclass(frozen=True)
class RowChange:
    """One row that changes: its key in words, month, currency, amount then and now."""

    key: str
    month: date | None
    currency: str
    amount_before: Decimal
    amount_after: Decimal


def against(
    cursor: duckdb.DuckDBPyConnection, reading: Reading
) -> tuple[tuple[MonthChange, ...], tuple[RowChange, ...]]:
    """Compare a file with what is loaded: by month and currency, and by row.

    Returns:
        The changes by month and currency in this order, and the rows whose amount
        changes most, largest first.
    """
    entity = ENTITIES[reading.kind]
    with arrivals.arriving(cursor, reading, batch_id=_PLANNED) as arrival:
        if arrival.has_clash or _has_others(cursor, entity, arrival):
            cursor.execute(f"CREATE TEMP TABLE pairs AS {_pairs(entity, arrival)}")
        else:
            cursor.execute(f"CREATE TEMP TABLE pairs AS {_all_new(entity, arrival)}")
        changes = cursor.execute(_MONTHS).fetchall()
        largest = cursor.execute(_largest(entity)).fetchall()
        cursor.execute("DROP TABLE pairs")
    return (
        tuple(_month_change(row) for row in changes),
        tuple(RowChange(*row) for row in largest),
    )


_PLANNED: Final = -1_000_000
"""Number of the batch that is compared; it is never stored."""


def _has_others(
    cursor: duckdb.DuckDBPyConnection, entity: Entity, arrival: Arrival
) -> bool:
    """Tell whether rows are loaded that the file may lack; only usage has them."""
    if entity.kind is not Kind.USAGE:
        return False
    query = f"SELECT 1 FROM {entity.current} WHERE {arrival.reach} LIMIT 1"
    return first(cursor, query) is not None


def _pairs(entity: Entity, arrival: Arrival) -> str:
    """Pair what holds then and now for each key of the file, or of its periods."""
    reach = (
        f"{arrival.reach} AND (provider_key, is_day, period_start) IN "
        "(SELECT DISTINCT (provider_key, is_day, period_start) FROM incoming)"
        if entity.kind is Kind.USAGE
        else f"({entity.keys}) IN (SELECT ({entity.keys}) FROM incoming)"
    )
    return (
        f"WITH after AS ({_shape(entity, arrival.holding)}), "
        f"before AS ({_shape(entity, entity.current, reach)}) "
        f"SELECT {_words(entity)} AS key, "
        "coalesce(after.month, before.month) AS month, "
        "coalesce(after.currency, before.currency) AS currency, 1 AS row_count, "
        "after.amount AS amount, before.amount AS amount_before, "
        "CASE WHEN after.said IS NULL THEN 'missing' "
        "WHEN before.said IS NULL THEN 'new' "
        "WHEN before.said IS DISTINCT FROM after.said THEN 'changed' "
        "ELSE 'same' END AS fate "
        f"FROM after FULL JOIN before USING ({entity.keys})"
    )


def _all_new(entity: Entity, arrival: Arrival) -> str:
    """Sum a file of which no key is loaded; there is nothing to compare."""
    return (
        "SELECT NULL AS key, month, currency, count(*) AS row_count, "
        "sum(amount) AS amount, NULL AS amount_before, 'new' AS fate "
        f"FROM ({_shape(entity, arrival.holding)}) GROUP BY month, currency"
    )


def _shape(entity: Entity, table: str, reach: str = "true") -> str:
    """Select of each key what a plan compares and sums."""
    group = f"GROUP BY {entity.keys}" if entity.is_grouped else ""
    return (
        f"SELECT {entity.keys}, {entity.compared} AS said, {entity.month} AS month, "
        f"{entity.currency} AS currency, {entity.measure} AS amount "
        f"FROM {table} WHERE {reach} {group}"
    )


_MONTHS: Final = (
    "SELECT month, currency, coalesce(sum(row_count) FILTER (fate = 'new'), 0), "
    "count(*) FILTER (fate = 'changed'), count(*) FILTER (fate = 'same'), "
    "coalesce(sum(amount) FILTER (fate = 'new'), 0), "
    "coalesce(sum(amount_before) FILTER (fate = 'changed'), 0), "
    "coalesce(sum(amount) FILTER (fate = 'changed'), 0), "
    "coalesce(sum(amount) FILTER (fate = 'same'), 0), "
    "count(*) FILTER (fate = 'missing'), "
    "coalesce(sum(amount_before) FILTER (fate = 'missing'), 0) "
    "FROM pairs GROUP BY ALL ORDER BY month, currency"
)


def _largest(entity: Entity) -> str:
    """Select the rows that change most, named as staff know them."""
    is_usage = entity.kind is Kind.USAGE
    named = "JOIN subuser_name ON subuser_key = key" if is_usage else ""
    name = "subuser" if is_usage else "key"
    return (
        f"SELECT {name}, month, currency, amount_before, amount FROM pairs {named} "
        "WHERE fate = 'changed' AND amount IS DISTINCT FROM amount_before "
        f"ORDER BY abs(amount - amount_before) DESC, {name}, month LIMIT {LARGEST}"
    )


def _words(entity: Entity) -> str:
    """Name a row by the column of its key that staff know it by, or its number."""
    words = {Kind.USAGE: "subuser_key", Kind.STRIPE_SUMMARY: "name"}
    return words.get(entity.kind, entity.keys)


def _month_change(row: tuple[object, ...]) -> MonthChange:
    month, currency, new, changed, same, *amounts, missing, amount_missing = row
    added, before, after, unchanged = (Decimal(str(amount)) for amount in amounts)
    return MonthChange(
        month,  # type: ignore[arg-type]
        str(currency),
        int(str(new)),
        int(str(changed)),
        int(str(same)),
        added,
        before,
        after,
        unchanged,
        int(str(missing)),
        Decimal(str(amount_missing)),
    )
