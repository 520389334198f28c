"""Refused rows on the screen, and as a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.exports import refused_rows
from pages.parts import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.errors import RowProblem

_ROWS_SHOWN: Final = 500
"""Refused rows shown on the page; the file has all of them."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Refused:
    """Refused rows of one file.

    Attributes:
        found: The rows, in the order of the file.
        file: Its name.
        key: What tells this file from others on the page.
        sha256: Its fingerprint.
        as_sent: Writes them in a shape to correct and drop in again (see
            core.exports.refused_rows); None for a plain list of reasons.
    """

    found: Sequence[RowProblem]
    file: str
    key: str
    sha256: str = ""
    as_sent: Callable[[], bytes] | None = None

    def content(self) -> bytes:
        """Return them as a file."""
        return self.as_sent() if self.as_sent else refused_rows.csv_bytes(self.found)


def draw(refused: Refused) -> None:
    """Show line, column, value and reason of each; nothing if there are none."""
    found = refused.found
    if not found:
        return
    rows = words.counted(len(found), "row")
    with st.expander(f"{rows} refused", icon=":material/block:", expanded=True):
        if len(found) > _ROWS_SHOWN:
            st.caption(f"The first {_ROWS_SHOWN:,}; the file below has all of them.")
        st.dataframe(table(found[:_ROWS_SHOWN]), hide_index=True, alt="Refused rows")
        download(refused)


def download(refused: Refused) -> None:
    """Offer refused rows as a file, made when it is asked for."""
    told = "Correct them and drop the file in again; the reason is left out."
    # A browser could be given another file of this name otherwise.
    digest = refused.sha256[:8] or refused.key
    st.download_button(
        "Download refused rows",
        refused.content,
        file_name=f"refused_{PurePath(safe(refused.file)).stem}-{digest}.csv",
        mime="text/csv",
        key=f"refused_{refused.key}",
        icon=":material/download:",
        on_click="ignore",
        help=told if refused.as_sent else None,
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
