"""Filters above figures; each is in the address, so that a link shows the same."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.reports.span import Span

ALL: Final = "All providers"
"""Choice of no provider in particular."""


def scope(span: Span) -> tuple[Scope, str]:
    """Let staff choose what to look at; all choices can be taken back at once.

    Returns:
        Months, provider and GB; and the currency, empty where there is no money.
    """
    has_choice = len(span.currencies) > 1
    widths = [4, 2.4, 4, *([1.5] if has_choice else []), 1.2]
    row = st.columns(widths, vertical_alignment="bottom")
    with row[0]:
        first, last = _months(span.months)
    with row[1]:
        provider = _provider(span.providers)
    with row[2]:
        least, most = _gb(span.most_gb)
    with row[3]:
        chosen = currency(span.currencies)
    made = Scope(first, last, provider, least, most)
    is_whole = made == Scope() and chosen == "".join(span.currencies[:1])
    with row[-1]:
        _reset_button(span, is_needed=not is_whole)
    return made, chosen


def currency(currencies: Sequence[str]) -> str:
    """Let staff choose a currency, where there is more than one; empty without any."""
    if len(currencies) < 2:
        return "".join(currencies)
    chosen: str = st.selectbox(
        "Currency",
        currencies,
        format_func=str.upper,
        key="currency",
        bind="query-params",
        help="Two currencies are never added.",
    )
    return chosen


def customer(owners: Sequence[str]) -> str | None:
    """Let staff choose a customer; an unknown one in the address is named as such."""
    asked = st.query_params.get("customer")
    known = set(owners)
    if asked and asked not in known:
        if asked.strip().lower() in known:
            st.session_state["customer"] = asked.strip().lower()
        else:
            st.warning("No customer, and nobody who paid, has this address:")
            st.text(asked)
    chosen: str | None = st.selectbox(
        "Customer",
        owners,
        index=None,
        placeholder="Search an email",
        key="customer",
        bind="query-params",
    )
    return chosen


def _months(months: Sequence[date]) -> tuple[date | None, date | None]:
    if len(months) < 2:
        return None, None
    names = [f"{month:%Y-%m}" for month in months]
    first, last = st.select_slider(
        "Period",
        names,
        value=(names[0], names[-1]),
        key="period",
        bind="query-params",
        help="Months, both included. Key figures are those of the last one.",
    )
    dates = dict(zip(names, months, strict=True))
    return (
        None if first == names[0] else dates[first],
        None if last == names[-1] else dates[last],
    )


def _provider(providers: Sequence[str]) -> str | None:
    chosen = st.selectbox(
        "Provider", [ALL, *providers], key="provider", bind="query-params"
    )
    return None if chosen == ALL else chosen


def _gb(most_gb: int) -> tuple[Decimal | None, Decimal | None]:
    if most_gb < 1:
        return None, None
    least, most = st.slider(
        "Usage of a customer, GB",
        0,
        most_gb,
        (0, most_gb),
        key="gb_range",
        bind="query-params",
        help="Usage over the whole period. Unmatched usage is always in.",
    )
    return (
        Decimal(least) if least else None,
        Decimal(most) if most < most_gb else None,
    )


def _reset_button(span: Span, *, is_needed: bool) -> None:
    st.button(
        "Reset",
        key="reset",
        on_click=_reset,
        args=(span,),
        disabled=not is_needed,
        help="Show all months, providers and customers again",
        width="stretch",
    )


def _reset(span: Span) -> None:
    names = [f"{month:%Y-%m}" for month in span.months]
    if len(names) > 1:
        st.session_state["period"] = (names[0], names[-1])
    st.session_state["provider"] = ALL
    if span.most_gb:
        st.session_state["gb_range"] = (0, span.most_gb)
    if len(span.currencies) > 1:
        st.session_state["currency"] = span.currencies[0]
