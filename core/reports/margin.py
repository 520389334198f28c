"""Margin: what customers pay beside what their traffic costs, by month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.reports.frames import frame, in_major_units
from core.warehouse import costs, money_figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
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
    return _per_gb(in_major_units(rows, minor))


def months(warehouse: Warehouse) -> pd.DataFrame:
    """Sum by_month over customers, by month and currency, all months there are.

    Returns:
        month, currency, usage_gb (all GB of the month, unmatched ones included, on each
        of its rows), net, cost, margin, open_net and open_cost in minor units
        (`_minor`) and major units, net_per_gb (net by usage_gb, major units; missing
        without usage). margin sums the customers whose margin is told, and open_ is of
        the others: margin = net - open_net - cost + open_cost. By month and currency.
    """
    rows = frame(money_figures.margin_months(warehouse))
    return _per_gb(in_major_units(rows, _SUMMED))


def within(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return the rows of months that lie in the months of a scope."""
    kept = rows
    if scope.first_month is not None:
        kept = kept[kept["month"] >= pd.Timestamp(scope.first_month)]
    if scope.last_month is not None:
        kept = kept[kept["month"] <= pd.Timestamp(scope.last_month)]
    return kept.reset_index(drop=True)


def of_period(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum months of one currency.

    Args:
        rows: As months returns them, of one currency.

    Returns:
        One row with the columns of months but month; none where rows has none.
    """
    columns = ["usage_gb", *_SUMMED]
    sums = rows.groupby("currency", as_index=False)[columns].sum()
    return _per_gb(in_major_units(sums, _SUMMED))


def by_owner(warehouse: Warehouse, scope: Scope | None = None) -> pd.DataFrame:
    """Return cost, margin and net volume per GB of each customer in a scope's months.

    All three are told for owners whose money and cost are in one currency only; cost
    and margin where every GB has a price as well. Columns of cost and margin are there
    once a price is entered.

    Returns:
        owner, and for each currency `net_per_gb_<currency>`, `cost_<currency>` and
        `margin_<currency>` in major units; by owner.
    """
    rows = frame(money_figures.owner_margins(warehouse, scope or Scope()))
    if rows.empty:
        return rows[["owner"]]
    margin_minor = rows["net_minor"].fillna(0) - rows["cost_minor"].fillna(0)
    minor = ("net_minor", "cost_minor", "margin_minor")
    sums = in_major_units(rows.assign(margin_minor=margin_minor), minor)
    used, is_priced = sums["usage_gb"], sums["unpriced_gb"] == 0
    told = sums.assign(
        net_per_gb=(sums["net"] / used).where(used > 0),
        cost=sums["cost"].where(is_priced),
        margin=sums["margin"].where(is_priced),
    )
    shown = ["net_per_gb", *(["cost", "margin"] if costs.live(warehouse) else [])]
    return _wide(told, shown)


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
        owner, email, usage_gb (also exactly, see frames.frame), last_month; most usage
        first. Unmatched usage is not here.
    """
    rows = money_figures.usage_without_payment(warehouse, scope, least_gb)
    return frame(rows, is_exact=True)


_SUMMED: Final = (
    "net_minor",
    "cost_minor",
    "margin_minor",
    "open_net_minor",
    "open_cost_minor",
)


def _per_gb(rows: pd.DataFrame) -> pd.DataFrame:
    has_usage = rows["usage_gb"] > 0
    return rows.assign(net_per_gb=(rows["net"] / rows["usage_gb"]).where(has_usage))


def _wide(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    table = rows.pivot(index="owner", columns="currency", values=columns)
    table.columns = table.columns.map("_".join)
    return table.reset_index()
