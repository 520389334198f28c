"""Tables that staff take along: the rows shown, as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import frames, handout

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

LARGE: Final = 3000
"""Rows of which a file may have 1 MiB: Streamlit tells larger ones apart by samples."""


def button(
    rows: pd.DataFrame,
    file: str,
    key: str,
    place: DeltaGenerator | None = None,
    *,
    is_quiet: bool = False,
) -> None:
    """Offer rows as CSV, with every column; written when the button is pressed.

    Args:
        rows: What is shown.
        file: Name of the file.
        key: Key of the widget.
        place: Where the button stands; here, if nowhere else.
        is_quiet: Whether it stands beside a heading, small and without a border.
    """
    (place or st).download_button(
        "CSV" if is_quiet else "Download CSV",
        lambda: handout.csv(rows),
        file_name=_name(rows, file),
        mime="text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary" if is_quiet else "secondary",
        on_click="ignore",
        help="The rows shown, on all pages, with every column",
    )


def _name(rows: pd.DataFrame, file: str) -> str:
    """Name a large file by its rows, so that no older one is given in its place."""
    if len(rows) <= LARGE:
        return file
    stem, _, ending = file.rpartition(".")
    return f"{stem}-{frames.digest(rows)[:8]}.{ending}"
