"""The desk: what speaks for whom about one subuser, and the decision about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.models import Choice, NoCustomer, Rule
from core.reports import absent, bandwidth, review
from pages.parts import cache, formats, verdicts, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

NOTE: Final = "matching_note"
"""Session key of the note that goes with the next decision."""

REASON: Final = "matching_reason"
"""Session key of why the subuser is no customer's."""

SEARCH: Final = "other_search"
"""Session key of the search for a customer who is no candidate."""

PLACE: Final = "desk"
"""Where outcomes of the desk are told."""

FIELDS: Final = {
    "oxyUsername": "oxyUsername (Pro)",
    "briefOxyUsername": "briefOxyUsername (Basic)",
    "email": "email",
    "oxyId": "oxyId (Pro)",
    "briefOxyId": "briefOxyId (Basic)",
}
"""Customer fields that were compared, with the account that they tell."""


def draw(warehouse: Warehouse, subuser: str, rule: Rule) -> None:
    """Show what speaks for whom, and take the decision about one subuser."""
    known = cache.figure(bandwidth.by_subuser, warehouse)
    (row,) = known[known["subuser"] == subuser].to_dict("records")
    st.subheader(as_text(subuser), anchor=False)
    months = words.counted(int(row["months_active"]), "month")
    st.caption(
        f"{formats.gb(row['usage_gb'])} in {months}. {as_text(row['explanation'])}."
    )
    is_off = rule is Rule.NOTEBOOK
    _candidates(warehouse, subuser, is_off=is_off)
    other, nobody = st.columns([1.4, 1], gap="large")
    with other:
        _other(warehouse, subuser, is_off=is_off)
    with nobody:
        _nobody(warehouse, subuser, is_off=is_off)


def _candidates(warehouse: Warehouse, subuser: str, *, is_off: bool) -> None:
    nearest = cache.figure(review.candidates, warehouse, subuser)
    if nearest.empty:
        st.caption("No customer comes near this name.")
    columns = st.columns(3)
    for column, candidate in zip(columns, nearest.to_dict("records"), strict=False):
        with column:
            _card(warehouse, subuser, candidate, is_off=is_off)


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
        if candidate["payments"]:
            st.caption(as_text(candidate["payments"]))
        names = cache.figure(review.names, warehouse, candidate["email_key"])
        st.caption("Stored usernames")
        st.text("\n".join(names) or "none")
        if candidate["email_key"] in cache.figure(absent.emails, warehouse):
            st.caption(absent.WORDS)
        rank = candidate["rank"]
        st.button(
            "Accept",
            key=f"accept_{rank}",
            shortcut=str(rank),
            disabled=is_off,
            on_click=_decide,
            args=(warehouse, subuser, candidate["email_key"]),
        )


def _other(warehouse: Warehouse, subuser: str, *, is_off: bool) -> None:
    text = st.text_input(
        "Another customer",
        key=SEARCH,
        bind="query-params",
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
        st.button(
            "Assign to this customer",
            key="accept_other",
            disabled=is_off,
            on_click=_decide,
            args=(warehouse, subuser, chosen),
        )


def _nobody(warehouse: Warehouse, subuser: str, *, is_off: bool) -> None:
    st.text_input("Note, kept with the decision", key=NOTE, max_chars=300)
    st.segmented_control(
        "Not a customer, because it is",
        list(verdicts.REASONS),
        default=NoCustomer.UNKNOWN,
        required=True,
        format_func=verdicts.REASONS.__getitem__,
        key=REASON,
    )
    st.button(
        "Not a customer",
        key="decide_none",
        shortcut="N",
        disabled=is_off,
        on_click=_decide,
        args=(warehouse, subuser, None),
    )


def _decide(warehouse: Warehouse, subuser: str, email_key: str | None) -> None:
    note = str(st.session_state.get(NOTE, "")).strip()
    chosen = NoCustomer(st.session_state.get(REASON) or NoCustomer.UNKNOWN)
    choice = Choice(subuser, email_key, None if email_key else chosen, note)
    if verdicts.take(warehouse, [choice], PLACE):
        st.session_state[NOTE] = st.session_state[SEARCH] = ""
