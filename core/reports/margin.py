"""Margin: what customers pay beside what their traffic costs, by month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.reports.frames import frame, in_major_units
from core.warehouse import costs, money_figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    import pandas as pd

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


def months(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return totals of the months of a scope."""
    return totals(by_month(warehouse, scope))


def totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum by_month over customers, by month and currency.

    Args:
        rows: As by_month returns them.

    Returns:
        month, currency, usage_gb (all GB of the month, unmatched ones included, on each
        of its rows), net, cost, margin, open_net and open_cost in minor units
        (`_minor`) and major units, net_per_gb (net by usage_gb, major units; missing
        without usage). margin sums the customers whose margin is told, and open_ is of
        the others: margin = net - open_net - cost + open_cost. By month and currency.
    """
    used = rows.drop_duplicates(["owner", "month"]).groupby("month")["usage_gb"].sum()
    is_open = rows["margin_minor"].isna()
    told = rows.assign(
        open_net_minor=rows["net_minor"].where(is_open),
        open_cost_minor=rows["cost_minor"].where(is_open),
    )[rows["currency"].notna()]
    sums = told.groupby(["month", "currency"], as_index=False)[list(_SUMMED)].sum()
    usage_gb = sums["month"].map(used).astype("float64")
    return _per_gb(in_major_units(sums.assign(usage_gb=usage_gb), _SUMMED))


def of_period(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum months of totals of one currency.

    Args:
        rows: As totals returns them, of one currency.

    Returns:
        One row with the columns of totals but month; none where rows has none.
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
    rows = by_month(warehouse, scope or Scope())
    owners = rows.groupby("owner")
    usage = rows.drop_duplicates(["owner", "month"]).groupby("owner")["usage_gb"].sum()
    sums = _of_one_currency(rows)
    if sums.empty:
        return sums[["owner"]]
    used = sums["owner"].map(usage)
    is_priced = sums["owner"].map(owners["unpriced_gb"].max() == 0).astype("bool")
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


def _of_one_currency(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum by_month by owner, for owners whose money and cost are in one currency."""
    told = rows[rows["currency"].notna()]
    minor = ["net_minor", "cost_minor"]
    sums = told.groupby(["owner", "currency"])[minor].sum(min_count=1).reset_index()
    sums = sums[~sums["owner"].duplicated(keep=False)]
    margin = sums["net_minor"].fillna(0) - sums["cost_minor"].fillna(0)
    return in_major_units(sums.assign(margin_minor=margin), (*minor, "margin_minor"))


def _wide(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    table = rows.pivot(index="owner", columns="currency", values=columns)
    table.columns = table.columns.map("_".join)
    return table.reset_index()
