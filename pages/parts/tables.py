"""Tables of customers, and what a click in a table does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import streamlit as st

from core.reports.frames import EXACT
from core.units import currency_exponent
from pages.parts import formats, meanings, state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from streamlit.elements.lib.column_types import ColumnConfig

MONTH: Final = "MMM YYYY"
"""How tables write a month."""

GB: Final = "%,.2f"
"""How tables write gigabytes."""

DAY: Final = "YYYY-MM-DD"
"""How tables write a day."""

Columns: TypeAlias = "Mapping[str, ColumnConfig | str]"
"""Headings and formats by column, in the order to show."""

PAGE: Final = 2000
"""Rows sent at once, 0.4 MB at most; search, order and CSV are of all of them."""

ROW_HEIGHT: Final = 35
"""Pixels of a row; Streamlit's own."""

EARNED: Final = {
    "net": ("Net volume", meanings.NET_VOLUME),
    "net_per_gb": (
        "Net per GB",
        "Net volume by GB used, of who pays and costs in this currency only",
    ),
    "cost": (
        "Cost",
        "Wholesale price of the GB used; told where every GB has a price in one "
        "currency. Prices are entered on Settings.",
    ),
    "margin": ("Margin", "Net volume less cost, in one currency only"),
}
"""Heading and meaning of a column of money, by what its name begins with."""


def money(currency: str) -> str:
    """Return how tables write major units: with the decimals that a currency has."""
    return f"%,.{currency_exponent(currency)}f"


def per_gb(currency: str) -> str:
    """Return how tables write major units for one GB: two decimals more."""
    return f"%,.{currency_exponent(currency) + 2}f"


def height(rows: pd.DataFrame, most: int = 320) -> int:
    """Return pixels for a table: as high as its rows, up to a most."""
    return min(most, ROW_HEIGHT * (len(rows) + 1) + 3)


def amounts(titles: Mapping[str, str]) -> dict[str, ColumnConfig]:
    """Head columns of money that written made text, each with its currency."""
    text = st.column_config.TextColumn
    return {
        name: text(title, alignment="right", help=meanings.MONEY.get(name))
        for name, title in titles.items()
    }


def written(rows: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Write columns of major units with the decimals that each row's currency has.

    Args:
        rows: Has currency, which is put in capitals, and the columns.
        columns: Names of columns in major units.
    """
    text = {
        name: [
            formats.money(value, code)
            for value, code in zip(rows[name], rows["currency"], strict=True)
        ]
        for name in columns
    }
    return rows.assign(currency=rows["currency"].str.upper(), **text)


def shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what rows hold for a CSV alone (see core.reports.frames.EXACT)."""
    return rows.loc[:, [not str(name).endswith(EXACT) for name in rows]]


def paged(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return one page of rows, and let staff leaf through where there are more.

    Args:
        rows: All rows, in order.
        key: Key of the table; the number of the page is in the address.
    """
    pages = -(-len(rows) // PAGE)
    if pages <= 1:
        return rows
    number = st.pagination(pages, key=f"{key}_page", bind="query-params")
    start = (number - 1) * PAGE
    return rows.iloc[start : start + PAGE].reset_index(drop=True)


def clicked(
    rows: pd.DataFrame,
    columns: Columns,
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
        shown(rows),
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


def follow(owner: str | None) -> None:
    """Open the page of an owner that was clicked; nothing without a click."""
    if owner:
        state.leave()
        st.switch_page("customer.py", query_params={"customer": owner})


def owner(rows: pd.DataFrame, place: int | None) -> str | None:
    """Return the owner of the row that was clicked; None without a click."""
    return None if place is None else str(rows["owner"].iloc[place])
