"""What is in the address of pages: its keys, where staff left it, its reset.

The browser's Back from a customer arrives at a page without its filters: Streamlit
leaves an entry between the two. The page then shows what it showed last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

PERIOD: Final = "period"
"""First and last month, both included."""

PROVIDER: Final = "provider"
"""One provider."""

TYPE: Final = "type"
"""One type of subuser."""

GB_RANGE: Final = "gb_range"
"""Least and most GB of a customer over the period."""

SELECTED: Final = "selected"
"""The one customer whom the figures are about."""

CURRENCY: Final = "currency"
"""Settlement currency of all money."""

TAIL: Final = "tail"
"""GB at which the last bar of the histogram begins."""

LOG: Final = "log"
"""Whether the histogram counts on a logarithmic scale."""

FILTERS: Final = (PERIOD, PROVIDER, TYPE, GB_RANGE, SELECTED, CURRENCY, TAIL, LOG)
"""Keys of all filters."""

VIEWS: Final = {
    "": FILTERS,
    "customers": (
        PERIOD,
        *("search", "status", "sort", "reverse", "list", "heavy_gb"),
        *("customers_page", "listed_page"),
        *("paying_without_usage_page", "usage_without_payment_page"),
    ),
    "revenue": (
        PERIOD,
        CURRENCY,
        *("month", "converted_to", "heavy_gb", "reconciliation", "payers_page"),
        *("paying_without_usage_page", "usage_without_payment_page"),
    ),
}
"""What is in the address of each page from which staff go to a customer, by page."""

_PAGE, _BEFORE, _LEFT = "state_page", "state_before", "state_left"


def arrive(page: str) -> None:
    """Note which page is shown, and from which one staff came."""
    here = st.session_state.get(_PAGE)
    if here != page:
        st.session_state[_PAGE], st.session_state[_BEFORE] = page, here


def restore(after: str) -> None:
    """Set the view of this page as it was left, if staff come back without any.

    Args:
        after: The page from which they come back.
    """
    page = str(st.session_state.get(_PAGE))
    is_back = st.session_state.pop(_BEFORE, None) == after
    left = st.session_state.get(_LEFT, {}).get(page)
    if is_back and left and not any(key in st.query_params for key in VIEWS[page]):
        for key, value in left.items():
            st.session_state[key] = value
        # In this run an address without a view outweighs the session.
        st.rerun()


def leave() -> None:
    """Keep the view of this page as it is."""
    page = str(st.session_state.get(_PAGE))
    kept = {
        key: st.session_state[key]
        for key in VIEWS.get(page, ())
        if key in st.session_state
    }
    st.session_state[_LEFT] = st.session_state.get(_LEFT, {}) | {page: kept}


def reset_button(defaults: Mapping[str, object]) -> None:
    """Offer to show everything again; drawn after what it resets.

    Args:
        defaults: What each choice is at first, by key.
    """
    st.button(
        "Reset",
        key="reset",
        on_click=_reset,
        args=(defaults,),
        help="Show everything again, as the page was at first",
    )


def _reset(defaults: Mapping[str, object]) -> None:
    for key in defaults.keys() & st.session_state.keys():
        st.session_state[str(key)] = defaults[key]
