"""The histogram of users by GB, with its scale, its last bin and its brush."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import bandwidth
from pages.parts import cache, canvas, picks, state

if TYPE_CHECKING:
    import pandas as pd

    from core.reports.span import Span
    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse

NAME: Final = "distribution"
"""Name of the chart."""

FITTING: Final = "Fitting"
"""Choice of the last bin that few users reach."""

TAILS: Final = {FITTING: 0} | {f"{start} GB": start for start in bandwidth.TAILS}
"""Choices of the GB at which the last bin begins."""


def draw(
    warehouse: Warehouse, span: Span, scope: Scope, selected: pd.DataFrame
) -> None:
    """Show how many users there are of each size; a brush chooses a range of GB.

    Args:
        warehouse: Where to read.
        span: What is loaded.
        scope: What staff look at.
        selected: The customer they look at alone in the ranking, or no row.
    """
    from pages.parts.charts import distribution

    places = canvas.frame(NAME)
    with places.choices:
        is_log, tail = _choices()
    bins = cache.figure(
        bandwidth.histogram,
        warehouse,
        scope,
        of_customers=span.has_customers,
        tail_gb=tail,
    )
    spec = cache.drawing(
        distribution.draw,
        bins,
        scope,
        who="Customer" if span.has_customers else "Subuser",
        is_log=is_log,
        owner_gb=None if selected.empty else float(selected["usage_gb"].iloc[0]),
    )
    last = int(bins["bin_start_gb"].max())
    canvas.fill(
        places,
        spec,
        on_select=picks.of_range(NAME, last, span.most_gb),
        chosen=st.session_state.get(state.GB_RANGE),
    )


def _choices() -> tuple[bool, int]:
    """Let staff choose the scale and the last bin; both are in the address."""
    with st.popover("Scale", icon=":material/tune:", type="tertiary"):
        is_log = st.toggle(
            "Logarithmic",
            key=state.LOG,
            bind="query-params",
            help="Few users beside many are seen, too",
        )
        tail = st.selectbox(
            "Last bar begins at",
            list(TAILS),
            key=state.TAIL,
            bind="query-params",
            help="All users with more stand in it together",
        )
    return is_log, TAILS[tail]
