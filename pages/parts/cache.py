"""The only module with Streamlit's cache decorators; no logic of its own."""

from __future__ import annotations

import hashlib
import pickle
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import streamlit as st

from core import job, places
from core.files.upload import Upload
from core.sources import registry
from core.warehouse.store import Warehouse
from pages.parts import session

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.table import TextTable
    from pages.parts.charts.drawing import Drawing
    from pages.parts.underway import Work

P = ParamSpec("P")
T = TypeVar("T")


def warehouse() -> Warehouse:
    """Return the warehouse in the hands of whoever asks; only editors can write."""
    return _opened().acting_as(session.actor)


@st.cache_resource(show_spinner="Opening the warehouse...", on_release=Warehouse.close)
def _opened() -> Warehouse:
    """Open the warehouse once for all sessions."""
    return job.open_warehouse(places.warehouse())


@st.cache_resource(show_spinner=False)
def underway() -> list[Work]:
    """Return the one list of work under way, and of ends that are not told yet."""
    return []


@st.cache_data(max_entries=40, show_spinner=False)
def head(_content: bytes, sha256: str, name: str, part_sha256: str) -> TextTable:
    """Return the first rows of a table in an upload.

    Args:
        _content: The bytes of the upload.
        sha256: Its fingerprint.
        name: Its name.
        part_sha256: Fingerprint of the file, the sheet, or the file in a zip.

    Raises:
        UnreadableFileError: There is no such table in it.
    """
    return registry.top(Upload(name, _content), part_sha256)


@st.cache_data(max_entries=40, show_spinner=False)
def is_table(_content: bytes, sha256: str, name: str) -> bool:
    """Tell once per content whether a plain file can be read as a table."""
    return registry.is_table(Upload(name, _content))


def figure(report: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Return a report of the warehouse as it is now, made once per state and argument.

    Args:
        report: A function of core.reports or core.exports whose first argument is the
            warehouse.
        arguments: The warehouse, then what report takes besides.
        options: Its named arguments.
    """
    version = warehouse().version()
    _begin(version)
    name = f"{report.__module__}.{report.__qualname__}"
    made = _figure(
        f"{name}{arguments[1:]!r}{options!r}",
        version,
        _call=lambda: report(*arguments, **options),
    )
    # A shallow copy of a frame: what a page sets in it stays the page's own.
    handed: T = made.copy(deep=False) if hasattr(made, "iloc") else made
    return handed


def awaited(report: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Return a report as figure does; where it takes a moment, a spinner says so.

    For the first figures of a page, in its flow: the spinner stands where it is called.
    """
    with st.spinner("Reading the figures..."):
        return figure(report, *arguments, **options)


@st.cache_resource(max_entries=1, show_spinner=False)
def _begin(version: int) -> None:
    """Let go of the figures of all earlier states: nobody asks for them again."""
    _figure.clear()


# Kept as it is: to pickle a hundred thousand rows for each view takes longer than all.
@st.cache_resource(max_entries=100, show_spinner=False)
def _figure(key: str, version: int, _call: Callable[[], Any]) -> Any:  # noqa: ANN401
    return _call()


def drawing(
    draw: Callable[P, Drawing], *arguments: P.args, **options: P.kwargs
) -> dict[str, Any]:
    """Return the specification of a chart, made once for equal tables and options.

    Args:
        draw: A function of pages.parts.charts.
        arguments: What it takes; all can be pickled.
        options: Its named arguments.
    """
    taken = hashlib.sha256(pickle.dumps((arguments, options))).hexdigest()
    return _drawing(
        f"{draw.__module__}.{draw.__qualname__}{taken}",
        _call=lambda: draw(*arguments, **options),
    )


@st.cache_data(max_entries=200, show_spinner=False)
def _drawing(key: str, _call: Callable[[], Drawing]) -> dict[str, Any]:
    return _call().to_dict()
