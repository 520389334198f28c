"""Verdicts: what a press of a button says of subusers, and its undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.errors import AppError
from core.models import NoCustomer
from pages.parts import outcome, session, underway, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Choice
    from core.warehouse.store import Warehouse

REASONS: Final = {
    NoCustomer.UNKNOWN: "Unknown",
    NoCustomer.TEST: "Test account",
    NoCustomer.INTERNAL: "Internal",
}
"""Why a subuser is no customer's; the first is chosen unless a person says else."""

MATCHING: Final = "Matching again..."
"""What is told while a decision takes effect."""

_LAST: Final = "last_decisions"


def take(warehouse: Warehouse, choices: Sequence[Choice], place: str) -> bool:
    """Record decisions and keep them for an undo; tell the outcome at a place.

    Returns:
        Whether they were recorded.
    """
    now, by = session.now(), session.who()
    try:
        with st.spinner(underway.waiting(MATCHING)):
            made = job.decide(warehouse, choices, now=now, by=by)
    except AppError as error:
        outcome.tell_failure(place, str(error))
        return False
    st.session_state[_LAST] = made
    outcome.tell(place, said(choices))
    return True


def said(choices: Sequence[Choice]) -> str:
    """Say in a sentence what was decided."""
    if len(choices) != 1:
        return f"Recorded {words.counted(len(choices), 'decision')}."
    (choice,) = choices
    if choice.email_key:
        return f"{choice.subuser} is of {choice.email_key}."
    return f"{choice.subuser} is not a customer."


def undo_button(warehouse: Warehouse, place: str) -> None:
    """Offer to undo what this visitor decided last; nothing before that."""
    last = st.session_state.get(_LAST)
    if not last:
        return
    st.button(
        f"Undo {words.counted(len(last), 'decision')}",
        key="undo_decisions",
        icon=":material/undo:",
        shortcut="U",
        on_click=_undo,
        args=(warehouse, place),
    )


def _undo(warehouse: Warehouse, place: str) -> None:
    last = st.session_state.pop(_LAST, ())
    try:
        with st.spinner(underway.waiting(MATCHING)):
            job.undo_decisions(warehouse, last, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure(place, str(error))
    else:
        outcome.tell(place, f"Undone: {words.counted(len(last), 'decision')}.")
