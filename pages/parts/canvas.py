"""Where charts are drawn: full width, one height, named for those who cannot see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.parts import palette

if TYPE_CHECKING:
    from streamlit.elements.lib.grid_container import GridContainer

    from pages.parts.charts.axes import Drawing

HEIGHT: Final = 235
"""Pixels of a chart, so that two rows and the key figures fit a screen of 900."""


HALF: Final = 400
"""Pixels below which two things no longer stand side by side."""


def grid() -> GridContainer:
    """Return a grid of two columns, of one where the page is narrow."""
    return st.grid(2, min_column_width=HALF)


def draw(chart: Drawing, *, key: str, height: int = HEIGHT) -> None:
    """Draw a chart; its title is its name for screen readers."""
    name = str(chart.title.text)
    ink = palette.INK[st.context.theme.type or "light"]
    st.altair_chart(chart.configure_text(color=ink), key=key, height=height, alt=name)
