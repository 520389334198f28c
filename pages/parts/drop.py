"""The drop zone: files from staff, read one by one, each recognised by its content."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.files.upload import Upload
from core.models import Kind, Reading
from core.warehouse import layouts
from pages.parts import cache
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sources.mapping import Mapping
    from core.warehouse.store import Warehouse

_EMPTIED: Final = "add_files_emptied"
"""Session key: how often the drop zone was emptied."""

_AGAIN: Final = "add_files_again"
"""Session key: files of earlier loads that are to be loaded again."""

_CHOSEN: Final = "add_files_chosen"
"""Session key: columns chosen for one file alone, by its SHA-256."""


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
    return [*again, *(Upload(file.name, file.getvalue()) for file in files)]


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


def choose(sha256: str, mapping: Mapping) -> None:
    """Read one file by these columns while this session lasts."""
    chosen: dict[str, Mapping] = st.session_state.get(_CHOSEN, {})
    st.session_state[_CHOSEN] = {**chosen, sha256: mapping}


def read(warehouse: Warehouse, files: Sequence[Upload]) -> job.Intake:
    """Read the files, usage by the columns and under the provider that staff chose."""
    remembered = cache.figure(layouts.mappings, warehouse)
    mappings = {**remembered, **st.session_state.get(_CHOSEN, {})}
    place = {id(upload): at for at, upload in enumerate(files, start=1)}

    def intake(upload: Upload) -> job.Intake:
        at = f"file {place[id(upload)]} of {len(files)}"
        with st.spinner(f"Reading {at}: {as_text(upload.name)}", show_time=True):
            return _intake(warehouse, upload, mappings)

    return job.take(files, intake)


def provider_input(warehouse: Warehouse, reading: Reading) -> None:
    """Let staff name the provider of a usage file; the file is then read anew."""
    st.text_input(
        "Provider",
        value=job.known_provider(warehouse, reading),
        key=_provider_key(reading.sha256),
        max_chars=60,
        help="Where this usage comes from. Remembered for files with these columns.",
    )


def _intake(
    warehouse: Warehouse, upload: Upload, mappings: dict[str, Mapping]
) -> job.Intake:
    """Read one upload, each usage table in it under its own provider."""
    found = _read(upload, None, mappings)
    readings = []
    for place, reading in enumerate(found.readings):
        provider = _provider(warehouse, reading)
        if provider != reading.provider:
            again = _read(upload, provider, mappings)
            readings.append(again.readings[place])
        else:
            readings.append(reading)
    return replace(found, readings=tuple(readings))


def _read(
    upload: Upload, provider: str | None, mappings: dict[str, Mapping]
) -> job.Intake:
    return cache.read(upload.content, upload.sha256, upload.name, provider, mappings)


def _provider(warehouse: Warehouse, reading: Reading) -> str:
    """Name the provider that a reading should have: as staff chose, or as it says."""
    if reading.kind is not Kind.USAGE:
        return reading.provider
    typed = " ".join(st.session_state.get(_provider_key(reading.sha256), "").split())
    return typed or job.known_provider(warehouse, reading)


def _let_go() -> None:
    st.session_state.pop(_AGAIN, None)


def _provider_key(sha256: str) -> str:
    return f"provider_{sha256[:12]}"
