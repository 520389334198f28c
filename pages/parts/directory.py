"""The directory of customers: who is shown, in which order, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.reports import book
from core.reports.book import Standing
from pages.parts import formats, handout, meanings, tables, words

if TYPE_CHECKING:
    import pandas as pd

    from core.reports.span import Span

HEIGHT: Final = 460
"""Pixels of the table at most; more rows scroll."""

EVERYBODY: Final = "Everybody"
"""Choice of no status in particular."""

STANDINGS: Final = {
    Standing.ACTIVE: "Active",
    Standing.QUIET: "Quiet",
    Standing.IDLE: "No usage",
    Standing.ABSENT: "Absent from the newest file",
    Standing.PAYER: "Payer, not in the shop",
    Standing.NOBODY: "Without a customer",
}
"""Status of a row, as it is written."""

MEANING: Final = (
    "Active: usage above 0 in the last whole month of the period. Quiet: usage before "
    "it only. No usage: none in the period. Absent from the newest file: a customer "
    "whom only an older file of customers has. Payer, not in the shop: paid, and no "
    "file of customers has the email."
)
"""What each status means."""

UPWARDS: Final = frozenset({"rank", "email", "standing"})
"""Columns that begin with the least; in others the most stands first."""

RANK_CHANGE: Final = (
    "Places won (+) or lost (-) in the rank by usage, against the same months moved "
    "back by one; nothing for who was not in those."
)
"""What the change of rank is."""


FIRST: Final[dict[str, object]] = {
    "search": "",
    "status": EVERYBODY,
    "sort": "Rank",
    "reverse": False,
    "customers_page": 1,
}
"""What the choices are at first, by key."""


@st.fragment
def draw(everybody: pd.DataFrame, loaded: Span) -> None:
    """Show the book of customers, as it is searched and ordered; a click opens one.

    A search or an order draws the book alone anew.

    Args:
        everybody: As core.reports.book.everybody returns it.
        loaded: What there is.
    """
    columns = _columns(everybody, loaded)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rows = _found(everybody)
        rows = _ordered(rows, columns)
        handout.button(rows, "customers.csv", "customers_csv")
    if rows.empty:
        st.info("Nobody is like this. Take away a part of the search or the status.")
        return
    st.caption(_summary(rows, everybody, has_usage=loaded.has_usage))
    page = tables.paged(rows, "customers")
    height = tables.height(page, HEIGHT)
    named = page["standing"].map({str(k): name for k, name in STANDINGS.items()})
    place = tables.clicked(
        page.assign(standing=named),
        columns,
        key="customers",
        alt="Customers",
        height=height,
    )
    tables.follow(tables.owner(page, place))


def _found(everybody: pd.DataFrame) -> pd.DataFrame:
    text = st.text_input(
        "Search",
        key="search",
        bind="query-params",
        placeholder="Part of an email",
        type="search",
        icon=":material/search:",
        width=250,
    )
    named = {name: str(standing) for standing, name in STANDINGS.items()}
    status = st.selectbox(
        "Status",
        [EVERYBODY, *named],
        key="status",
        bind="query-params",
        help=MEANING,
        width=215,
    )
    return book.found(everybody, text or "", named.get(str(status), ""))


def _ordered(rows: pd.DataFrame, columns: dict[str, Any]) -> pd.DataFrame:
    titles = {str(config["label"]): name for name, config in columns.items()}
    by = st.selectbox(
        "Sort by",
        list(titles),
        key="sort",
        bind="query-params",
        help="Sorts all rows; a click on a heading sorts those of the page.",
        width=190,
    )
    is_reversed = st.toggle("Reverse", key="reverse", bind="query-params")
    column = titles[str(by)]
    if column == "rank" and not is_reversed:
        return rows
    is_ascending = (column in UPWARDS) != is_reversed
    return book.ordered(rows, column, is_ascending=is_ascending)


def _summary(rows: pd.DataFrame, everybody: pd.DataFrame, *, has_usage: bool) -> str:
    used = f", with {formats.gb(rows['usage_gb'].sum())}" if has_usage else ""
    of_all = words.counted(len(everybody), "customer or payer", "customers and payers")
    return (
        f"{len(rows):,} of {of_all}{used}. Unmatched usage and unknown payers "
        "stand last. Click a row to open it."
    )


def _columns(rows: pd.DataFrame, loaded: Span) -> dict[str, Any]:
    text = st.column_config.TextColumn
    ranked, used = _used() if loaded.has_usage else ({}, {})
    return {
        **ranked,
        "email": text("Email", width=185),
        "standing": text("Status", width=80, help=MEANING),
        **used,
        **_earned(rows, loaded.currencies),
    }


def _used() -> tuple[dict[str, Any], dict[str, Any]]:
    """Head the columns of usage: those before the email, and those after it."""
    number, day = st.column_config.NumberColumn, st.column_config.DateColumn
    return {
        "rank": number("Rank", width=52, help=meanings.RANK),
        "rank_change": number("Moved", width=62, format="%+d", help=RANK_CHANGE),
    }, {
        "usage_gb": number("Usage, GB", format=tables.GB, help=meanings.USAGE),
        "share": number("Share", width=66, format="percent", help=meanings.USAGE_SHARE),
        "cumulative_share": number(
            "Cumulative",
            width=86,
            format="percent",
            help="Share of all usage, of this customer and all with a higher rank",
        ),
        "months_active": number("Months", width=66, help=meanings.MONTHS_ACTIVE),
        "first_month": day("First seen", format=tables.MONTH, width=84),
        "last_month": day("Last seen", format=tables.MONTH, width=84),
        "subusers": number("Subusers", width=76, help=meanings.SUBUSERS),
    }


def _earned(rows: pd.DataFrame, currencies: tuple[str, ...]) -> dict[str, Any]:
    """Head the columns of money, one for each currency that has any."""
    costs = [str(name) for name in rows if str(name).startswith("cost_")]
    priced = [name.removeprefix("cost_") for name in costs]
    codes = dict.fromkeys([*currencies, *priced])
    return {
        f"{name}_{code}": st.column_config.NumberColumn(
            f"{title}, {code.upper()}", format=tables.money(code), help=why
        )
        for code in codes
        for name, (title, why) in tables.EARNED.items()
        if f"{name}_{code}" in rows
    }
