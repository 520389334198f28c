"""Filters of the overview; each is in the address, so that a link shows the same."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.warehouse.figures import UNMATCHED, Scope
from pages.parts import finder, pickers, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from core.reports.span import Span

ALL: Final = "All providers"
"""Choice of no provider in particular."""

TYPES: Final = {
    "All types": None,
    "Pro": "Pro",
    "Basic": "Basic",
    "No type": "",
    "Unmatched": UNMATCHED,
}
"""Choices of a type of subuser, and what a Scope has for each."""

PROVIDER_WIDTH: Final = 138
"""Pixels of the choice of a provider."""

TYPE_WIDTH: Final = 116
"""Pixels of the choice of a type."""

SEARCH_WIDTH: Final = 210
"""Pixels of the search of a customer."""


def scope(span: Span) -> tuple[Scope, str]:
    """Let staff choose what to look at, in a row that wraps; a button resets it all.

    Returns:
        Months, provider, GB and type; and the currency, empty where there is no money.
    """
    if not span.months:
        return Scope(), ""
    first, last = pickers.period(span.months)
    provider = _provider(span.providers)
    kind = _type() if _has_types(span) else None
    least, most = _gb(span)
    chosen = pickers.currency(span.currencies)
    made = Scope(first, last, provider, least, most, kind)
    is_whole = made == Scope() and chosen == "".join(span.currencies[:1])
    _reset_button(span, is_needed=not is_whole or _has_selected())
    return made, chosen


def selected(ranked: pd.DataFrame) -> str | None:
    """Let staff find the one customer whom the figures shall be about.

    Args:
        ranked: As core.reports.bandwidth.ranking returns them.
    """
    chosen = finder.choose(
        ranked,
        "Customer to look at",
        key=state.SELECTED,
        placeholder="Find a customer",
        label_visibility="collapsed",
        width=SEARCH_WIDTH,
    )
    return chosen if chosen in set(ranked["owner"]) else None


def _provider(providers: Sequence[str]) -> str | None:
    if len(providers) < 2:
        return None
    chosen = st.selectbox(
        "Provider",
        [ALL, *providers],
        key=state.PROVIDER,
        bind="query-params",
        width=PROVIDER_WIDTH,
    )
    return None if chosen == ALL else chosen


def _type() -> str | None:
    chosen = st.selectbox(
        "Type",
        list(TYPES),
        key=state.TYPE,
        bind="query-params",
        help="Kind of account at the provider. Unmatched usage stays in view. Money "
        "has no type, no provider and no GB: it follows the period only.",
        width=TYPE_WIDTH,
    )
    return TYPES[chosen]


def _gb(span: Span) -> tuple[Decimal | None, Decimal | None]:
    most_gb = span.most_gb
    if most_gb < 1:
        return None, None
    least, most = st.slider(
        f"GB of a {'customer' if span.has_customers else 'subuser'}",
        0,
        most_gb,
        (0, most_gb),
        key=state.GB_RANGE,
        bind="query-params",
        help="Usage over the whole period. Unmatched usage is always in.",
        width=pickers.SLIDER_WIDTH,
    )
    return (
        Decimal(least) if least else None,
        Decimal(most) if most < most_gb else None,
    )


def _has_types(span: Span) -> bool:
    return span.has_usage and span.has_customers


def _has_selected() -> bool:
    asked = st.session_state.get(state.SELECTED, st.query_params.get(state.SELECTED))
    return bool(asked)


def _reset_button(span: Span, *, is_needed: bool) -> None:
    st.button(
        "Reset",
        key="reset",
        on_click=_reset,
        args=(span,),
        disabled=not is_needed,
        help="Show all months, providers, types and customers again",
    )


def _reset(span: Span) -> None:
    names = [f"{month:%Y-%m}" for month in span.months]
    if len(names) > 1:
        st.session_state[state.PERIOD] = (names[0], names[-1])
    if len(span.providers) > 1:
        st.session_state[state.PROVIDER] = ALL
    if _has_types(span):
        st.session_state[state.TYPE] = next(iter(TYPES))
        st.session_state[state.SELECTED] = None
    if span.most_gb:
        st.session_state[state.GB_RANGE] = (0, span.most_gb)
    if len(span.currencies) > 1:
        st.session_state[state.CURRENCY] = span.currencies[0]
