"""What a page says where data are missing: what there is not, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from core.reports.span import Span


def nothing_loaded() -> None:
    """Say that the warehouse is empty, and lead to the files."""
    st.info("No data yet. Add files of your shop, or look around with made-up ones.")
    to_files()


def missing(span: Span) -> None:
    """Say which kinds of file are not loaded, and what cannot be shown without them."""
    lacking = [
        words
        for is_there, words in (
            (span.has_usage, "No usage is loaded: add the export of a provider."),
            (
                span.has_customers,
                "No customers are loaded: all usage stays unmatched.",
            ),
            (
                span.has_money,
                "No Stripe file is loaded: add a Payments or All activity export.",
            ),
        )
        if not is_there
    ]
    if lacking:
        st.info("  \n".join(lacking))
        to_files()


def no_money() -> None:
    """Say that there is no money to show."""
    st.info("No Stripe file is loaded: add a Payments or All activity export.")
    to_files()


def to_files() -> None:
    """Link to the page that takes files."""
    st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
