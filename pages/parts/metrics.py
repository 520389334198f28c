"""Key figures in a row: value, change, course, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from pages.parts import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.elements.metric import DeltaColor

    from core.reports.key_figures import KeyFigure


COLOURS: Final[dict[str, DeltaColor]] = {
    "Net volume": "green",
    "Bandwidth": "blue",
    "Bandwidth of customers": "blue",
    "Active users": "orange",
    "Customers with usage": "blue",
    "Unmatched": "gray",
    "Gross volume": "gray",
    "Refunds": "red",
    "Fees": "violet",
    "Net after all fees": "green",
}
"""Colour of each figure, as in the charts; more is not always better."""


CARDS: Final = 4
"""Cards that stand in a row at least; fewer leave the rest of it empty."""

CARD_WIDTH: Final = 171
"""Pixels below which `1,234,567.89 USD` would be cut; the next row takes the card."""


HEIGHT: Final = 168
"""Pixels of a card."""


def row(figures: Sequence[KeyFigure]) -> None:
    """Show key figures side by side."""
    if not figures:
        return
    with st.grid(max(len(figures), CARDS), min_column_width=CARD_WIDTH):
        for figure in figures:
            _card(figure)


def _card(figure: KeyFigure) -> None:
    change = figure.change
    before = figure.month - pd.offsets.MonthBegin()
    whole = f"{formats.month(figure.month)}, compared with {formats.month(before)}."
    if figure.is_partial:
        whole += " The month is not whole: days are missing, or its newest file came "
        whole += "before it ended."
    st.metric(
        figure.name + (", provisional" if figure.is_partial else ""),
        formats.by_unit(figure.value, figure.unit),
        delta=formats.month(figure.month) if change is None else formats.change(change),
        delta_arrow="auto" if round(change or 0, 3) else "off",
        delta_color=COLOURS[figure.name],
        delta_description=None
        if change is None
        else f"{figure.month:%b} vs {before:%b}",
        help=f"{figure.meaning} {whole}",
        chart_data=figure.series,
        chart_type="bar",
        border=True,
        height=HEIGHT,
    )
