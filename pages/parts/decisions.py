"""Decisions of people about subusers: the desk where they are made, and their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core import job
from core.errors import AppError
from core.models import Rule
from core.reports import bandwidth, review
from pages.parts import cache, formats, outcome, session, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

PER_PAGE: Final = 10
"""Decisions shown at once."""

NOTE: Final = "matching_note"
"""Session key of the note that goes with the next decision."""

SEARCH: Final = "other_search"
"""Session key of the search for a customer who is no candidate."""

MATCHING: Final = "Matching again..."
"""What is told while a decision takes effect."""

FIELDS: Final = {
    "oxyUsername": "oxyUsername (Pro)",
    "briefOxyUsername": "briefOxyUsername (Basic)",
    "email": "email",
    "oxyId": "oxyId (Pro)",
    "briefOxyId": "briefOxyId (Basic)",
}
"""Customer fields that were compared, with the account that they tell."""


def desk(warehouse: Warehouse, subuser: str, rule: Rule) -> None:
    """Show what speaks for whom, and take the decision about one subuser."""
    known = cache.figure(bandwidth.by_subuser, warehouse)
    (row,) = known[known["subuser"] == subuser].to_dict("records")
    st.subheader(as_text(subuser), anchor=False)
    months = words.counted(int(row["months_active"]), "month")
    st.caption(
        f"{formats.gb(row['usage_gb'])} in {months}. {as_text(row['explanation'])}."
    )
    nearest = cache.figure(review.candidates, warehouse, subuser)
    is_off = rule is Rule.NOTEBOOK
    if nearest.empty:
        st.caption("No customer comes near this name.")
    for column, candidate in zip(
        st.columns(3), nearest.to_dict("records"), strict=False
    ):
        with column:
            _card(warehouse, subuser, candidate, is_off=is_off)
    other, nobody = st.columns([2, 1], gap="large")
    with other:
        _other(warehouse, subuser, is_off=is_off)
    with nobody:
        st.text_input("Note, kept with the decision", key=NOTE, max_chars=300)
        _button(
            "Not a customer", "decide_none", warehouse, subuser, None, is_off=is_off
        )


def made(warehouse: Warehouse) -> None:
    """List the decisions that count, newest first, each with a way to take it back."""
    outcome.show("decisions")
    rows = cache.figure(review.decided, warehouse)
    if rows.empty:
        st.caption("Nobody has decided anything yet.")
        return
    page = 1
    if len(rows) > PER_PAGE:
        page = st.pagination(-(-len(rows) // PER_PAGE), key="decisions_page")
    shown = rows.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    for row in shown.to_dict("records"):
        _row(warehouse, row)


def _card(
    warehouse: Warehouse, subuser: str, candidate: dict[Any, Any], *, is_off: bool
) -> None:
    with st.container(border=True, height="stretch"):
        st.text(candidate["email"])
        st.metric(
            f"Score by {FIELDS.get(candidate['field'], 'another field')}",
            f"{candidate['score']:.0f}",
        )
        st.caption(as_text(candidate["explanation"]))
        names = cache.figure(review.names, warehouse, candidate["email_key"])
        st.caption("Stored usernames")
        st.text("\n".join(names) or "none")
        key = f"accept_{candidate['rank']}"
        email_key = candidate["email_key"]
        _button("Accept", key, warehouse, subuser, email_key, is_off=is_off)


def _other(warehouse: Warehouse, subuser: str, *, is_off: bool) -> None:
    text = st.text_input(
        "Another customer",
        key=SEARCH,
        type="search",
        placeholder="Part of an email or username",
    )
    found = cache.figure(review.search, warehouse, text or "")
    if text and found.empty:
        st.caption("No customer has this in email or usernames.")
    if found.empty:
        return
    email = dict(zip(found["email_key"], found["email"], strict=True))
    chosen = st.selectbox(
        f"{words.counted(len(found), 'customer')} found",
        list(email),
        format_func=lambda key: email.get(key, key),
        key="other_customer",
    )
    if chosen:
        _button(
            "Assign to this customer",
            "accept_other",
            warehouse,
            subuser,
            chosen,
            is_off=is_off,
        )


def _button(
    label: str,
    key: str,
    warehouse: Warehouse,
    subuser: str,
    email_key: str | None,
    *,
    is_off: bool,
) -> None:
    st.button(
        label,
        key=key,
        disabled=is_off,
        on_click=_decide,
        args=(warehouse, subuser, email_key),
    )


def _row(warehouse: Warehouse, row: dict[Any, Any]) -> None:
    is_customer = not pd.isna(row["email_key"])
    used = formats.gb(row["usage_gb"])
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width=270):
            st.text(row["subuser"])
            st.caption(used if row["usage_gb"] else "no loaded file has it")
        with st.container(gap=None, width=320):
            st.text(f"is of {row['email_key']}" if is_customer else "is not a customer")
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


def _decide(warehouse: Warehouse, subuser: str, email_key: str | None) -> None:
    now, by = session.now(), session.who()
    note = str(st.session_state.get(NOTE, "")).strip()
    try:
        with st.spinner(MATCHING):
            job.decide(warehouse, subuser, email_key, note=note, now=now, by=by)
    except AppError as error:
        outcome.tell_failure("desk", str(error))
        return
    st.session_state[NOTE] = st.session_state[SEARCH] = ""
    is_of = f"is of {email_key}" if email_key else "is not a customer"
    outcome.tell("desk", f"{subuser} {is_of}. It can be taken back under Decisions.")


def _take_back(warehouse: Warehouse, decision_id: int, subuser: str) -> None:
    now, by = session.now(), session.who()
    try:
        with st.spinner(MATCHING):
            job.take_back(warehouse, decision_id, now=now, by=by)
    except AppError as error:
        outcome.tell_failure("decisions", str(error))
    else:
        outcome.tell("decisions", f"The decision about {subuser} is taken back.")
