"""Figures on how customers go: by rank, from month to month, and since they began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Month:
    """A month to compare with the one before it, and what stands in the way.

    before is the month before, None where no usage of it is loaded. The partial ones
    hold some of their days only. lacking names providers that have usage in one of the
    three months before and none in this one: their customers only seem quiet.
    """

    month: date
    before: date | None
    is_first: bool
    is_partial: bool
    is_before_partial: bool
    lacking: tuple[str, ...]


def loaded_months(warehouse: Warehouse) -> list[date]:
    """List the months of which usage is loaded, in order."""
    rows = warehouse.rows("SELECT DISTINCT month FROM month_granularity ORDER BY month")
    return [month for (month,) in rows]  # type: ignore[misc]


def standing(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return customers by usage as figures.ranking does, each with its earlier rank.

    Columns: those of figures.ranking, and rank_before: the rank over the same months
    moved back by one; null for who had none. Bounds in GB and the provider of the
    scope are not applied.
    """
    return warehouse.table(
        "SELECT * FROM owner_standing($1::DATE, $2::DATE) ORDER BY rank NULLS LAST",
        [scope.first_month, scope.last_month],
    )


def money(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return net volume by payer in the months of a scope; by owner and currency.

    Columns: owner, currency, net_minor, first_paid, last_paid (months with a payment).
    """
    return warehouse.table(
        "SELECT owner, currency, net_minor, first_paid, last_paid "
        "FROM owner_paid($1::DATE, $2::DATE) ORDER BY owner, currency",
        [scope.first_month, scope.last_month],
    )


def month(warehouse: Warehouse, scope: Scope) -> Month | None:
    """Choose the month to compare: the last of the scope with usage of all its days.

    Where none is whole it is the last one with usage; None without usage.
    """
    rows = warehouse.rows(_MONTH, [scope.first_month, scope.last_month])
    if not rows:
        return None
    at, before, is_first, is_partial, is_before_partial, lacking = rows[0]
    return Month(at, before, is_first, is_partial, is_before_partial, tuple(lacking))  # type: ignore[arg-type]


def active(warehouse: Warehouse, at_month: date) -> pa.Table:
    """Return customers with usage above 0 in a month: column owner, in order."""
    return warehouse.table(
        "SELECT owner FROM owner_month WHERE month = ? AND usage_gb > 0 "
        "AND owner <> unmatched() ORDER BY owner",
        [at_month],
    )


def course(warehouse: Warehouse, at_month: date) -> pa.Table:
    """Return customers seen by a month, beside the months before it; by owner.

    Columns: owner, email, usage_gb (of the month), before_gb (of the month before),
    recent_gb (of the three before), change_gb, first_month, last_month (with usage
    above 0), course: new, quiet, rising, falling or null.
    """
    return warehouse.table(
        "SELECT * FROM owner_course(?::DATE) ORDER BY owner", [at_month]
    )


def concentration(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return customers with usage in the months of a scope, the largest first.

    Columns: rank, customers (all of them), running_gb (of this one and all before),
    total_gb. Unmatched usage is nobody's and not here.
    """
    return warehouse.table(
        "SELECT * FROM owner_concentration($1::DATE, $2::DATE) ORDER BY rank",
        [scope.first_month, scope.last_month],
    )


def cohorts(warehouse: Warehouse) -> pa.Table:
    """Return how many customers of each first month have usage in each later month.

    Columns: first_month, month, months_after (0 for the first), customers (who began
    then), active. A month without loaded usage has no row. In order.
    """
    return warehouse.table("SELECT * FROM cohort_month ORDER BY first_month, month")


_MONTH = """
WITH provided AS (
    SELECT provider, month,
        coalesce(bool_or(granularity = 'day' AND NOT has_all_days), false) AS is_partial
    FROM month_granularity
    GROUP BY ALL
),
loaded AS (
    SELECT month, bool_or(is_partial) AS is_partial FROM provided GROUP BY month
),
chosen AS (
    SELECT month, is_partial
    FROM loaded
    WHERE ($1::DATE IS NULL OR month >= $1) AND ($2::DATE IS NULL OR month <= $2)
    ORDER BY is_partial, month DESC
    LIMIT 1
)
SELECT c.month, b.month AS before,
    c.month = (SELECT min(month) FROM loaded) AS is_first,
    c.is_partial, coalesce(b.is_partial, false) AS is_before_partial,
    coalesce((
        SELECT list(DISTINCT provider ORDER BY provider)
        FROM provided
        WHERE datediff('month', month, c.month) BETWEEN 1 AND 3
            AND provider NOT IN (FROM provided SELECT provider WHERE month = c.month)
    ), []) AS lacking
FROM chosen AS c
LEFT JOIN loaded AS b ON b.month = c.month - INTERVAL 1 MONTH
"""
