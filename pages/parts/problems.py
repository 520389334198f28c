"""Refused rows on the screen, and as a file."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.exports import refused_rows
from core.sources import quarantine, registry
from pages.parts import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.errors import RowProblem
    from core.files.upload import Upload

_ROWS_SHOWN: Final = 500
"""Refused rows shown on the page; the file has all of them."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def draw(
    found: Sequence[RowProblem],
    file: str,
    *,
    key: str,
    source: Callable[[], Upload] | None = None,
    sha256: str = "",
) -> None:
    """Show refused rows with line, column, value and reason; nothing if there are none.

    Args:
        found: Refused rows of one file, in its order.
        file: Its name.
        key: What tells this file from others on the page.
        source: As of download.
        sha256: As of download.
    """
    if not found:
        return
    rows = words.counted(len(found), "row")
    with st.expander(f"{rows} refused", icon=":material/block:", expanded=True):
        if len(found) > _ROWS_SHOWN:
            st.caption(f"The first {_ROWS_SHOWN:,}; the file below has all of them.")
        st.dataframe(table(found[:_ROWS_SHOWN]), hide_index=True, alt="Refused rows")
        download(found, file, key=key, source=source, sha256=sha256)


def download(
    found: Sequence[RowProblem],
    file: str,
    *,
    key: str,
    source: Callable[[], Upload] | None = None,
    sha256: str = "",
) -> None:
    """Offer refused rows as a file, made when it is asked for.

    Args:
        found: Refused rows of one file, in its order.
        file: Its name.
        key: What tells this file from others on the page.
        source: Gives the upload that holds the file, if it is a table: its rows can
            then be corrected and dropped in again. None for a plain list of reasons.
        sha256: Fingerprint of the file in the upload.
    """

    def content() -> bytes:
        if source is None:
            return refused_rows.csv_bytes(found)
        return quarantine.csv_bytes(registry.table(source(), sha256), found)

    told = "Correct them and drop the file in again; the reason is left out."
    st.download_button(
        "Download refused rows",
        content,
        # A browser could be given another file of this name otherwise.
        file_name=f"refused_{PurePath(safe(file)).stem}-{sha256[:8] or key}.csv",
        mime="text/csv",
        key=f"refused_{key}",
        icon=":material/download:",
        on_click="ignore",
        help=told if source else None,
    )


def safe(file: str) -> str:
    """Return the name of a file with nothing in it that a file system may mind."""
    path = PurePath(_UNSAFE.sub("_", file))
    return f"{path.stem[:60]}{path.suffix[:10]}"


def table(found: Sequence[RowProblem]) -> pd.DataFrame:
    """Return refused rows as a table, in the order given."""
    rows = [
        {
            "Line": problem.line,
            "Column": problem.column,
            "Value": problem.value,
            "Reason": problem.reason,
        }
        for problem in found
    ]
    return pd.DataFrame(rows)
