"""Key figures: the last month of a period against the month before it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from core.warehouse.figures import Scope


@dataclass(frozen=True)
class KeyFigure:
    """One figure of the last month, and of the month before.

    previous is None where the month before has no data: no change is told across a
    gap. series has the figure for each month, missing in gaps, for a sparkline.
    is_partial says that the month is not whole. A missing value is not a number.
    """

    name: str
    unit: str
    month: pd.Timestamp
    value: float
    previous: float | None
    series: tuple[float, ...]
    meaning: str
    is_partial: bool = False

    @property
    def change(self) -> float | None:
        """Change as a part of 1; None from nothing, or from below zero to above."""
        if not self.previous or isnan(self.value) or self.value * self.previous < 0:
            return None
        return self.value / self.previous - 1


def of_usage(months: pd.DataFrame, *, is_narrow: bool = False) -> tuple[KeyFigure, ...]:
    """Make the figures of usage from bandwidth.by_month; none without months.

    Args:
        months: As bandwidth.by_month returns them.
        is_narrow: Whether they are of some customers only; bandwidth is theirs then,
            and unmatched usage stands beside it.
    """
    whole = ("usage_gb", "Bandwidth", "GB", "Usage of all subusers, matched or not.")
    theirs = (
        "matched_gb",
        "Bandwidth of customers",
        "GB",
        "Usage of the customers that the filters leave; unmatched usage is not in it.",
    )
    shapes = (
        theirs if is_narrow else whole,
        (
            "active_subusers",
            "Active users",
            "subusers",
            "Subusers with a row in the month, whatever its usage"
            + (", unmatched ones included." if is_narrow else "."),
        ),
        (
            "customers_with_usage",
            "Customers with usage",
            "customers",
            "Customers whose matched subusers used more than 0 GB.",
        ),
        ("unmatched_gb", "Unmatched", "GB", "Usage of subusers without a customer."),
    )
    return tuple(
        figure
        for column, name, unit, meaning in shapes
        if (figure := _figure(months, column, name, unit, meaning))
    )


def of_revenue(
    months: pd.DataFrame, currency: str, line: str = "net"
) -> KeyFigure | None:
    """Make the figure of net volume from revenue.of_currency.

    Args:
        months: As revenue.of_currency returns them.
        currency: That of months.
        line: The line that stands for net volume, as revenue.headline names it.
    """
    meaning = "Payments after fees, refunds and disputes, by the date of each movement."
    if line == "net":
        return _figure(months, line, "Net volume", currency.upper(), meaning)
    meaning += " Stripe's fees that belong to no payment are taken off as well."
    return _figure(months, line, "Net after all fees", currency.upper(), meaning)


def of_lines(
    months: pd.DataFrame, currency: str, line: str = "net"
) -> tuple[KeyFigure, ...]:
    """Make the figures of revenue.of_currency: net volume, what it is made of, fees.

    Args:
        months: As revenue.of_currency returns them.
        currency: That of months.
        line: The line that stands first, as revenue.headline names it.
    """
    shapes = (
        ("net", "Net volume", "Gross volume less refunds, disputes and fees."),
        ("gross", "Gross volume", "Payments, by the date of each."),
        ("refunds", "Refunds", "Money given back, by the date of each refund."),
        ("fees", "Fees", "Stripe's fees on payments, refunds and disputes."),
        (
            "net_after_all",
            "Net after all fees",
            "Net volume less Stripe's fees that belong to no payment.",
        ),
    )
    return tuple(
        figure
        for column, name, meaning in sorted(shapes, key=lambda shape: shape[0] != line)
        if (figure := _figure(months, column, name, currency.upper(), meaning))
    )


def of_shop(
    usage: pd.DataFrame,
    money: pd.DataFrame,
    currency: str,
    has_customers: bool,
    line: str = "net",
    scope: Scope | None = None,
) -> tuple[KeyFigure, ...]:
    """Make all figures that the data can tell, net volume first.

    Args:
        usage: As bandwidth.by_month returns it.
        money: As revenue.of_currency returns it.
        currency: That of money.
        has_customers: Whether customers are loaded; without, none has usage.
        line: The line of money that stands for net volume.
        scope: The figures are those of its last month.
    """
    is_narrow = scope is not None and (
        scope.least_gb is not None
        or scope.most_gb is not None
        or scope.subuser_type is not None
    )
    figures_ = of_usage(_until(usage, scope), is_narrow=is_narrow)
    net = of_revenue(_until(money, scope), currency, line)
    told = [each for each in figures_ if has_customers or each.unit != "customers"]
    return (net, *told) if net else tuple(told)


def of_customer(
    usage: pd.DataFrame,
    money: pd.DataFrame,
    currency: str,
    shop: pd.DataFrame,
    scope: Scope,
) -> tuple[KeyFigure, ...]:
    """Make the figures of one customer, and of unmatched usage beside them.

    Args:
        usage: As bandwidth.of_owner returns it.
        money: One currency of customer.money_months, with gaps.
        currency: That of money.
        shop: As bandwidth.by_month returns it.
        scope: The figures are those of its last month.
    """
    theirs = _until(usage, scope)
    words = "Usage of the customer's subusers."
    names = "The customer's subusers with a row in the month."
    unmatched = "Usage of subusers without a customer, in the whole shop."
    made = (
        of_revenue(_until(money, scope), currency),
        _figure(theirs, "usage_gb", "Bandwidth", "GB", words),
        _figure(theirs, "active_subusers", "Active users", "subusers", names),
        _figure(_until(shop, scope), "unmatched_gb", "Unmatched", "GB", unmatched),
    )
    return tuple(figure for figure in made if figure)


def _until(months: pd.DataFrame, scope: Scope | None) -> pd.DataFrame:
    if scope is None or scope.last_month is None or months.empty:
        return months
    return months[months["month"] <= pd.Timestamp(scope.last_month)]


def _figure(
    months: pd.DataFrame, column: str, name: str, unit: str, meaning: str
) -> KeyFigure | None:
    if months.empty:
        return None
    values = [float(value) for value in months[column]]
    previous = values[-2] if len(values) > 1 else None
    return KeyFigure(
        name,
        unit,
        months["month"].iloc[-1],
        values[-1],
        None if previous is None or previous != previous else previous,  # noqa: PLR0124
        tuple(values),
        meaning,
        is_partial="is_partial" in months and bool(months["is_partial"].iloc[-1]),
    )
