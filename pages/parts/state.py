"""The filters of the overview: their keys in the address, and where staff left them.

The browser's Back from a customer arrives at the overview without its filters:
Streamlit leaves an entry between the two. The overview then shows what it showed last.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

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

_PAGE, _BEFORE, _LEFT = "state_page", "state_before", "state_left"


def arrive(page: str) -> None:
    """Note which page is shown, and from which one staff came."""
    here = st.session_state.get(_PAGE)
    if here != page:
        st.session_state[_PAGE], st.session_state[_BEFORE] = page, here


def restore(after: str) -> None:
    """Set the filters as they were left, if staff come back without any.

    Args:
        after: The page from which they come back.
    """
    is_back = st.session_state.pop(_BEFORE, None) == after
    if is_back and not any(key in st.query_params for key in FILTERS):
        for key, value in st.session_state.get(_LEFT, {}).items():
            st.session_state[key] = value
        # In this run an address without filters outweighs the session.
        st.rerun()


def leave() -> None:
    """Keep the filters as they are."""
    kept = {key: st.session_state[key] for key in FILTERS if key in st.session_state}
    st.session_state[_LEFT] = kept
