"""Outcome of a press of a button, told once on the page drawn after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from pages.parts.text import as_text

_KEY: Final = "outcome"
"""Session key of what is to be told."""

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


def tell(words: str, *, with_links: bool = False) -> None:
    """Keep the words of something done for the next drawing of a page."""
    st.session_state[_KEY] = Outcome(words, is_done=True, with_links=with_links)


def tell_failure(words: str) -> None:
    """Keep the words of something that did not work for the next drawing of a page."""
    st.session_state[_KEY] = Outcome(words, is_done=False, with_links=False)


def show() -> None:
    """Show what is to be told, once."""
    outcome: Outcome | None = st.session_state.pop(_KEY, None)
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
