"""Alarms on the screen: customers with many subusers, names of several customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts import meanings, tables, words

if TYPE_CHECKING:
    import pandas as pd


def crowds(rows: pd.DataFrame) -> None:
    """Show customers with unusually many subusers.

    Args:
        rows: As core.reports.alarms.crowds gives them.
    """
    st.subheader("Customers with unusually many subusers", anchor=False)
    if rows.empty:
        st.caption("No customer stands out.")
        return
    usual = words.counted(int(rows["usual"].iloc[0]), "subuser")
    st.caption(f"Up to {usual} for one customer are usual in this shop.")
    st.dataframe(
        tables.paged(rows, "crowds"),
        key="crowds",
        hide_index=True,
        column_order=["email", "subusers", "usage_gb"],
        column_config={
            "email": st.column_config.TextColumn("Customer", width="large"),
            "subusers": st.column_config.NumberColumn(
                "Subusers", help=meanings.SUBUSERS
            ),
            "usage_gb": st.column_config.NumberColumn(
                "GB", format=tables.GB, help=meanings.USAGE
            ),
        },
        alt="Customers with unusually many subusers",
    )


def shared_names(rows: pd.DataFrame) -> None:
    """Show usernames that several customers hold.

    Args:
        rows: As core.reports.alarms.shared_names gives them.
    """
    st.subheader("Usernames that several customers hold", anchor=False)
    if rows.empty:
        st.caption("Every stored username belongs to one customer.")
        return
    st.caption("One account has one owner: one of these documents is wrong.")
    st.dataframe(
        tables.paged(rows, "shared_names"),
        key="shared_names",
        hide_index=True,
        column_order=["name", "account", "emails", "usage_gb"],
        column_config={
            "name": "Username",
            "account": "Account",
            "emails": st.column_config.TextColumn("Customers", width="large"),
            "usage_gb": st.column_config.NumberColumn(
                "GB", format=tables.GB, help=meanings.USAGE
            ),
        },
        alt="Usernames that several customers hold",
    )
