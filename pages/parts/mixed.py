"""Months that came by day and by month: which of the two counts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.models import Granularity
from core.reports import attention
from pages.parts import cache, tables

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse


def draw(warehouse: Warehouse) -> None:
    """Say which rows count where a provider sent a month twice; nothing otherwise."""
    rows = cache.figure(attention.mixed_months, warehouse)
    if rows.empty:
        return
    st.header("Days and months", anchor=False)
    st.caption(
        "These months came both by day and by month. They are never added up: the "
        "days count once the month is complete, until then the month does."
    )
    counts = {Granularity.DAY.value: "The days", Granularity.MONTH.value: "The month"}
    st.dataframe(
        rows.assign(granularity=rows["granularity"].map(counts)),
        hide_index=True,
        key="mixed_months",
        column_config={
            "provider": "Provider",
            "month": st.column_config.DateColumn("Month", format=tables.MONTH),
            "has_all_days": st.column_config.CheckboxColumn("Every day is loaded"),
            "granularity": "What counts",
        },
        alt="Months by day and by month",
    )
