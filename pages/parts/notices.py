"""What a page says where data are missing: what there is not, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.models import Kind
from pages.parts import gate, sample

if TYPE_CHECKING:
    from collections.abc import Collection

LACKING: Final = {
    Kind.USAGE: "No usage is loaded: add the export of a provider.",
    Kind.CUSTOMERS: "No customers are loaded: add them from MongoDB. Until then all "
    "usage is unmatched.",
    Kind.STRIPE_LEDGER: "No Stripe file is loaded: add a Payments or All activity "
    "export.",
}
"""What is missing, and what to add, by kind."""


def nothing_loaded(
    words: str = "No data yet. Add files of your shop, or look around with made-up "
    "ones.",
) -> None:
    """Say that the warehouse is empty, and lead to the files and to the sample.

    Args:
        words: What there is not, and what to do.
    """
    st.info(words)
    with st.container(horizontal=True, vertical_alignment="center"):
        to_files()
        if gate.is_editor():
            sample.load_button()


def missing(lacking: Collection[Kind], needed: Collection[Kind] = LACKING) -> None:
    """Say which kinds of file are not loaded, and lead to the files.

    Args:
        lacking: Kinds that are not loaded.
        needed: The kinds that the page shows something of.
    """
    said = _lacking({kind for kind in lacking if kind in needed})
    if said:
        st.info(said)
        to_files()


def to_drop(loaded: Collection[Kind]) -> None:
    """Say on the page that takes files which ones are still to come.

    Args:
        loaded: Kinds that are loaded; Stripe's two exports are as good as one another.
    """
    if not loaded:
        st.info(
            "Nothing is loaded yet. Drop files above, or look around in a made-up shop."
        )
        sample.load_button()
        return
    has_money = bool({Kind.STRIPE_LEDGER, Kind.STRIPE_PAYMENTS} & set(loaded))
    known = {*loaded, *([Kind.STRIPE_LEDGER] if has_money else [])}
    if said := _lacking(set(LACKING) - known):
        st.info(said)


def to_files() -> None:
    """Link to the page that takes files; viewers are told who may open it."""
    if gate.is_editor():
        st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
    else:
        st.caption("Adding files is for editors: ask one.")


def _lacking(kinds: Collection[Kind]) -> str:
    return "  \n".join(words for kind, words in LACKING.items() if kind in kinds)
