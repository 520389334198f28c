"""The frame of every chart: what it shows and means, the chart, its table and CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import streamlit as st

from core.exports import downloads
from core.reports import handout
from pages.parts import cache, palette, picks, tables
from pages.parts.charts import charted, selections
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator
    from streamlit.elements.lib.grid_container import GridContainer

    from pages.parts.charts.drawing import Drawing

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

SELECTIONS: Final = frozenset({selections.PICKED, selections.BRUSH})
"""Selections that filter the page; those of legends stay in their chart."""

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
    fill(frame(key), cache.drawing(chart, *arguments, **options))


@dataclass(frozen=True)
class Frame:
    """Places of a chart: its title, choices beside it, its table, and the chart."""

    key: str
    title: DeltaGenerator
    choices: DeltaGenerator
    table: DeltaGenerator
    body: DeltaGenerator


def frame(key: str) -> Frame:
    """Lay out the places of a chart; it is found on the page under its key."""
    whole = st.container(gap=None, key=key)
    head = whole.container(horizontal=True, vertical_alignment="center", gap="small")
    return Frame(
        key,
        head.container(width="stretch"),
        head.container(width="content"),
        head.container(width="content"),
        whole.container(),
    )


def fill(
    places: Frame,
    spec: dict[str, Any],
    *,
    on_select: Callable[[], None] | None = None,
    chosen: object = None,
) -> None:
    """Draw a chart in its places.

    Args:
        places: As frame makes them.
        spec: A chart of pages.parts.cache.drawing.
        on_select: What a selection in the chart does, before the page is drawn anew.
        chosen: What the filter is that a selection sets (see pages.parts.picks).
    """
    title = spec["title"]["text"]
    meaning = spec["title"].get("subtitle")
    places.title.markdown(f"**{as_text(title)}**", help=meaning)
    with places.table:
        _table(places.key, spec)
    ink = palette.INK[st.context.theme.type or "light"]
    drawn = {name: part for name, part in spec.items() if name != "title"}
    config = spec["config"] | {"text": {"color": ink}}
    options: dict[str, Any] = {}
    if on_select:
        options = {
            "on_select": on_select,
            "selection_mode": list(SELECTIONS & _params(spec)),
        }
    places.body.vega_lite_chart(
        spec=drawn | {"config": config},
        key=picks.key(places.key, chosen),
        height=spec.get("height", HEIGHTS.get(places.key, HEIGHT)),
        alt=title,
        **options,
    )


def _params(spec: dict[str, Any]) -> set[str]:
    return {param["name"] for param in spec.get("params", [])}


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
    content = handout.csv(rows)
    st.download_button(
        "Download CSV",
        content,
        file_name=downloads.browser_name(f"{key}.csv", content),
        mime="text/csv",
        key=f"{key}_csv",
        icon=":material/download:",
        on_click="ignore",
    )
    month = st.column_config.DateColumn(format=tables.MONTH)
    st.dataframe(
        rows,
        key=f"{key}_rows",
        hide_index=True,
        height=tables.height(rows, TABLE_HEIGHT),
        column_config={"Month": month},
        placeholder="",
        alt=f"Table of {spec['title']['text']}",
        width="content",
    )
