"""Users by usage: labelled bars, all of them to scroll or search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.parts import filters, handout, meanings, palette, picks, state

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.elements.lib.column_types import ColumnConfig

HEIGHT: Final = 196
"""Pixels of the table; with its heading as high as a chart."""

MOST: Final = 10_000
"""Largest users that scrolling reaches, 0.4 MB; any other is found by the search."""

MEANING: Final = (
    "Usage over the period, the largest first; unmatched usage stands last. Click a "
    "row to look at that customer alone, once more to look at all again. At most "
    f"{MOST:,} are listed; the search and the CSV have all."
)
"""Definition of the ranking of customers."""

OF_SUBUSERS: Final = (
    f"Usage over the period, the largest first; at most {MOST:,} are listed, the CSV "
    "has all."
)
"""Definition of the ranking of subusers."""


def of_customers(rows: pd.DataFrame, everybody: pd.DataFrame) -> str | None:
    """Show customers; return the one that staff look at alone.

    Args:
        rows: As core.reports.bandwidth.ranking returns them.
        everybody: The same without bounds in GB, to search in.
    """
    with _heading("Customers by usage", MEANING):
        owner = filters.selected(everybody)
        handout.button(rows, "customers_by_usage.csv", "ranking_csv", is_quiet=True)
    key = picks.key("ranking", st.session_state.get(state.SELECTED))
    rows = _first(rows)
    columns = _columns(rows, "Customer")
    with st.container(key="ranking"):
        st.dataframe(
            rows[list(columns)],
            key=key,
            height=HEIGHT,
            hide_index=True,
            column_order=list(columns),
            column_config=columns,
            on_select=picks.of_rows("ranking", rows),
            selection_mode="single-cell",
            placeholder="",
            alt="Customers by usage",
        )
    return owner


def of_subusers(rows: pd.DataFrame) -> None:
    """Show subusers, where no customers are known.

    Args:
        rows: As core.reports.bandwidth.subuser_ranking returns them.
    """
    with _heading("Subusers by usage", OF_SUBUSERS):
        handout.button(rows, "subusers_by_usage.csv", "ranking_csv", is_quiet=True)
    columns = _columns(rows, "Subuser")
    st.dataframe(
        _first(rows)[list(columns)],
        key="ranking",
        height=HEIGHT,
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        placeholder="",
        alt="Subusers by usage",
    )


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are sent: the largest, and unmatched usage."""
    if len(rows) <= MOST:
        return rows
    return rows[(rows["rank"] <= MOST) | rows["rank"].isna()].reset_index(drop=True)


def _heading(title: str, meaning: str) -> DeltaGenerator:
    place = st.container(horizontal=True, vertical_alignment="center", gap="small")
    place.markdown(f"**{title}**", help=meaning, width="stretch")
    return place


def _columns(rows: pd.DataFrame, who: str) -> dict[str, ColumnConfig]:
    largest = rows.loc[rows["rank"].notna(), "usage_gb"].max()
    return {
        "rank": st.column_config.NumberColumn("Rank", width=46, help=meanings.RANK),
        "email": st.column_config.TextColumn(who, width=182),
        "usage_gb": st.column_config.ProgressColumn(
            "Usage, GB",
            format="%,.1f",
            width=140,
            min_value=0.0,
            max_value=float(largest) if largest > 0 else 1.0,
            color=palette.USAGE,
            help=meanings.USAGE,
        ),
    }
