"""Net volume beside usage and its wholesale cost, by month of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import margin
from core.warehouse import costs
from core.warehouse.figures import Scope
from pages.parts import (
    cache,
    formats,
    meanings,
    metrics,
    notices,
    pickers,
    tables,
    unpaid,
)

if TYPE_CHECKING:
    import pandas as pd

    from core.reports.span import Span
    from core.warehouse.store import Warehouse


LINES: Final = {
    "net": "Net volume",
    "cost": "Cost",
    "margin": "Margin",
    "open_net": "Net without a margin",
    "open_cost": "Cost without a margin",
}
"""Headings of the columns of money."""


@st.fragment
def beside(warehouse: Warehouse, loaded: Span, currency: str) -> None:
    """Let staff choose months; show them, and who pays or uses alone.

    Another period draws this section alone anew; a click opens a customer.

    Args:
        warehouse: Where to read.
        loaded: What there is, usage among it.
        currency: The currency to show.
    """
    scope = Scope(*pickers.period(loaded.months, "They bound this section."))
    draw(warehouse, scope, currency)
    tables.follow(unpaid.both(warehouse, scope))


def draw(warehouse: Warehouse, scope: Scope, currency: str) -> None:
    """Show what a GB brings in, what it costs, and what stays.

    Args:
        warehouse: Where to read.
        scope: Its months bound all figures.
        currency: The currency to show.
    """
    every = margin.within(cache.awaited(margin.months, warehouse), scope)
    rows = every[every["currency"] == currency]
    if rows.empty:
        st.text("No net volume and no cost in this currency in the period.")
        return
    is_priced = bool(cache.figure(costs.live, warehouse))
    _cards(margin.of_period(rows).iloc[0], currency, is_priced=is_priced)
    if not is_priced:
        st.caption("Cost and margin are told once wholesale prices are entered.")
        st.page_link("settings.py", label="Enter prices", icon=":material/tune:")
    elif _has_open(rows):
        st.caption(
            "Margin is net volume less cost, but for customers with money or cost in "
            "two currencies, or GB without a price: theirs stand without a margin."
        )
    _months(rows, currency, is_priced=is_priced)


def needs_usage() -> None:
    """Say that there is no usage to hold money against."""
    st.text("No usage is loaded: what a GB brings in is told once there is some.")
    notices.to_files()


def _cards(total: pd.Series, currency: str, *, is_priced: bool) -> None:
    cards = [
        (
            "Net per GB",
            formats.per_gb(total["net_per_gb"], currency),
            "Net volume by all GB of the same months, unmatched ones included.",
        ),
        (
            "Usage beside it",
            formats.gb(total["usage_gb"]),
            "All GB of the months with net volume or cost in this currency.",
        ),
    ]
    if is_priced:
        cards += [
            (
                "Wholesale cost",
                formats.money(total["cost"], currency),
                "GB at the price of their provider and month, unmatched ones included.",
            ),
            (
                "Margin",
                formats.money(total["margin"], currency),
                "Net volume less cost, of customers whose money and cost are in one "
                "currency and whose GB all have a price.",
            ),
        ]
    with st.grid(metrics.CARDS, min_column_width=metrics.CARD_WIDTH):
        for name, value, meaning in cards:
            st.metric(name, value, help=meaning, border=True)


def _has_open(rows: pd.DataFrame) -> bool:
    """Tell whether some net volume or cost is in no margin."""
    return bool((rows[["open_net_minor", "open_cost_minor"]] != 0).any(axis=None))


def _months(rows: pd.DataFrame, currency: str, *, is_priced: bool) -> None:
    number, code = st.column_config.NumberColumn, currency.upper()
    money = {
        name: number(
            f"{title}, {code}",
            format=tables.money(currency),
            help=meanings.MONEY[name],
        )
        for name, title in LINES.items()
        if name == "net" or (is_priced and (name[:4] != "open" or _has_open(rows)))
    }
    columns: dict[str, object] = {
        "month": st.column_config.DateColumn("Month", format=tables.MONTH),
        "usage_gb": number("Usage, GB", format=tables.GB, help="All GB of the month"),
        "net": money.pop("net"),
        "net_per_gb": number(
            f"Net per GB, {code}",
            format=tables.per_gb(currency),
            help=meanings.NET_PER_GB,
        ),
        **money,
    }
    st.dataframe(
        rows.iloc[::-1],
        key="margins",
        hide_index=True,
        height=tables.height(rows),
        column_order=list(columns),
        column_config=columns,  # type: ignore[arg-type]
        placeholder="",
        alt=f"Net volume and cost by month in {code}",
    )
