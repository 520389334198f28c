"""Key figures: the last month of a period against the month before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class KeyFigure:
    """One figure of the last month, and of the month before.

    previous is None where the month before has no data: no change is told across a
    gap. series has the figure for each month, missing in gaps, for a sparkline.
    is_partial says that days of the month are missing.
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
        if not self.previous or self.value * self.previous < 0:
            return None
        return self.value / self.previous - 1


def of_usage(months: pd.DataFrame) -> tuple[KeyFigure, ...]:
    """Make the figures of usage from bandwidth.by_month; none without months."""
    shapes = (
        ("usage_gb", "Bandwidth", "GB", "Usage of all subusers, matched or not."),
        (
            "active_subusers",
            "Active users",
            "subusers",
            "Subusers with a row in the month, whatever its usage.",
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
) -> tuple[KeyFigure, ...]:
    """Make all figures that the data can tell, net volume first.

    Args:
        usage: As bandwidth.by_month returns it.
        money: As revenue.of_currency returns it.
        currency: That of money.
        has_customers: Whether customers are loaded; without, none has usage.
        line: The line of money that stands for net volume.
    """
    figures_ = of_usage(usage)
    net = of_revenue(money, currency, line)
    told = [each for each in figures_ if has_customers or each.unit != "customers"]
    return (net, *told) if net else tuple(told)


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
