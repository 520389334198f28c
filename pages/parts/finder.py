"""A list of customers to choose one from, that stays small however many there are."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from core.reports import book

MOST: Final = 2000
"""Customers that a list offers; any other is found by a part of the email."""


def choose(rows: pd.DataFrame, label: str, *, key: str, **options: Any) -> str | None:  # noqa: ANN401
    """Let staff choose a customer, or type a part of an email where there are many.

    A part that one email alone holds is that customer; one that several hold makes the
    list those.

    Args:
        rows: Has owner and email, in the order to offer.
        label: What is chosen.
        key: Key of the widget, and name in the address.
        options: Of the widget.

    Returns:
        The owner; or what was typed, where it is not one customer's.
    """
    is_cut = len(rows) > MOST
    asked = str(st.session_state.get(key) or st.query_params.get(key) or "")
    offered = _offered(rows, asked) if is_cut else rows
    names = dict(zip(offered["owner"], offered["email"], strict=True))
    chosen: str | None = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda owner: names.get(owner, owner),
        filter_mode="contains",
        accept_new_options=is_cut,
        key=key,
        bind="query-params",
        help=f"The first {MOST:,} are listed; type a part of an email to find another."
        if is_cut
        else None,
        **options,
    )
    is_text = chosen is not None and chosen not in names
    return next(iter(names)) if is_text and len(names) == 1 else chosen


def _offered(rows: pd.DataFrame, asked: str) -> pd.DataFrame:
    """Cut rows to those that a list offers: by what is asked for, if anything."""
    if not asked:
        return rows.head(MOST)
    mine = rows[rows["owner"] == asked]
    if mine.empty:
        return book.found(rows, asked).head(MOST)
    return pd.concat([mine, rows.head(MOST)]).drop_duplicates("owner")
