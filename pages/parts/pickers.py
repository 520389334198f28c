"""Filters above figures; each is in the address, so that a link shows the same."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import book
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from core.reports.span import Span

ALL: Final = "All providers"
"""Choice of no provider in particular."""

SLIDER_WIDTH: Final = 232
"""Pixels of a slider; with the others, a row fits beside the title of a page."""

PROVIDER_WIDTH: Final = 150
"""Pixels of the choice of a provider."""

CURRENCY_WIDTH: Final = 96
"""Pixels of the choice of a currency."""


def scope(span: Span) -> tuple[Scope, str]:
    """Let staff choose what to look at, in a row that wraps; a button resets it all.

    Returns:
        Months, provider and GB; and the currency, empty where there is no money.
    """
    if not span.months:
        return Scope(), ""
    first, last = period(span.months)
    provider = _provider(span.providers)
    least, most = _gb(span)
    chosen = currency(span.currencies)
    made = Scope(first, last, provider, least, most)
    is_whole = made == Scope() and chosen == "".join(span.currencies[:1])
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
        width=CURRENCY_WIDTH,
    )
    return chosen


def period(
    months: Sequence[date], meaning: str = "Key figures are those of the last one."
) -> tuple[date | None, date | None]:
    """Let staff choose the first and the last month; None at an end that is open.

    meaning says what the choice does to the page.
    """
    if len(months) < 2:
        return None, None
    names = [f"{month:%Y-%m}" for month in months]
    first, last = st.select_slider(
        "Period",
        names,
        value=(names[0], names[-1]),
        key="period",
        bind="query-params",
        help=f"Months, both included. {meaning}",
        width=SLIDER_WIDTH,
    )
    dates = dict(zip(names, months, strict=True))
    return (
        None if first == names[0] else dates[first],
        None if last == names[-1] else dates[last],
    )


def customer(everybody: pd.DataFrame) -> str | None:
    """Let staff choose a customer, or step to the one before or after by rank.

    An address that nobody has is named as such, and nobody is chosen.

    Args:
        everybody: As core.reports.book.everybody returns them.
    """
    owners = everybody["owner"].tolist()
    _take_address(set(owners))
    back, middle, forth = st.columns([1, 6, 1], vertical_alignment="bottom")
    chosen: str | None = middle.selectbox(
        "Customer",
        owners,
        index=None,
        placeholder="Search an email",
        filter_mode="contains",
        key="customer",
        bind="query-params",
    )
    before, after = book.neighbours(everybody, chosen or "")
    _step(back, "Previous", before)
    _step(forth, "Next", after)
    return chosen


def _take_address(owners: set[str]) -> None:
    asked = st.query_params.get("customer")
    if not asked or asked in owners:
        return
    if (plain := asked.strip().lower()) in owners:
        st.switch_page("customer.py", query_params={"customer": plain})
    st.warning("Nobody has this address, neither among customers nor among payers:")
    st.text(asked)


def _step(place: DeltaGenerator, label: str, owner: str | None) -> None:
    place.button(
        label,
        key=label.lower(),
        disabled=owner is None,
        on_click=_choose,
        args=(owner,),
        help=f"{label} customer by usage",
        width="stretch",
    )


def _choose(owner: str) -> None:
    st.session_state["customer"] = owner


def _provider(providers: Sequence[str]) -> str | None:
    if len(providers) < 2:
        return None
    chosen = st.selectbox(
        "Provider",
        [ALL, *providers],
        key="provider",
        bind="query-params",
        width=PROVIDER_WIDTH,
    )
    return None if chosen == ALL else chosen


def _gb(span: Span) -> tuple[Decimal | None, Decimal | None]:
    most_gb = span.most_gb
    if most_gb < 1:
        return None, None
    least, most = st.slider(
        f"Usage of a {'customer' if span.has_customers else 'subuser'}, GB",
        0,
        most_gb,
        (0, most_gb),
        key="gb_range",
        bind="query-params",
        help="Usage over the whole period. Unmatched usage is always in.",
        width=SLIDER_WIDTH,
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
    )


def _reset(span: Span) -> None:
    names = [f"{month:%Y-%m}" for month in span.months]
    if len(names) > 1:
        st.session_state["period"] = (names[0], names[-1])
    if len(span.providers) > 1:
        st.session_state["provider"] = ALL
    if span.most_gb:
        st.session_state["gb_range"] = (0, span.most_gb)
    if len(span.currencies) > 1:
        st.session_state["currency"] = span.currencies[0]
