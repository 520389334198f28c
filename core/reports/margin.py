"""Margin: what customers pay beside what their traffic costs, by month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.reports.frames import frame, in_major_units
from core.warehouse import money_figures

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse

HEAVY_GB: Final = Decimal(10)
"""Usage from which on a customer without payment is listed, unless asked otherwise."""


def by_month(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return money, usage, cost and margin of each customer and month.

    A month with money or cost in two currencies has a row for each; usage_gb stands on
    each of them. margin is told where money and cost of the month are in one currency
    and every GB has a price: two currencies are never subtracted.

    Returns:
        owner, email, month, currency (missing for usage without a price), usage_gb,
        unpriced_gb, net, cost and margin in minor units (`_minor`) and major units,
        net_per_gb (major units; missing without usage or money). By month and email.
    """
    rows = frame(money_figures.margins(warehouse, scope))
    minor = ("net_minor", "cost_minor", "margin_minor")
    rows = in_major_units(rows, minor)
    has_usage = rows["usage_gb"] > 0
    return rows.assign(net_per_gb=(rows["net"] / rows["usage_gb"]).where(has_usage))


def totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum by_month over customers, by month and currency.

    Args:
        rows: As by_month returns them.

    Returns:
        month, currency, net, cost and margin (minor and major units); margin sums the
        customers whose margin is told. By month and currency.
    """
    minor = ["net_minor", "cost_minor", "margin_minor"]
    told = rows[rows["currency"].notna()]
    sums = told.groupby(["month", "currency"], as_index=False)[minor].sum()
    return in_major_units(sums, minor)


def paying_without_usage(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return who paid in the months of a scope and has no usage there.

    Returns:
        owner (email or Stripe customer id), currency, net_minor, net, last_paid; most
        within a currency first. Money of unknown payers is not here.
    """
    rows = frame(money_figures.paying_without_usage(warehouse, scope))
    return in_major_units(rows, ("net_minor",))


def usage_without_payment(
    warehouse: Warehouse, scope: Scope, least_gb: Decimal = HEAVY_GB
) -> pd.DataFrame:
    """Return customers with much usage in the months of a scope who paid nothing.

    Returns:
        owner, email, usage_gb, last_month; most usage first. Unmatched usage is not
        here.
    """
    return frame(money_figures.usage_without_payment(warehouse, scope, least_gb))
