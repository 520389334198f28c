"""Refused rows on the screen, and as a file."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.exports import downloads, refused_rows
from pages.parts import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.errors import RowProblem

_ROWS_SHOWN: Final = 500
"""Refused rows shown on the page; the file has all of them."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def draw(found: Sequence[RowProblem], file: str, *, key: str) -> None:
    """Show refused rows with line, column, value and reason; nothing if there are none.

    Args:
        found: Refused rows of one file, in its order.
        file: Its name.
        key: What tells this file from others on the page.
    """
    if not found:
        return
    rows = words.counted(len(found), "row")
    with st.expander(f"{rows} refused", icon=":material/block:", expanded=True):
        if len(found) > _ROWS_SHOWN:
            st.caption(f"The first {_ROWS_SHOWN:,}; the file below has all of them.")
        st.dataframe(table(found[:_ROWS_SHOWN]), hide_index=True, alt="Refused rows")
        download(found, file, key=key)


def download(found: Sequence[RowProblem], file: str, *, key: str) -> None:
    """Offer refused rows as a file."""
    data = refused_rows.csv_bytes(found)
    stem = PurePath(safe(file)).stem
    st.download_button(
        "Download refused rows",
        data,
        file_name=downloads.browser_name(f"refused_{stem}.csv", data),
        mime="text/csv",
        key=f"refused_{key}",
        icon=":material/download:",
        on_click="ignore",
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
