"""Converted view: net volume of all currencies in one, by rates that staff entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.reports import revenue
from pages.parts import cache, canvas, metrics, words
from pages.parts.charts import money

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse


@st.fragment
def draw(warehouse: Warehouse) -> None:
    """Show net volume converted, labelled so; say how to get it without rates."""
    targets = cache.figure(revenue.targets, warehouse)
    if not targets:
        st.caption("Currencies are never added. Monthly rates give a converted view.")
        st.page_link("settings.py", label="Enter rates", icon=":material/tune:")
        return
    target = st.selectbox(
        "Converted to",
        targets,
        format_func=str.upper,
        key="converted_to",
        bind="query-params",
        width=metrics.CARD_WIDTH,
    )
    rows = cache.figure(revenue.converted, warehouse, target)
    canvas.draw(
        "converted",
        money.net_volume,
        rows,
        target,
        column="converted",
        title="Net volume converted at entered rates",
    )
    st.caption("Converted at the monthly rates that staff entered: an estimate.")
    lacking = int((rows["lacking"] > 0).sum())
    if lacking:
        st.caption(
            f"{words.counted(lacking, 'month')} without a rate for some currency: what "
            "was paid in it is not in the bar."
        )
