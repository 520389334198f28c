"""Tables of customers, subusers and payments, and what a click in them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.parts import palette

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.elements.lib.column_types import ColumnConfig

_MONTH: Final = "MMM YYYY"
_GB: Final = "%,.2f"
_MONEY: Final = "%,.2f"


RANKING_HEIGHT: Final = 196
"""Pixels of the ranking; with its heading as high as a chart."""


def ranking(rows: pd.DataFrame, *, who: str) -> str | None:
    """Show users by usage as labelled bars, all of them to scroll or search.

    Args:
        rows: As core.reports.bandwidth.ranking returns them.
        who: Heading of the users: Customer or Subuser.

    Returns:
        The owner that was clicked; None without a click.
    """
    st.markdown(f"**{who}s by usage**", help="Click a row to open it.")
    largest = rows.loc[rows["rank"].notna(), "usage_gb"].max()
    return _clicked(
        rows,
        key="ranking",
        height=RANKING_HEIGHT,
        alt=f"{who}s by usage",
        columns={
            "rank": st.column_config.NumberColumn("Rank", width=46),
            "email": st.column_config.TextColumn(who, width=182),
            "usage_gb": st.column_config.ProgressColumn(
                "Usage, GB",
                format="%,.1f",
                width=140,
                min_value=0.0,
                max_value=float(largest) if largest > 0 else 1.0,
                color=palette.USAGE,
            ),
        },
    )


def customers(rows: pd.DataFrame, currencies: tuple[str, ...]) -> str | None:
    """Show the book of customers.

    Args:
        rows: As core.reports.book.everybody returns them.
        currencies: Those of its columns of net volume, in the order to show.

    Returns:
        The owner that was clicked; None without a click.
    """
    number = st.column_config.NumberColumn
    return _clicked(
        rows,
        key="customers",
        height=640,
        alt="Customers",
        columns={
            "rank": number("Rank", width=60),
            "email": st.column_config.TextColumn("Email", width="medium"),
            "usage_gb": number("Usage, GB", format=_GB),
            "share": number("Share", format="percent", help="Of all usage"),
            "cumulative_share": number(
                "Cumulative share",
                format="percent",
                help="Of all usage, by this customer and all before",
            ),
            "subusers": number("Subusers"),
            "months_active": number("Months active", help="Months with a row of usage"),
            "first_month": st.column_config.DateColumn("First seen", format=_MONTH),
            "last_month": st.column_config.DateColumn("Last seen", format=_MONTH),
            **{
                f"net_{code}": number(f"Net volume, {code.upper()}", format=_MONEY)
                for code in currencies
            },
        },
    )


def _clicked(
    rows: pd.DataFrame,
    *,
    key: str,
    height: int,
    alt: str,
    columns: dict[str, ColumnConfig],
) -> str | None:
    event = st.dataframe(
        rows,
        key=key,
        height=height,
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="",
        alt=alt,
    )
    cells = event["selection"]["cells"]
    return str(rows["owner"].iloc[cells[0][0]]) if cells else None
