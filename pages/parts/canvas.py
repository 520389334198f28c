"""Where charts are drawn: full width, one height, named for those who cannot see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

if TYPE_CHECKING:
    from pages.parts.charts.axes import Drawing

HEIGHT: Final = 235
"""Pixels of a chart, so that two rows and the key figures fit a screen of 900."""


def draw(chart: Drawing, *, key: str, height: int = HEIGHT) -> None:
    """Draw a chart; its title is its name for screen readers."""
    st.altair_chart(chart, key=key, height=height, alt=str(chart.title.text))
