"""What a page says where data are missing: what there is not, and what to do."""

from __future__ import annotations

import streamlit as st


def nothing_loaded() -> None:
    """Say that the warehouse is empty, and lead to the files."""
    st.info("No data yet. Add files of your shop, or look around with made-up ones.")
    to_files()


def no_usage() -> None:
    """Say that no usage is loaded."""
    st.info("No usage is loaded. Add the usage export of a provider.")
    to_files()


def no_customers() -> None:
    """Say that usage cannot be given to customers yet."""
    st.info("No customers are loaded, so all usage is unmatched: subusers are shown.")
    to_files()


def no_money() -> None:
    """Say that no Stripe file is loaded."""
    st.info("No Stripe file is loaded. Add a Payments or All activity export.")
    to_files()


def to_files() -> None:
    """Link to the page that takes files."""
    st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
