"""Figures of money beside revenue: attempts, cost, margin, converted volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    import pyarrow as pa

    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse


def beside(warehouse: Warehouse) -> pa.Table:
    """Return attempts to pay that are no revenue; by month, currency, outcome.

    Columns: month, currency, outcome, row_count, amount_minor.
    """
    return warehouse.table("SELECT * FROM revenue_beside ORDER BY ALL")


def loaded_at(warehouse: Warehouse) -> datetime | None:
    """Return when the newest live ledger or Payments file was loaded (UTC)."""
    rows = warehouse.rows(
        "SELECT max(loaded_at) FROM batch WHERE withdrawn_at IS NULL "
        "AND kind IN ('stripe_ledger', 'stripe_payments')"
    )
    return rows[0][0]  # type: ignore[return-value]


def converted(warehouse: Warehouse, target: str) -> pa.Table:
    """Return net volume converted by entered rates; by month and currency.

    Columns: month, currency, rate, net_minor, converted_minor (minor units of target;
    null without a rate).
    """
    return warehouse.table(
        "SELECT month, currency, rate, net_minor, converted_minor "
        "FROM converted_month WHERE target = ? ORDER BY month, currency",
        [target],
    )


def margins(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return money, usage, cost and margin; by month, owner and currency.

    Columns: owner, email, month, currency (null for usage without a price), net_minor,
    usage_gb (of the whole month, on each of its rows), unpriced_gb, cost_minor,
    margin_minor. The scope bounds months; the rest of it says nothing here.
    """
    return warehouse.table(
        "SELECT * FROM margin_month WHERE month BETWEEN "
        "coalesce($1::DATE, DATE '0001-01-01') "
        "AND coalesce($2::DATE, DATE '9999-12-01') "
        "ORDER BY month, lower(email), owner, currency",
        [scope.first_month, scope.last_month],
    )


def margin_months(warehouse: Warehouse) -> pa.Table:
    """Return margins summed over customers; by month and currency.

    Columns: month, currency, usage_gb (of all customers and months without a currency
    too, on each row of the month), net_minor, cost_minor, margin_minor, open_net_minor
    and open_cost_minor (of customers whose margin is not told).
    """
    return warehouse.table("SELECT * FROM margin_month_total ORDER BY month, currency")


def owner_margins(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return money and cost of who has both in one currency only; by owner.

    Columns: owner, currency, net_minor, cost_minor (null without), usage_gb (null
    without), unpriced_gb (of usage_gb, what has no price). The scope bounds months; the
    rest of it says nothing here.
    """
    return warehouse.table(
        f"WITH money AS (SELECT coalesce(payer, unknown_payer()) AS owner, currency,"
        f" net_minor FROM payer_month WHERE {_IN_SCOPE}), "
        f"costed AS (FROM owner_priced WHERE {_IN_SCOPE}), "
        "priced AS (SELECT owner, sum(usage_gb) AS priced_gb FROM costed GROUP BY 1), "
        "used AS (SELECT n.owner, s.usage_gb,"
        " (s.usage_gb - coalesce(p.priced_gb, 0))::DECIMAL(38, 18) AS unpriced_gb"
        " FROM owner_sum($1::DATE, $2::DATE, NULL, NULL) AS s"
        " JOIN owner_name AS n USING (owner_key) LEFT JOIN priced AS p USING (owner)), "
        "lines AS (SELECT owner, currency, net_minor, NULL AS cost_minor FROM money"
        " UNION ALL SELECT owner, currency, NULL, cost_minor FROM costed"
        ") "
        "SELECT owner, min(currency) AS currency, sum(net_minor)::BIGINT AS net_minor,"
        " sum(cost_minor)::BIGINT AS cost_minor, any_value(usage_gb) AS usage_gb,"
        " any_value(unpriced_gb) AS unpriced_gb "
        "FROM lines LEFT JOIN used USING (owner) GROUP BY owner "
        "HAVING min(currency) = max(currency) ORDER BY owner",
        [scope.first_month, scope.last_month],
    )


def paying_without_usage(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return payers with net volume above 0 and no usage in the months of a scope.

    Columns: owner, currency, net_minor, last_paid; most within a currency first. Money
    without a payer is nobody's and not here.
    """
    return warehouse.table(
        f"WITH {_SCOPED} SELECT owner, currency, net_minor, last_paid FROM money "
        "WHERE net_minor > 0 AND owner <> unknown_payer() "
        "AND owner NOT IN (SELECT owner FROM used WHERE usage_gb > 0) "
        "ORDER BY currency, net_minor DESC, owner",
        [scope.first_month, scope.last_month],
    )


def usage_without_payment(
    warehouse: Warehouse, scope: Scope, least_gb: Decimal
) -> pa.Table:
    """Return customers with usage of least_gb or more who paid nothing in the months.

    Columns: owner, email, usage_gb, last_month; most usage first. Unmatched usage is
    nobody's and not here.
    """
    return warehouse.table(
        f"WITH {_SCOPED} SELECT owner, email, usage_gb, last_month FROM used "
        "WHERE usage_gb >= $3 AND owner <> unmatched() "
        "AND owner NOT IN (SELECT owner FROM money WHERE net_minor > 0) "
        "ORDER BY usage_gb DESC, owner",
        [scope.first_month, scope.last_month, least_gb],
    )


_IN_SCOPE = (
    "month BETWEEN coalesce($1::DATE, DATE '0001-01-01') "
    "AND coalesce($2::DATE, DATE '9999-12-01')"
)
_SCOPED = (
    "money AS (SELECT coalesce(payer, unknown_payer()) AS owner, currency, "
    "sum(net_minor)::BIGINT AS net_minor, "
    "max(month) FILTER (gross_minor <> 0) AS last_paid FROM payer_month "
    "WHERE month BETWEEN coalesce($1::DATE, DATE '0001-01-01') "
    "AND coalesce($2::DATE, DATE '9999-12-01') GROUP BY payer, currency), "
    "used AS (SELECT n.owner, n.email, s.usage_gb, s.last_month "
    "FROM owner_sum($1::DATE, $2::DATE, NULL, NULL) AS s "
    "JOIN owner_name AS n USING (owner_key))"
)
