"""The drop zone: files from staff, read one by one, each recognised by its content."""

from __future__ import annotations

from dataclasses import replace
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
        return job.take(files, lambda upload: _intake(warehouse, upload))


def provider_input(warehouse: Warehouse, reading: Reading) -> None:
    """Let staff name the provider of a usage file; the file is then read anew."""
    st.text_input(
        "Provider",
        value=job.known_provider(warehouse, reading),
        key=_provider_key(reading.sha256),
        max_chars=60,
        help="Where this usage comes from. Remembered for files with these columns.",
    )


def _intake(warehouse: Warehouse, upload: Upload) -> job.Intake:
    """Read one upload, each usage table in it under its own provider."""
    found = cache.read(upload.content, upload.sha256, upload.name, None)
    readings = [
        _provided(warehouse, upload, place, reading)
        for place, reading in enumerate(found.readings)
    ]
    return replace(found, readings=tuple(readings))


def _provided(
    warehouse: Warehouse, upload: Upload, place: int, reading: Reading
) -> Reading:
    """Return a reading under the provider that staff chose for it."""
    if reading.kind is not Kind.USAGE:
        return reading
    typed = " ".join(st.session_state.get(_provider_key(reading.sha256), "").split())
    provider = typed or job.known_provider(warehouse, reading)
    if provider == reading.provider:
        return reading
    again = cache.read(upload.content, upload.sha256, upload.name, provider)
    return again.readings[place]


def _provider_key(sha256: str) -> str:
    return f"provider_{sha256[:12]}"
