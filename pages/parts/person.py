"""One customer: figures in a row, subusers with how each was matched, provider ids."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final, TypeAlias

import pandas as pd
import streamlit as st

from core.reports import customer
from pages.parts import cache, canvas, formats, meanings, metrics, tables
from pages.parts.charts import usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.reports.span import Span
    from core.warehouse.store import Warehouse

SUBUSERS_SHOWN: Final = 5
"""Subusers that the chart shows one by one."""

Card: TypeAlias = tuple[str, str, str, str]
"""Label of a figure, its value, a note below it, and what it means."""


def cards(row: pd.Series, loaded: Span) -> None:
    """Show rank, usage, net volume and the months of a customer.

    Args:
        row: The customer in core.reports.book.everybody.
        loaded: What there is; of what is not loaded nothing is told.
    """
    told = [*_used(row, loaded)]
    told.insert(2, _paid(row, loaded))
    grid = st.grid(len(told), min_column_width=metrics.CARD_WIDTH)
    for label, value, note, meaning in told:
        grid.metric(
            label,
            value,
            delta=note,
            delta_color="gray",
            delta_arrow="off",
            border=True,
            help=meaning,
        )


def _used(row: pd.Series, loaded: Span) -> tuple[Card, ...]:
    seen = _seen(row["first_month"], row["last_month"])
    share = f"{formats.share(row['share'])} of all"
    cards = (
        ("Rank", formats.count(row["rank"]), "by usage", meanings.RANK),
        ("Usage", formats.gb(row["usage_gb"]), share, meanings.USAGE),
        (
            "Subusers",
            formats.count(row["subusers"]),
            "at all providers",
            meanings.SUBUSERS,
        ),
        (
            "Months with usage",
            formats.count(row["months_active"]),
            seen,
            meanings.MONTHS_ACTIVE,
        ),
    )
    if loaded.has_usage:
        return cards
    return tuple(
        (label, formats.NOTHING, "no usage is loaded", meaning)
        for label, _, _, meaning in cards
    )


def _paid(row: pd.Series, loaded: Span) -> Card:
    net = {code: float(row[f"net_{code}"]) for code in loaded.currencies}
    paid = [formats.money(net[code], code) for code in net if not isnan(net[code])]
    note = _more(paid) if loaded.has_money else "no Stripe file is loaded"
    value = next(iter(paid), formats.NOTHING)
    return "Net volume", value, note, meanings.NET_VOLUME


@st.fragment
def usage_by_month(
    warehouse: Warehouse, owner: str, used: pd.DataFrame, months: Sequence[pd.Timestamp]
) -> None:
    """Draw a customer's usage, and let staff stack it by subuser.

    Args:
        warehouse: Where to read.
        owner: Key of the customer, or `(unmatched)`.
        used: As core.reports.customer.usage_months returns it.
        months: Months to lay out.
    """
    place = st.container()
    if st.toggle("Stack by subuser", key="by_subuser", bind="query-params"):
        rows = cache.figure(customer.subuser_months, warehouse, owner)
        stacked = customer.stacked(rows, SUBUSERS_SHOWN)
        with place:
            canvas.draw("usage", usage.by_subuser, stacked, months)
        return
    is_unmatched = owner == customer.UNMATCHED
    with place:
        canvas.draw("usage", usage.of_customer, used, months, is_unmatched=is_unmatched)


def subusers(rows: pd.DataFrame) -> str | None:
    """Show subusers with how each was matched; return the one that was clicked.

    Args:
        rows: As core.reports.customer.subusers returns them.
    """
    if rows.empty:
        st.caption("No subuser in the loaded usage belongs to this customer.")
        return None
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = {
        "subuser": text("Subuser"),
        "usage_gb": number("Usage, GB", format=tables.GB, help=meanings.USAGE),
        "months_active": number("Months", width=70, help=meanings.MONTHS_ACTIVE),
        "first_month": st.column_config.DateColumn("First seen", format=tables.MONTH),
        "last_month": st.column_config.DateColumn("Last seen", format=tables.MONTH),
        "subuser_type": text("Type"),
        "subuser_id": text("Provider id"),
        "score": number("Score", format="%.0f", width=70, help=meanings.SCORE),
        "explanation": text("How it was matched", width="large"),
    }
    page = tables.paged(rows, "subusers")
    place = tables.clicked(
        page, columns, key="subusers", alt="Subusers of the customer"
    )
    return None if place is None else str(page["subuser"].iloc[place])


def documents(rows: pd.DataFrame, *, has_customers: bool) -> None:
    """Show what the shop's database holds of a customer.

    Args:
        rows: As core.reports.customer.documents returns them.
        has_customers: Whether any customers are loaded.
    """
    if rows.empty and not has_customers:
        st.caption("No customers are loaded.")
        return
    if rows.empty:
        st.caption("The shop has no document with this email.")
        return
    st.dataframe(
        rows,
        key="documents",
        hide_index=True,
        column_config={
            "email": "Email",
            "oxy_id": "Pro id",
            "oxy_username": "Pro username",
            "brief_oxy_id": "Basic id",
            "brief_oxy_username": "Basic username",
        },
        placeholder="",
        alt="Provider accounts of the customer",
    )


def _more(paid: list[str]) -> str:
    if not paid:
        return "nothing paid"
    return f"and {' and '.join(paid[1:])}" if paid[1:] else "over all months"


def _seen(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if pd.isna(first):
        return "never seen"
    ends = dict.fromkeys((formats.month(first), formats.month(last)))
    return " to ".join(ends)
