"""Cohorts on the screen: who stayed in figures, and each cohort as a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import cohort
from pages.parts import formats, tables
from pages.parts.charts import retention

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from core.reports.cohort import Stayed

STAYED: Final = (
    "Customers with usage so many months after their first, of all whose month is "
    "loaded and whole; those of the first loaded month are left out."
)
"""What the figures of who stayed are of."""

CELL: Final = (
    "Part of the cohort in percent with usage above 0 so many months after its first. "
    "A star: provisional. A dash: no usage of the month is loaded."
)
"""What a cell of the table is."""


def cards(stayed: Sequence[Stayed]) -> None:
    """Show which share stayed; months that no cohort is old enough for are left out."""
    told = [each for each in stayed if each.customers]
    if not told:
        st.caption(
            "Nothing can be told of who stayed yet: it takes customers who began after "
            "the first loaded month, and a whole month after theirs."
        )
        return
    with st.grid(len(cohort.AFTER), min_column_width=165):
        for each in told:
            st.metric(
                f"Active after {each.months_after} mo.",
                formats.share(each.share),
                delta=f"{each.active:,} of {each.customers:,} customers",
                delta_color="gray",
                delta_arrow="off",
                border=True,
                help=STAYED,
            )


def table(rows: pd.DataFrame) -> None:
    """Show one row for each cohort, one column for each number of months after.

    Args:
        rows: As core.reports.cohort.by_month returns them.
    """
    st.markdown("**Each cohort, months after the first, %**", help=CELL)
    shown = grid(rows)
    after = [str(name) for name in shown if name not in {"First usage", "Customers"}]
    st.dataframe(
        shown,
        key="cohorts",
        hide_index=True,
        height=tables.height(shown, most=620),
        column_config={
            "First usage": st.column_config.DateColumn(
                format=tables.MONTH, pinned=True
            ),
            "Customers": st.column_config.NumberColumn(
                format="%,d", help="Customers whose first usage is in the month."
            ),
            **{
                name: st.column_config.TextColumn(alignment="right", help=CELL)
                for name in after
            },
        },
        placeholder="",
        alt="Share of each cohort active by months after its first, percent",
    )


def grid(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay cohorts down and months after across; what is yet to come stays empty.

    Args:
        rows: As core.reports.cohort.by_month returns them.

    Returns:
        First usage, Customers, then `0`, `1`, ... with shares as they are read; by
        first month.
    """
    labels = [
        retention.label(share, is_partial=bool(is_partial))
        for share, is_partial in zip(rows["share"], rows["is_partial"], strict=True)
    ]
    cells = rows.assign(label=labels).pivot(
        index=["first_month", "customers"], columns="months_after", values="label"
    )
    wide = cells.rename(columns=str).rename_axis(columns=None).reset_index()
    titles = {"first_month": "First usage", "customers": "Customers"}
    return wide.rename(columns=titles)
