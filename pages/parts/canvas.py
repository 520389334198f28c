"""The frame of every chart: what it shows and means, the chart, its table and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, ParamSpec

import streamlit as st

from core.exports import downloads
from pages.parts import cache, palette, tables
from pages.parts.charts import charted
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.elements.lib.grid_container import GridContainer

    from pages.parts.charts.axes import Drawing

P = ParamSpec("P")

HEIGHT: Final = 205
"""Pixels of a chart, so that two rows and the key figures fit a screen of 900."""

HEIGHTS: Final = {
    "usage": 270,
    "paid": 270,
    "concentration": 300,
    "revenue_lines": 350,
    "waterfall": 290,
    "converted": 290,
}
"""Pixels of the charts of pages that scroll anyway, by key."""

TABLE_HEIGHT: Final = 248
"""Pixels of a chart's table at most; the rest of it scrolls."""

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
    """Draw a chart under its title, with a table and a CSV of exactly what it draws.

    The title is the name of the chart for screen readers; its meaning is the help of
    the title (see pages.parts.charts.axes.heading).

    Args:
        key: Key of the widget; the CSV is named after it.
        chart: A function of pages.parts.charts.
        arguments: What it takes.
        options: Its named arguments.
    """
    framed(key, cache.drawing(chart, *arguments, **options))


def framed(
    key: str,
    spec: dict[str, Any],
    *,
    controls: Callable[[], None] | None = None,
    on_select: Callable[[], None] | None = None,
) -> None:
    """Draw a chart as draw does, with choices beside its title, or to select in.

    Args:
        key: Key of the widget; session_state has the selection under it.
        spec: A chart of pages.parts.cache.drawing.
        controls: Draws the choices.
        on_select: What a selection does, before the page is drawn anew; the chart has
            parameters then.
    """
    title = spec["title"]["text"]
    ink = palette.INK[st.context.theme.type or "light"]
    drawn = {name: part for name, part in spec.items() if name != "title"}
    config = spec["config"] | {"text": {"color": ink}}
    with st.container(gap=None):
        _head(key, spec, controls)
        st.vega_lite_chart(
            spec=drawn | {"config": config},
            key=key,
            height=HEIGHTS.get(key, HEIGHT),
            on_select=on_select or "ignore",
            alt=title,
        )


def _head(key: str, spec: dict[str, Any], controls: Callable[[], None] | None) -> None:
    """Head a chart with what it shows, and a button for its table and CSV."""
    title, meaning = spec["title"]["text"], spec["title"].get("subtitle")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{as_text(title)}**", help=meaning, width="stretch")
        if controls:
            controls()
        with st.container(width="content"):
            _table(key, spec)


@st.fragment
def _table(key: str, spec: dict[str, Any]) -> None:
    """Offer what a chart draws; made when it is asked for, without the rest."""
    asked = st.popover(
        "Table",
        icon=":material/table:",
        type="tertiary",
        key=f"{key}_table",
        on_change="rerun",
    )
    if asked.open:
        with asked:
            _rows(key, spec)


def _rows(key: str, spec: dict[str, Any]) -> None:
    rows = charted.table(spec)
    month = st.column_config.DateColumn(format=tables.MONTH)
    st.dataframe(
        rows,
        key=f"{key}_rows",
        hide_index=True,
        height=min(TABLE_HEIGHT, tables.ROW_HEIGHT * (len(rows) + 1) + 3),
        column_config={"Month": month},
        placeholder="",
        alt=f"Table of {spec['title']['text']}",
        width="content",
    )
    content = charted.csv(rows)
    st.download_button(
        "Download CSV",
        content,
        file_name=downloads.browser_name(f"{key}.csv", content),
        mime="text/csv",
        key=f"{key}_csv",
        icon=":material/download:",
        on_click="ignore",
    )
