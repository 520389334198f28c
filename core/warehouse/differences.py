"""Differences: what a file says against what is loaded, by month and by row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.models import Kind, Reading
from core.warehouse import batches
from core.warehouse.entities import ENTITIES, Entity

if TYPE_CHECKING:
    from datetime import date

    import duckdb

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
    cursor.register("incoming", batches.incoming(reading))
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE pairs AS {_pairs(entity)}")
    changes = cursor.execute(_MONTHS).fetchall()
    largest = cursor.execute(_LARGEST.format(key=_words(entity))).fetchall()
    cursor.execute("DROP TABLE pairs")
    cursor.unregister("incoming")
    return (
        tuple(_month_change(row) for row in changes),
        tuple(RowChange(*row) for row in largest),
    )


def _pairs(entity: Entity) -> str:
    """Pair each key of the file, and each loaded key of its periods, then and now."""
    shape = (
        f"SELECT {entity.keys}, {entity.compared} AS said, {entity.month} AS month, "
        f"{entity.currency} AS currency, {entity.measure} AS amount "
    )
    reach = (
        "(provider, granularity, period_start) IN "
        "(SELECT DISTINCT (provider, granularity, period_start) FROM incoming)"
        if entity.kind is Kind.USAGE
        else f"({entity.keys}) IN (SELECT ({entity.keys}) FROM incoming)"
    )
    return (
        f"WITH after AS ({shape} FROM incoming GROUP BY {entity.keys}), "
        f"before AS ({shape} FROM {entity.current} WHERE {reach} "
        f"GROUP BY {entity.keys}) "
        f"SELECT {entity.keys}, coalesce(after.month, before.month) AS month, "
        "coalesce(after.currency, before.currency) AS currency, "
        "after.amount AS amount, before.amount AS amount_before, "
        "CASE WHEN after.said IS NULL THEN 'missing' "
        "WHEN before.said IS NULL THEN 'new' "
        "WHEN before.said IS DISTINCT FROM after.said THEN 'changed' "
        "ELSE 'same' END AS fate "
        f"FROM after FULL JOIN before USING ({entity.keys})"
    )


_MONTHS: Final = (
    "SELECT month, currency, count(*) FILTER (fate = 'new'), "
    "count(*) FILTER (fate = 'changed'), count(*) FILTER (fate = 'same'), "
    "coalesce(sum(amount) FILTER (fate = 'new'), 0), "
    "coalesce(sum(amount_before) FILTER (fate = 'changed'), 0), "
    "coalesce(sum(amount) FILTER (fate = 'changed'), 0), "
    "coalesce(sum(amount) FILTER (fate = 'same'), 0), "
    "count(*) FILTER (fate = 'missing'), "
    "coalesce(sum(amount_before) FILTER (fate = 'missing'), 0) "
    "FROM pairs GROUP BY ALL ORDER BY month, currency"
)

_LARGEST: Final = (
    "SELECT {key}, month, currency, amount_before, amount FROM pairs "
    "WHERE fate = 'changed' AND amount IS DISTINCT FROM amount_before "
    f"ORDER BY abs(amount - amount_before) DESC, 1, 2 LIMIT {LARGEST}"
)


def _words(entity: Entity) -> str:
    return "subuser" if entity.kind is Kind.USAGE else entity.keys


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
