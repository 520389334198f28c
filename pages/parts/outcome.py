"""Outcome of a press of a button, told once beside it on the page drawn next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from pages.parts.text import as_text

LINKS: Final = {
    "overview.py": "Overview",
    "matching.py": "Matching",
    "downloads.py": "Downloads",
}
"""Pages on which a load shows."""


@dataclass(frozen=True)
class Outcome:
    """Words for staff, whether it worked, and whether figures changed."""

    words: str
    is_done: bool
    with_links: bool


def tell(place: str, words: str, *, with_links: bool = False) -> None:
    """Keep the words of something done for a place on the page."""
    st.session_state[_key(place)] = Outcome(words, is_done=True, with_links=with_links)


def tell_failure(place: str, words: str) -> None:
    """Keep the words of something that did not work for a place on the page."""
    st.session_state[_key(place)] = Outcome(words, is_done=False, with_links=False)


def show(place: str) -> None:
    """Show what is to be told at a place, once."""
    outcome: Outcome | None = st.session_state.pop(_key(place), None)
    if outcome is None:
        return
    if not outcome.is_done:
        st.error(as_text(outcome.words))
        return
    st.success(as_text(outcome.words), icon=":material/check:")
    if outcome.with_links:
        with st.container(horizontal=True):
            for page, label in LINKS.items():
                st.page_link(page, label=label, icon=":material/arrow_forward:")


def _key(place: str) -> str:
    return f"outcome_{place}"
