"""Figures read by pages: one function for each grain, straight from the views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    import pyarrow as pa

    from core.warehouse.store import Warehouse


UNMATCHED: Final = "(unmatched)"
"""Owner of usage without a customer, and its type; macro unmatched()."""


@dataclass(frozen=True)
class Scope:
    """What part of the usage a figure is about; None is open.

    Months are first days and both inclusive. GB bound a customer's usage over the
    whole scope, both inclusive. subuser_type is Pro, Basic, empty for matched subusers
    without a type, or UNMATCHED. Unmatched usage is in whatever the bounds and type.
    """

    first_month: date | None = None
    last_month: date | None = None
    provider: str | None = None
    least_gb: Decimal | None = None
    most_gb: Decimal | None = None
    subuser_type: str | None = None

    @property
    def period(self) -> list[object]:
        """Months and provider, as the macros take them."""
        return [self.first_month, self.last_month, self.provider]

    @property
    def part(self) -> list[object]:
        """Months, provider and type, as the macros take them."""
        return [*self.period, self.subuser_type]


def usage_months(
    warehouse: Warehouse, scope: Scope, owner: str | None = None
) -> pa.Table:
    """Return usage by month, in order; a month without a row has none here.

    The months of scope say over which time its GB are meant; without GB they say
    nothing, and they cut no row off.

    Args:
        warehouse: Where to read.
        scope: What part of the usage.
        owner: A customer, or UNMATCHED; the GB of scope say nothing then.

    Returns:
        month, usage_gb, matched_gb, unmatched_gb, active_subusers,
        customers_with_usage.
    """
    bounds = [scope.least_gb, scope.most_gb, owner]
    if bounds == [None, None, None]:
        query = "SELECT * FROM usage_months_of_all(?, ?)"
        return warehouse.table(query, [scope.provider, scope.subuser_type])
    query = "SELECT * FROM usage_months(?, ?, ?, ?, ?, ?, ?)"
    return warehouse.table(query, [*scope.part, *bounds])


def ranking(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return customers by usage, largest first, unmatched usage last.

    Columns: rank (null for unmatched), owner, email, usage_gb, share,
    cumulative_share, subusers, months_active, first_month, last_month. Rank and
    shares are those among all customers of the period and type, whatever the GB bounds.
    """
    return warehouse.table(
        "SELECT * FROM owner_ranking($1, $2, $3, $4) WHERE rank IS NULL "
        "OR (($5::DECIMAL(38, 18) IS NULL OR usage_gb >= $5) "
        "AND ($6::DECIMAL(38, 18) IS NULL OR usage_gb <= $6)) "
        "ORDER BY rank NULLS LAST",
        [*scope.part, scope.least_gb, scope.most_gb],
    )


