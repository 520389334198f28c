"""Tables of money: months of revenue, payers, what is not counted, payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import book
from pages.parts import basis, formats, meanings, tables
from pages.parts.charts.waterfall import NAMES

if TYPE_CHECKING:
    import pandas as pd

EARNED: Final = {
    "net": "Net volume",
    "gross": "Payments",
    "refunds": "Refunds",
    "disputes": "Disputes",
    "fees": "Fees",
}
"""Lines of a payer's money, the sum first."""

SOURCES: Final = {"ledger": "All activity", "payments": "Payments"}
"""Stripe's name of a file, by source."""


FIRST: Final[dict[str, object]] = {"payers_page": 1}
"""What the choices are at first, by key."""


def months(rows: pd.DataFrame, currency: str) -> None:
    """Show the lines of each month, the newest first.

    Args:
        rows: As core.reports.revenue.of_currency returns them.
        currency: The currency of all rows.
    """
    shown = rows.iloc[::-1].assign(
        basis=rows["basis"].map(basis.NAMES).fillna("No data")
    )
    st.dataframe(
        shown,
        key="revenue_months",
        hide_index=True,
        height=tables.height(shown),
        column_order=["month", *NAMES, "basis"],
        column_config={
            "month": st.column_config.DateColumn("Month", format=tables.MONTH),
            **{
                line: st.column_config.NumberColumn(
                    f"{name}, {currency.upper()}",
                    format=tables.money(currency),
                    help=meanings.MONEY[line],
                )
                for line, name in NAMES.items()
            },
            "basis": st.column_config.TextColumn("Basis"),
        },
        placeholder="",
        alt=f"Revenue by month in {currency.upper()}",
    )


def payers(rows: pd.DataFrame, currency: str) -> str | None:
    """Show who paid, the largest first; return the owner that was clicked.

    Args:
        rows: As core.reports.revenue.by_payer returns them, of one currency.
        currency: That currency.
    """
    columns = {
        "owner": st.column_config.TextColumn("Payer", width="medium"),
        **{
            line: st.column_config.NumberColumn(
                f"{name}, {currency.upper()}",
                format=tables.money(currency),
                help=meanings.MONEY[line],
            )
            for line, name in EARNED.items()
        },
        "first_paid": st.column_config.DateColumn("First paid", format=tables.MONTH),
        "last_paid": st.column_config.DateColumn("Last paid", format=tables.MONTH),
    }
    nobody = rows[rows["owner"] == book.UNKNOWN_PAYER]
    if len(nobody):
        unknown = formats.money(nobody["net"].iloc[0], currency)
        st.caption(
            f"Guests without email and customer id stand in one line, (unknown payer): "
            f"{unknown}."
        )
    page = tables.paged(rows, "payers")
    place = tables.clicked(
        page,
        columns,
        key="payers",
        alt="Payers by net volume",
        height=tables.height(page),
    )
    return tables.owner(page, place)


def earned(rows: pd.DataFrame) -> None:
    """Show a customer's money by month and currency, the newest first.

    Args:
        rows: As core.reports.customer.money_months returns them.
    """
    if rows.empty:
        return
    shown = tables.written(rows.iloc[::-1], EARNED)
    st.dataframe(
        shown,
        key="earned",
        hide_index=True,
        height=tables.height(shown, most=250),
        column_order=["month", *EARNED],
        column_config={
            "month": st.column_config.DateColumn("Month", format=tables.MONTH),
            **tables.amounts(EARNED),
        },
        placeholder="",
        alt="Money of the customer by month",
    )


def payments(rows: pd.DataFrame) -> None:
    """Show the payment attempts of one customer, the newest first.

    Args:
        rows: As core.reports.customer.payments returns them.
    """
    if rows.empty:
        st.caption("No Payments file that is loaded has a payment of this customer.")
        return
    st.dataframe(
        tables.written(tables.paged(rows, "payments"), ["amount", "refunded", "fee"]),
        key="payments",
        hide_index=True,
        column_config={
            "created_at": st.column_config.DatetimeColumn(
                "Created, UTC", format="YYYY-MM-DD HH:mm"
            ),
            "status": "Status",
            **tables.amounts(
                {"amount": "Amount", "refunded": "Refunded", "fee": "Fee"}
            ),
            "description": st.column_config.TextColumn("Description", width="medium"),
            "id": "Payment id",
        },
        column_order=[
            "created_at",
            "status",
            "amount",
            "refunded",
            "fee",
            "description",
            "id",
        ],
        placeholder="",
        alt="Payments of the customer",
    )
