"""A note of staff on a customer: its text, who wrote it and when, and those before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import AppError
from core.warehouse import notes
from pages.parts import cache, gate, outcome, session

if TYPE_CHECKING:
    from core.warehouse.notes import Note
    from core.warehouse.store import Warehouse


@st.fragment
def draw(warehouse: Warehouse, owner: str) -> None:
    """Show the note that counts, to be written anew, and the earlier ones."""
    outcome.show("note")
    written = cache.figure(notes.history, warehouse, owner)
    now = written[0].note if written else ""
    is_editor = gate.is_editor()
    text = st.text_area(
        "Note",
        now,
        max_chars=notes.LONGEST,
        key=f"note_{owner}_{len(written)}",
        placeholder="What colleagues should know about this customer",
        help="Seen by everybody who opens this page; in no download.",
        disabled=not is_editor,
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save note",
            key="save_note",
            on_click=_save,
            args=(warehouse, owner, f"note_{owner}_{len(written)}"),
            disabled=not is_editor,
        )
        if written:
            st.text(_signature(written[0]))
    if text != now:
        st.caption("Not saved yet.")
    if len(written) > 1:
        _earlier(written[1:])


def _earlier(written: tuple[Note, ...]) -> None:
    with st.expander(f"Earlier notes ({len(written):,})", icon=":material/history:"):
        for note in written:
            st.text(f"{_signature(note)}\n{note.note or 'No note'}")


def _signature(note: Note) -> str:
    what = "Written" if note.note else "Taken away"
    return f"{what} by {note.saved_by}, {note.saved_at:%Y-%m-%d %H:%M} UTC"


def _save(warehouse: Warehouse, owner: str, key: str) -> None:
    text = str(st.session_state[key])
    try:
        is_new = notes.save(warehouse, owner, text, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("note", str(error))
        return
    outcome.tell("note", "The note is saved." if is_new else "The note is as it was.")
