"""What Stripe's files hold beside net volume: attempts, and rows not counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import revenue
from pages.parts import cache, canvas, meanings, tables
from pages.parts.statements import SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.store import Warehouse

REASONS: Final = {
    "excluded": "Moves money, is no revenue",
    "unknown": "Type or status not known here",
    "undated": "No date of its own, and not in the ledger",
    "pending": "Not paid yet",
    "failed": "Failed",
    "incomplete": "Never completed",
}
"""Why a row of a Stripe file is not counted, by flow or outcome."""


def draw(warehouse: Warehouse, currency: str) -> None:
    """Show side by side what was tried only, and what is not counted."""
    grid = canvas.grid()
    with grid.cell():
        st.subheader("Failed and pending")
        beside(cache.figure(revenue.beside, warehouse), currency)
    with grid.cell():
        st.subheader("Not counted")
        uncounted(cache.figure(revenue.uncounted, warehouse))


def uncounted(rows: pd.DataFrame) -> None:
    """Show what Stripe's files hold and net volume does not.

    Args:
        rows: As core.reports.revenue.uncounted returns them.
    """
    if rows.empty:
        st.caption("Everything in the loaded Stripe files is counted.")
        return
    unknown = int((rows["reason"] == "unknown").sum())
    if unknown:
        st.warning(
            f"Types or statuses not known here: {unknown:,}. Their rows are in no "
            "figure; nothing is dropped. They stand first.",
            icon=":material/help:",
        )
    order = (rows["reason"] != "unknown").sort_values(kind="stable").index
    rows = rows.loc[order]
    st.dataframe(
        tables.written(rows, ["amount"]).assign(
            source=rows["source"].map(SOURCES), reason=rows["reason"].map(REASONS)
        ),
        key="uncounted",
        hide_index=True,
        height=tables.height(rows),
        column_order=["source", "name", "reason", "row_count", "amount"],
        column_config={
            "source": "File",
            "name": "Type or status",
            "reason": "Why",
            "row_count": st.column_config.NumberColumn(
                "Rows", format="%,d", help=meanings.ROWS
            ),
            **tables.amounts({"amount": "Sum"}),
        },
        alt="Rows of Stripe files that are not counted",
    )


def beside(rows: pd.DataFrame, currency: str) -> None:
    """Show attempts to pay that are no revenue, the newest month first.

    Args:
        rows: As core.reports.revenue.beside returns them.
        currency: The currency to show.
    """
    st.caption(
        "Attempts of the Payments files, by the month of the attempt, with the amount "
        "asked for. None of it is in net volume."
    )
    shown = rows[rows["currency"] == currency].iloc[::-1]
    if shown.empty:
        st.text("No attempt failed or is pending in this currency.")
        return
    number = st.column_config.NumberColumn
    st.dataframe(
        shown.assign(outcome=shown["outcome"].map(REASONS)),
        key="beside",
        hide_index=True,
        height=tables.height(shown),
        column_order=["month", "outcome", "row_count", "amount"],
        column_config={
            "month": st.column_config.DateColumn("Month", format=tables.MONTH),
            "outcome": "Outcome",
            "row_count": number("Attempts", format="%,d", help="Attempts to pay."),
            "amount": number(
                f"Sum, {currency.upper()}",
                format=tables.money(currency),
                help="Amount asked for.",
            ),
        },
        alt="Attempts to pay that failed or are pending",
    )