def bins(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return customers by whole GB: bin_start_gb, users, usage_gb; in order."""
    return warehouse.table(
        "SELECT * FROM usage_bins(?, ?, ?, ?) ORDER BY bin_start_gb", scope.part
    )


def subuser_ranking(warehouse: Warehouse) -> pa.Table:
    """Return subusers by usage, largest first, with what matching says of each.

    Columns: subuser, usage_gb, months_active, first_month, last_month, is_destroyed,
    status, email, subuser_type, subuser_id, rule, score, runner_up_email,
    runner_up_score, explanation.
    """
    return warehouse.table(
        "SELECT t.subuser, t.usage_gb, t.months_active, t.first_month, t.last_month, "
        "t.is_destroyed, coalesce(m.status, 'unmatched') AS status, m.email_key, "
        "m.email, m.subuser_type, m.subuser_id, coalesce(m.rule, '') AS rule, m.score, "
        "m.runner_up_email, m.runner_up_score, "
        "coalesce(m.explanation, '') AS explanation "
        "FROM subuser_total AS t LEFT JOIN match AS m USING (subuser) "
        "ORDER BY t.usage_gb DESC, lower(t.subuser), t.subuser"
    )


def subusers(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return subusers by usage, largest first: the ranking before customers are known.

    Columns: those of ranking; owner and email are the subuser, subusers is 1.
    """
    return warehouse.table(
        "SELECT * FROM (SELECT row_number() OVER ranked AS rank, subuser AS owner, "
        "subuser AS email, usage_gb, usage_gb::DOUBLE "
        "/ nullif((sum(usage_gb) OVER ())::DOUBLE, 0) AS share, "
        "(sum(usage_gb) OVER ranked)::DOUBLE "
        "/ nullif((sum(usage_gb) OVER ())::DOUBLE, 0) AS cumulative_share, "
        "1::BIGINT AS subusers, months_active, first_month, last_month "
        "FROM subuser_period($1, $2, $3) WINDOW ranked AS (ORDER BY usage_gb DESC, "
        "lower(subuser), subuser ROWS UNBOUNDED PRECEDING)) "
        "WHERE ($4::DECIMAL(38, 18) IS NULL OR usage_gb >= $4) "
        "AND ($5::DECIMAL(38, 18) IS NULL OR usage_gb <= $5) ORDER BY rank",
        [*scope.period, scope.least_gb, scope.most_gb],
    )


def subuser_bins(warehouse: Warehouse, scope: Scope) -> pa.Table:
    """Return subusers by whole GB: bin_start_gb, users, usage_gb; in order."""
    return warehouse.table(
        "SELECT floor(usage_gb)::BIGINT AS bin_start_gb, count(*) AS users, "
        "sum(usage_gb)::DECIMAL(38, 18) AS usage_gb "
        "FROM subuser_period(?, ?, ?) GROUP BY 1 ORDER BY 1",
        scope.period,
    )


def partial_months(warehouse: Warehouse, provider: str | None) -> list[date]:
    """List months, in order, of which usage of a provider (None: of any) is not whole.

    They hold some of their days only, or the newest file with a row of theirs came
    before they ended (UTC).
    """
    rows = warehouse.rows(
        "SELECT DISTINCT month FROM partial_month "
        "WHERE $1::VARCHAR IS NULL OR provider = $1 ORDER BY ALL",
        [provider],
    )
    return [month for (month,) in rows]  # type: ignore[misc]


def owner_subuser_months(warehouse: Warehouse, owner: str) -> pa.Table:
    """Return a customer's usage: month, subuser, provider, usage_gb; in this order."""
    return warehouse.table(
        "SELECT month, subuser, provider, usage_gb FROM owned_usage "
        "WHERE coalesce(email_key, unmatched()) = ? ORDER BY ALL",
        [owner],
    )


def owner_money_months(warehouse: Warehouse, owner: str) -> pa.Table:
    """Return a customer's money: month, currency and lines in minor units; in order.

    Columns: month, currency, gross_minor, refunds_minor, disputes_minor, fees_minor,
    net_minor.
    """
    return warehouse.table(
        "SELECT month, currency, gross_minor, refunds_minor, disputes_minor, "
        "fees_minor, net_minor FROM payer_month "
        "WHERE coalesce(payer, unknown_payer()) = ? ORDER BY month, currency",
        [owner],
    )


def owner_payments(warehouse: Warehouse, owner: str) -> pa.Table:
    """Return a customer's payment attempts, newest first.

    Columns: created_at (UTC), status, amount_minor, refunded_minor, fee_minor,
    currency, description, id. Empty where no Payments file is loaded.
    """
    return warehouse.table(
        "SELECT p.created_at, p.status, p.amount_minor, p.refunded_minor, "
        "p.fee_minor, p.currency, p.description, p.id "
        "FROM current_stripe_payments AS p JOIN payment_payer AS w USING (id) "
        "WHERE w.payer = ? ORDER BY p.created_at DESC, p.id",
        [owner],
    )


def owner_money(warehouse: Warehouse) -> pa.Table:
    """Return money by payer over all months: owner, currency, net_minor, and months.

    Columns: owner, currency, net_minor, first_paid, last_paid (months with a payment),
    gross_minor, refunds_minor, disputes_minor, fees_minor.
    """
    return warehouse.table("SELECT * FROM owner_money ORDER BY owner, currency")


def revenue_months(warehouse: Warehouse) -> pa.Table:
    """Return net volume from sales by month and currency, in order, in minor units.

    Columns: month, currency, basis, gross_minor, refunds_minor, disputes_minor,
    fees_minor, other_fees_minor, net_minor, net_after_all_minor.
    """
    return warehouse.table("SELECT * FROM revenue_month ORDER BY month, currency")


def revenue_basis(warehouse: Warehouse) -> pa.Table:
    """Return where each month's money is read from, and what the other file lacks.

    Columns: month, currency, in_ledger, missing_in_ledger, missing_in_payments, basis.
    """
    return warehouse.table("SELECT * FROM revenue_basis ORDER BY month, currency")


def revenue_uncounted(warehouse: Warehouse) -> pa.Table:
    """Return what Stripe's files hold and net volume does not.

    Columns: source, name, reason, currency, row_count, amount_minor.
    """
    return warehouse.table("SELECT * FROM revenue_uncounted ORDER BY ALL")


def destroyed_names(warehouse: Warehouse) -> pa.Table:
    """Return names that a spreadsheet destroyed, by subuser and month.

    Columns: provider, subuser, month, usage_gb.
    """
    return warehouse.table(
        "SELECT provider, subuser, month, usage_gb FROM usage_month "
        "WHERE is_destroyed ORDER BY ALL"
    )


def loaded_months(warehouse: Warehouse) -> pa.Table:
    """Return the months with usage: column month, in order."""
    return warehouse.table(
        "SELECT DISTINCT month FROM month_granularity ORDER BY month"
    )


def coverage(warehouse: Warehouse) -> pa.Table:
    """Return how much is matched: status, subusers, usage_gb; by status."""
    return warehouse.table(
        "SELECT o.status, count(DISTINCT o.subuser_key) AS subusers, "
        "sum(y.usage_gb)::DECIMAL(38, 18) AS usage_gb "
        "FROM usage_year AS y JOIN subuser_owner AS o USING (subuser_key) "
        "GROUP BY 1 ORDER BY 1"
    )


def customers(warehouse: Warehouse) -> pa.Table:
    """Return all customers of the shop, by email.

    Columns: email_key, email, documents, is_absent (not in the newest file of them).
    """
    return warehouse.table("SELECT * FROM customer ORDER BY lower(email), email_key")


def customers_with(warehouse: Warehouse, text: str, limit: int) -> pa.Table:
    """Return customers whose email or username holds a text: email_key, email.

    Capitals do not matter. In order of the email, at most limit rows; none for an
    empty text.
    """
    return warehouse.table(
        "SELECT email_key, min(email) AS email "
        "FROM current_customers WHERE $1 <> '' AND (contains(email_key, lower($1)) "
        "OR contains(lower(coalesce(oxy_username, '')), lower($1)) "
        "OR contains(lower(coalesce(brief_oxy_username, '')), lower($1))) "
        "GROUP BY email_key ORDER BY lower(min(email)), email_key LIMIT $2",
        [text, limit],
    )


def customer_documents(warehouse: Warehouse, email_key: str) -> pa.Table:
    """Return a customer's documents: email, ids and usernames as sent."""
    return warehouse.table(
        "SELECT email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username "
        "FROM current_customers WHERE email_key = ? ORDER BY ALL",
        [email_key],
    )


def providers(warehouse: Warehouse) -> list[str]:
    """List the providers with usage, by name."""
    query = "SELECT DISTINCT provider FROM month_granularity ORDER BY ALL"
    return [str(provider) for (provider,) in warehouse.rows(query)]


def mixed_months(warehouse: Warehouse) -> pa.Table:
    """Return months that a provider sent both by day and by month.

    Columns: provider, month, has_all_days, granularity (the one that counts).
    """
    return warehouse.table(
        "SELECT provider, month, has_all_days, granularity FROM month_granularity "
        "WHERE has_month AND has_day ORDER BY provider, month"
    )
