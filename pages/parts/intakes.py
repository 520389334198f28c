"""What dropped files hold: each read once, and again only when it is read otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job, progress
from core.models import Kind
from core.sources.usage_warnings import assumed
from core.warehouse import layouts
from pages.parts import cache
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.upload import Upload
    from core.models import Reading
    from core.sources.mapping import Mapping
    from core.warehouse.store import Warehouse

_HELD: Final = "add_files_held"
"""Session key: what the files of the drop zone hold."""

_CHOSEN: Final = "add_files_chosen"
"""Session key: columns chosen for one file alone, by its SHA-256."""


class _Choices(dict[str, "Mapping"]):
    """Columns that people chose; notes which of them a file asked for."""

    def __init__(self, *found: dict[str, Mapping]) -> None:
        super().__init__()
        for each in found:
            self.update(each)
        self.asked: dict[str, Mapping | None] = {}

    def get(self, key: str, default: Mapping | None = None) -> Mapping | None:  # type: ignore[override]
        self.asked[key] = super().get(key)
        return super().get(key, default)


@dataclass(frozen=True)
class _Held:
    """An intake, and all that it rests on.

    told are its readings as the file alone tells them, without their rows; providers
    are those that they were read under.
    """

    asked: dict[str, Mapping | None]
    told: tuple[Reading, ...]
    providers: tuple[str, ...]
    intake: job.Intake


def read(warehouse: Warehouse, files: Sequence[Upload]) -> job.Intake:
    """Read the files, usage by the columns and under the provider that staff chose."""
    remembered = cache.figure(layouts.mappings, warehouse)
    chosen: dict[str, Mapping] = st.session_state.get(_CHOSEN, {})
    before: dict[str, _Held] = st.session_state.get(_HELD, {})
    now: dict[str, _Held] = {}
    place = {id(upload): at for at, upload in enumerate(files, start=1)}

    def intake(upload: Upload) -> job.Intake:
        key = f"{upload.sha256} {upload.name}"
        choices = _Choices(remembered, chosen)
        held = before.get(key)
        if held is None or not _is_right(warehouse, held, choices):
            at = f"file {place[id(upload)]} of {len(files)}"
            held = _read(warehouse, upload, choices, f"Reading {at}: {upload.name}")
        now[key] = held
        return held.intake

    found = job.take(files, intake)
    st.session_state[_HELD] = now
    return found


def choose(sha256: str, mapping: Mapping) -> None:
    """Read one file by these columns while this session lasts."""
    chosen: dict[str, Mapping] = st.session_state.get(_CHOSEN, {})
    st.session_state[_CHOSEN] = {**chosen, sha256: mapping}


def provider_input(warehouse: Warehouse, reading: Reading) -> None:
    """Let staff name the provider of a usage file; the file is then read anew."""
    st.text_input(
        "Provider",
        value=job.known_provider(warehouse, reading),
        key=_provider_key(reading.sha256),
        max_chars=60,
        placeholder="Who sent this file",
        help="Where this usage comes from. Remembered for files with these columns.",
    )


def _is_right(warehouse: Warehouse, held: _Held, choices: _Choices) -> bool:
    """Tell whether reading the file again would give the same."""
    is_same = all(choices.get(key) == then for key, then in held.asked.items())
    return is_same and held.providers == _providers(warehouse, held.told)


def _read(warehouse: Warehouse, upload: Upload, choices: _Choices, words: str) -> _Held:
    """Read one upload, each usage table in it under its own provider."""
    bar = st.empty()

    def show(part: float, step: str) -> None:
        text = f"{as_text(words)}, {step}" if step else as_text(words)
        bar.progress(min(part, 1.0), text=text)

    def read_as(provider: str | None) -> job.Intake:
        show(0.0, "")
        with progress.heard(show):
            return job.take_one(upload, provider=provider, mappings=choices)

    first = read_as(None)
    told = tuple(_without_rows(reading) for reading in first.readings)
    providers = _providers(warehouse, told)
    readings = list(first.readings)
    for name in {name for name in providers if name}:
        places = [at for at, each in enumerate(providers) if each == name]
        if any(readings[at].provider != name for at in places):
            again = read_as(name).readings
            for at in places:
                readings[at] = again[at]
    for at, (reading, name) in enumerate(zip(readings, providers, strict=True)):
        readings[at] = reading if name or not reading.provider else _unnamed(reading)
    bar.empty()
    intake = replace(first, readings=tuple(readings))
    return _Held(choices.asked, told, providers, intake)


def _unnamed(reading: Reading) -> Reading:
    """Let go of an assumed provider: its rows are not to be compared with these."""
    told = [each for each in reading.warnings if each != assumed(reading.provider)]
    return replace(reading, provider="", warnings=tuple(told))


def _without_rows(reading: Reading) -> Reading:
    return replace(reading, rows=reading.rows.slice(0, 0), problems=())


def _providers(warehouse: Warehouse, told: Sequence[Reading]) -> tuple[str, ...]:
    """Name the providers that readings should have; empty where nobody names one."""
    return tuple(_provider(warehouse, reading) for reading in told)


def _provider(warehouse: Warehouse, reading: Reading) -> str:
    if reading.kind is not Kind.USAGE:
        return reading.provider
    typed = " ".join(st.session_state.get(_provider_key(reading.sha256), "").split())
    return typed or job.known_provider(warehouse, reading)


def _provider_key(sha256: str) -> str:
    return f"provider_{sha256[:12]}"
