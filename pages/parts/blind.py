"""The blind check: a person says whose a subuser is, and sees no score and no match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError
from core.reports import quality, review
from core.warehouse import labels
from pages.parts import cache, formats, outcome, session, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    import pandas as pd

    from core.reports.quality import Precision
    from core.warehouse.store import Warehouse

_LAST: Final = "last_label"


@dataclass(frozen=True)
class _Answer:
    """What a person may say: its button, and the customer that it names, if any."""

    name: str
    shortcut: str
    email_key: str | None = None
    is_open: bool = False


def draw(warehouse: Warehouse) -> None:
    """Show what the sample says so far, and ask about its next subuser."""
    found = cache.figure(quality.precision, warehouse)
    if not found.population:
        st.caption("No subuser is matched by itself yet.")
        return
    _result(found)
    outcome.show("blind")
    _take_back_button(warehouse)
    if not st.toggle("Check the sample", key="blind", bind="query-params"):
        return
    rows = cache.figure(quality.sample, warehouse)
    unasked = rows[rows["label"] == ""]
    if unasked.empty:
        st.success("The whole sample is answered.", icon=":material/check:")
        return
    _question(warehouse, unasked, len(rows))


def _result(found: Precision) -> None:
    columns = st.columns(3)
    with columns[0].container(border=True, height="stretch"):
        st.metric(
            "Precision of automatic matches",
            formats.share(found.share),
            help="Right answers, of all answers that could be told.",
        )
        st.caption("Nobody has answered yet." if found.low is None else _bounds(found))
    with columns[1].container(border=True, height="stretch"):
        st.metric(
            "Answered",
            f"{found.answered:,} of {found.sampled:,}",
            help="Matches of the sample that a person has judged.",
        )
        st.caption(f"{found.right:,} right, {found.open_count:,} could not be told")
    with columns[2].container(border=True, height="stretch"):
        st.metric(
            "Automatic matches",
            f"{found.population:,}",
            help="Matches that no person decided.",
        )
        st.caption("The sample is a chance choice of them, the same for everybody.")


def _bounds(found: Precision) -> str:
    low, high = formats.share(found.low), formats.share(found.high)
    return f"{low} to {high} with 95 % certainty (Wilson)"


def _question(warehouse: Warehouse, unasked: pd.DataFrame, sampled: int) -> None:
    subuser, email_key = unasked.iloc[0][["subuser", "email_key"]]
    place = sampled - len(unasked) + 1
    st.caption(f"{place:,} of {sampled:,}. Whose is this subuser?")
    st.subheader(as_text(subuser), anchor=False)
    people = cache.figure(quality.lineup, warehouse, subuser, email_key)
    columns = st.columns(max(3, len(people)))
    for number, (column, person) in enumerate(
        zip(columns, people.to_dict("records"), strict=False), 1
    ):
        with column.container(border=True, height="stretch"):
            st.text(person["email"])
            names = cache.figure(review.names, warehouse, person["email_key"])
            st.caption("Stored usernames")
            st.text("\n".join(names) or "none")
            this = _Answer("This one", str(number), person["email_key"])
            _button(warehouse, subuser, this)
    with st.container(horizontal=True):
        _button(warehouse, subuser, _Answer("None of these", "N"))
        _button(warehouse, subuser, _Answer("Cannot tell", "T", is_open=True))


def _button(warehouse: Warehouse, subuser: str, answer: _Answer) -> None:
    st.button(
        answer.name,
        key=f"label_{answer.shortcut.lower()}",
        shortcut=answer.shortcut,
        on_click=_add,
        args=(warehouse, subuser, answer),
    )


def _add(warehouse: Warehouse, subuser: str, answer: _Answer) -> None:
    try:
        st.session_state[_LAST] = labels.add(
            warehouse,
            subuser,
            answer.email_key,
            is_open=answer.is_open,
            now=session.now(),
            by=session.who(),
        )
    except AppError as error:
        outcome.tell_failure("blind", str(error))


def _take_back_button(warehouse: Warehouse) -> None:
    if st.session_state.get(_LAST):
        st.button(
            "Take the last answer back",
            key="take_back_label",
            icon=":material/undo:",
            shortcut="U",
            on_click=_take_back,
            args=(warehouse,),
        )


def _take_back(warehouse: Warehouse) -> None:
    last = st.session_state.pop(_LAST)
    try:
        labels.withdraw(warehouse, last, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("blind", str(error))
    else:
        outcome.tell("blind", f"Taken back: {words.counted(1, 'answer')}.")
