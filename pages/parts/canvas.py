"""Where charts are drawn: full width, one height, named for those who cannot see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, ParamSpec

import streamlit as st

from pages.parts import cache, palette

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.elements.lib.grid_container import GridContainer

    from pages.parts.charts.axes import Drawing

P = ParamSpec("P")

HEIGHT: Final = 235
"""Pixels of a chart, so that two rows and the key figures fit a screen of 900."""


HEIGHTS: Final = {
    "usage": 300,
    "paid": 300,
    "revenue_lines": 380,
    "waterfall": 320,
    "converted": 320,
}
"""Pixels of the charts of pages that scroll anyway, by key."""

HALF: Final = 400
"""Pixels below which two things no longer stand side by side."""


def grid() -> GridContainer:
    """Return a grid of two columns, of one where the page is narrow."""
    return st.grid(2, min_column_width=HALF)


def draw(
    key: str,
    chart: Callable[P, Drawing],
    *arguments: P.args,
    **options: P.kwargs,
) -> None:
    """Draw a chart; its title is its name for screen readers.

    Args:
        key: Key of the widget.
        chart: A function of pages.parts.charts.
        arguments: What it takes.
        options: Its named arguments.
    """
    spec = cache.drawing(chart, *arguments, **options)
    ink = palette.INK[st.context.theme.type or "light"]
    st.vega_lite_chart(
        spec=spec | {"config": spec["config"] | {"text": {"color": ink}}},
        key=key,
        height=HEIGHTS.get(key, HEIGHT),
        alt=spec["title"]["text"],
    )
