"""Tables of customers, and what a click in a table does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.parts import formats, palette

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.elements.lib.column_types import ColumnConfig

MONTH: Final = "MMM YYYY"
"""How tables write a month."""

GB: Final = "%,.2f"
"""How tables write gigabytes."""

MONEY: Final = "%,.2f"
"""How tables write major units of a currency."""


ROW_HEIGHT: Final = 35
"""Pixels of a row; Streamlit's own."""

CUSTOMERS_HEIGHT: Final = 600
"""Pixels of the list of customers at most; more of them scroll."""

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
    hint = "Click a row to open it." if who == "Customer" else None
    st.markdown(f"**{who}s by usage**", help=hint)
    largest = rows.loc[rows["rank"].notna(), "usage_gb"].max()
    columns = {
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
    }
    name = f"{who}s by usage"
    place = clicked(rows, columns, key="ranking", alt=name, height=RANKING_HEIGHT)
    return _owner(rows, place)


def customers(rows: pd.DataFrame, currencies: tuple[str, ...]) -> str | None:
    """Show the book of customers.

    Args:
        rows: As core.reports.book.everybody returns them.
        currencies: Those of its columns of net volume, in the order to show.

    Returns:
        The owner that was clicked; None without a click.
    """
    number, day = st.column_config.NumberColumn, st.column_config.DateColumn
    columns = {
        "rank": number("Rank", width=60),
        "email": st.column_config.TextColumn("Email", width="medium"),
        "usage_gb": number("Usage, GB", format=GB),
        "share": number("Share", format="percent", help="Of all usage"),
        "cumulative_share": number(
            "Cumulative",
            format="percent",
            help="Share of all usage, of this customer and all before",
        ),
        "subusers": number("Subusers", width=80),
        "months_active": number("Months", width=80, help="Months with usage rows"),
        "first_month": day("First seen", format=MONTH),
        "last_month": day("Last seen", format=MONTH),
        **{
            f"net_{code}": number(f"Net volume, {code.upper()}", format=MONEY)
            for code in currencies
        },
    }
    height = min(CUSTOMERS_HEIGHT, ROW_HEIGHT * (len(rows) + 1) + 3)
    place = clicked(rows, columns, key="customers", alt="Customers", height=height)
    return _owner(rows, place)


def summary(shown: pd.DataFrame, everybody: pd.DataFrame) -> str:
    """Say how many rows of the book a table shows, and how much usage."""
    used = formats.gb(shown["usage_gb"].sum())
    return (
        f"{len(shown):,} of {len(everybody):,} customers and payers, with {used}. "
        "Unmatched usage and unknown payers stand last. Click a row to open it."
    )


def clicked(
    rows: pd.DataFrame,
    columns: dict[str, ColumnConfig],
    *,
    key: str,
    alt: str,
    height: int | None = None,
) -> int | None:
    """Show a table and return the place of the row that was clicked, or None.

    Args:
        rows: What is shown; columns that are not configured are hidden.
        columns: Headings and formats, in the order to show.
        key: Key of the widget.
        alt: Name for screen readers.
        height: Pixels; None shows up to ten rows.
    """
    event = st.dataframe(
        rows,
        key=key,
        height="auto" if height is None else height,
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="",
        alt=alt,
    )
    cells = event["selection"]["cells"]
    place = cells[0][0] if cells else None
    return place if place is not None and place < len(rows) else None


def _owner(rows: pd.DataFrame, place: int | None) -> str | None:
    return None if place is None else str(rows["owner"].iloc[place])
