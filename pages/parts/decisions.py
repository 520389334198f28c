"""Decisions that count: their list, each with its way back, and those unused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core import job
from core.errors import AppError
from core.models import NoCustomer
from core.reports import review
from pages.parts import (
    cache,
    formats,
    meanings,
    outcome,
    session,
    tables,
    underway,
    verdicts,
    words,
)
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

PER_PAGE: Final = 10
"""Decisions shown at once."""


def draw(warehouse: Warehouse) -> None:
    """List the decisions that count, newest first, each with a way to take it back."""
    outcome.show("decisions")
    rows = cache.figure(review.decided, warehouse)
    if rows.empty:
        st.caption("Nobody has decided anything yet.")
        return
    _unused(rows[rows["unused"] != ""])
    page = 1
    if len(rows) > PER_PAGE:
        page = st.pagination(
            -(-len(rows) // PER_PAGE), key="decisions_page", bind="query-params"
        )
    shown = rows.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    for row in shown.to_dict("records"):
        _row(warehouse, row)


def whose(email_key: str, reason: str) -> str:
    """Say what a decision says; email_key is empty for one that is nobody's."""
    if email_key:
        return f"is of {email_key}"
    why = f" ({verdicts.REASONS[NoCustomer(reason)].lower()})" if reason else ""
    return f"is not a customer{why}"


def _unused(rows: pd.DataFrame) -> None:
    """Show the decisions that nothing uses; nothing if there are none."""
    if rows.empty:
        return
    label = f"{words.counted(len(rows), 'decision')} unused"
    with st.expander(label, icon=":material/link_off:"):
        st.caption("They stay, and count again as soon as a file has what they name.")
        st.dataframe(
            tables.paged(rows, "unused"),
            key="unused",
            hide_index=True,
            column_order=["subuser", "email_key", "unused", "usage_gb", "note"],
            column_config={
                "subuser": "Subuser",
                "email_key": "Customer",
                "unused": st.column_config.TextColumn("Why", width="medium"),
                "usage_gb": st.column_config.NumberColumn(
                    "GB", format=tables.GB, help=meanings.USAGE
                ),
                "note": "Note",
            },
            placeholder="",
            alt="Unused decisions",
        )


def _row(warehouse: Warehouse, row: dict[Any, Any]) -> None:
    email_key = "" if pd.isna(row["email_key"]) else row["email_key"]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width=270):
            st.text(row["subuser"])
            st.caption(as_text(row["unused"]) or formats.gb(row["usage_gb"]))
        with st.container(gap=None, width=320):
            st.text(whose(email_key, row["reason"]))
            st.caption(as_text(row["note"]) or "no note")
        with st.container(gap=None, width=170):
            st.text(words.instant(row["decided_at"]))
            st.caption(f"by {as_text(row['decided_by'])}")
        with st.container(horizontal_alignment="right"):
            st.button(
                "Take back",
                key=f"take_back_{row['decision_id']}",
                on_click=_take_back,
                args=(warehouse, row["decision_id"], row["subuser"]),
            )


def _take_back(warehouse: Warehouse, decision_id: int, subuser: str) -> None:
    now, by = session.now(), session.who()
    try:
        with st.spinner(underway.waiting(verdicts.MATCHING)):
            job.take_back(warehouse, decision_id, now=now, by=by)
    except AppError as error:
        outcome.tell_failure("decisions", str(error))
    else:
        outcome.tell("decisions", f"The decision about {subuser} is taken back.")
