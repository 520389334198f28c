"""The drop zone: files from staff, and files of earlier loads put beside them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.files.upload import Upload
from pages.parts.text import as_text

_EMPTIED: Final = "add_files_emptied"
"""Session key: how often the drop zone was emptied."""

_DROPPED: Final = "add_files_dropped"
"""Session key: the files that lie in the drop zone, by the id of their upload."""

_AGAIN: Final = "add_files_again"
"""Session key: files of earlier loads that are to be loaded again."""


def uploads() -> list[Upload]:
    """Show the drop zone and return what lies in it."""
    emptied = st.session_state.get(_EMPTIED, 0)
    files = st.file_uploader(
        "Drop any number of files here, or choose them",
        # Both mean any type; Streamlit empties an uploader when its type changes.
        type=[] if emptied % 2 else None,
        accept_multiple_files=True,
        key="files",
    )
    again: list[Upload] = st.session_state.get(_AGAIN, [])
    if again:
        names = ", ".join(as_text(upload.name) for upload in again)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"From earlier loads: {names}", width="content")
            st.button("Take out", type="tertiary", key="again_out", on_click=_let_go)
    # Kept from run to run: a long file has its fingerprint taken once.
    before: dict[str, Upload] = st.session_state.get(_DROPPED, {})
    dropped = {
        file.file_id: before.get(file.file_id) or Upload(file.name, file.getvalue())
        for file in files
    }
    st.session_state[_DROPPED] = dropped
    return [*again, *dropped.values()]


def put_again(upload: Upload) -> None:
    """Put the file of an earlier load beside what lies in the drop zone."""
    others = [
        each
        for each in st.session_state.get(_AGAIN, [])
        if each.sha256 != upload.sha256
    ]
    st.session_state[_AGAIN] = [*others, upload]


def empty() -> None:
    """Empty the drop zone at the next run."""
    st.session_state[_EMPTIED] = st.session_state.get(_EMPTIED, 0) + 1
    _let_go()


def _let_go() -> None:
    st.session_state.pop(_AGAIN, None)
