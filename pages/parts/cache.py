"""The only module with Streamlit's cache decorators; no logic of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import streamlit as st

from core import job
from core.files.upload import Upload
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.models import Reading

P = ParamSpec("P")
T = TypeVar("T")

WAREHOUSE: Final = Path(__file__).resolve().parents[2] / "data" / "warehouse.duckdb"
"""Where everything loaded is kept unless METERBOOK_WAREHOUSE names another file."""


@st.cache_resource(show_spinner="Opening the warehouse...")
def warehouse() -> Warehouse:
    """Open the warehouse once for all sessions."""
    return job.open_warehouse(Path(os.environ.get("METERBOOK_WAREHOUSE", WAREHOUSE)))


@st.cache_data(max_entries=40, show_spinner=False)
def read(_content: bytes, sha256: str, name: str, provider: str | None) -> Reading:
    """Read one upload once per content, name and provider.

    Raises:
        AppError: The file is unreadable, unknown, or nothing to load.
    """
    return job.read(Upload(name, _content), provider=provider)


def figure(report: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Return a report of the warehouse as it is now, made once per state and argument.

    Args:
        report: A function of core.reports or core.exports whose first argument is the
            warehouse.
        arguments: The warehouse, then what report takes besides.
        options: Its named arguments.
    """
    version = warehouse().version()
    name = f"{report.__module__}.{report.__qualname__}"
    return _figure(
        f"{name}{arguments[1:]!r}{options!r}",
        version,
        _call=lambda: report(*arguments, **options),
    )


@st.cache_data(max_entries=200, show_spinner=False)
def _figure(key: str, version: int, _call: Callable[[], T]) -> T:
    return _call()
