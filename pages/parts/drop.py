"""The drop zone: files from staff, read one by one, each recognised by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.files.upload import Upload
from core.models import Kind, Reading
from pages.parts import cache, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.warehouse.store import Warehouse

_EMPTIED: Final = "add_files_emptied"
"""Session key: how often the drop zone was emptied."""


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
    return [Upload(file.name, file.getvalue()) for file in files]


def empty() -> None:
    """Empty the drop zone at the next run."""
    st.session_state[_EMPTIED] = st.session_state.get(_EMPTIED, 0) + 1


def read(warehouse: Warehouse, files: Sequence[Upload]) -> job.Intake:
    """Read the files, usage under the provider that staff chose."""
    with st.spinner(f"Reading {words.counted(len(files), 'file')}..."):
        return job.take(files, lambda upload: _reading(warehouse, upload))


def provider_input(warehouse: Warehouse, reading: Reading) -> None:
    """Let staff name the provider of a usage file; the file is then read anew."""
    st.text_input(
        "Provider",
        value=job.known_provider(warehouse, reading),
        key=_provider_key(reading.sha256),
        max_chars=60,
        help="Where this usage comes from. Remembered for files with these columns.",
    )


def _reading(warehouse: Warehouse, upload: Upload) -> Reading:
    found = cache.read(upload.content, upload.sha256, upload.name, None)
    if found.kind is not Kind.USAGE:
        return found
    typed = " ".join(st.session_state.get(_provider_key(upload.sha256), "").split())
    provider = typed or job.known_provider(warehouse, found)
    if provider == found.provider:
        return found
    return cache.read(upload.content, upload.sha256, upload.name, provider)


def _provider_key(sha256: str) -> str:
    return f"provider_{sha256[:12]}"
