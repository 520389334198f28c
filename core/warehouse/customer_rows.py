"""Rows of one customer as text, for its own files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

Rows = list[tuple[str, ...]]
"""Rows of text, in the order of a file."""


def usage(warehouse: Warehouse, owner: str) -> Rows:
    """Return usage by provider, subuser and month, in this order.

    Columns: provider, subuser, Pro or Basic, provider id, month, GB.
    """
    return _rows(warehouse, _USAGE, owner)


def months(warehouse: Warehouse, owner: str) -> Rows:
    """Return the owner's rows of customer_months.csv, in its order and columns."""
    return _rows(warehouse, _MONTHS, owner)


def payments(warehouse: Warehouse, owner: str) -> Rows:
    """Return payment attempts, the oldest first.

    Columns: id, instant (UTC), status, amount, refunded, fee, currency, description.
    """
    return _rows(warehouse, _PAYMENTS, owner)


def _rows(warehouse: Warehouse, query: str, owner: str) -> Rows:
    return warehouse.rows(query, [owner])  # type: ignore[return-value]


_USAGE: Final = """
SELECT provider, subuser, coalesce(subuser_type, ''), coalesce(subuser_id, ''),
    strftime(month, '%Y-%m'), plain(sum(usage_gb)::DECIMAL(38, 18))
FROM owned_usage
WHERE coalesce(email_key, unmatched()) = ?
GROUP BY provider, subuser, subuser_type, subuser_id, month
ORDER BY lower(provider), provider, lower(subuser), subuser, month
"""

_MONTHS: Final = """
SELECT * EXCLUDE (owner)
FROM customer_month_text
WHERE owner = ?
ORDER BY month, currency
"""

_PAYMENTS: Final = """
SELECT p.id, strftime(p.created_at, '%Y-%m-%d %H:%M:%S'), p.status,
    major_units(p.amount_minor, p.currency),
    major_units(p.refunded_minor, p.currency),
    major_units(p.fee_minor, p.currency), upper(p.currency),
    coalesce(p.description, '')
FROM current_stripe_payments AS p
JOIN payment_payer AS w USING (id)
WHERE w.payer = ?
ORDER BY p.created_at, p.id
"""
