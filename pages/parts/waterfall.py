"""Waterfall of a month that staff choose; the month is in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.reports import waterfall
from pages.parts import canvas, formats, metrics
from pages.parts.charts import waterfall as chart

if TYPE_CHECKING:
    import pandas as pd


def first(rows: pd.DataFrame) -> dict[str, object]:
    """Return what the choice of a month is at first, by its key."""
    return {"month": f"{waterfall.months(rows)[0]:%Y-%m}"}


@st.fragment
def draw(rows: pd.DataFrame, currency: str) -> None:
    """Let staff choose a month and show how its gross volume becomes net.

    Args:
        rows: As core.reports.revenue.of_currency returns them, not all of them gaps.
        currency: The currency of all rows.
    """
    months = {f"{month:%Y-%m}": month for month in waterfall.months(rows)}
    chosen = st.selectbox(
        "Month",
        list(months),
        format_func=lambda name: formats.month(months[name]),
        key="month",
        bind="query-params",
        width=metrics.CARD_WIDTH,
    )
    month = months[chosen]
    canvas.draw("waterfall", chart.steps, waterfall.steps(rows, month), currency, month)
