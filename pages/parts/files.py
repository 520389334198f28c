"""Download files on the screen: one row for each, the zip, the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.exports import downloads
from core.exports.contracts import CONTRACTS
from core.models import Kind
from pages.parts import words

if TYPE_CHECKING:
    from core.exports.contracts import Contract
    from core.exports.downloads import Bundle, Offer

ARCHIVE: Final = "meterbook.zip"
"""Name of the zip with all files."""

WIDTH: Final = 560
"""Pixels for the name of a file and its grain."""

_KILOBYTE: Final = 1024


def zip_button(bundle: Bundle) -> None:
    """Offer all files as one zip."""
    data = bundle.archive
    count = words.counted(len(bundle.offers), "file")
    st.download_button(
        f"Download all, {count} in one zip ({size(len(data))})",
        data,
        file_name=downloads.browser_name(ARCHIVE, data),
        mime="application/zip",
        key="download_all",
        type="primary",
        icon=":material/folder_zip:",
        on_click="ignore",
    )


def row(offer: Offer) -> None:
    """Show one file: its name and grain, its rows and size, its button."""
    contract = offer.contract
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width=WIDTH):
            st.text(contract.file)
            st.caption(f"One row for each {contract.grain}.")
        with st.container(gap=None, width=110):
            st.text(words.counted(offer.row_count, "row"))
            st.caption(size(len(offer.data)))
        with st.container(horizontal_alignment="right"):
            _button(offer)


def missing(bundle: Bundle) -> None:
    """Name the files that need more than is loaded, and what they need."""
    made = {offer.contract.file for offer in bundle.offers}
    lacking = [each for each in CONTRACTS if each.file not in made]
    if not lacking:
        return
    st.caption("Not yet, because something is not loaded:")
    rows = [{"File": each.file, "Needs": needs(each)} for each in lacking]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Files that need more data")


def needs(contract: Contract) -> str:
    """Say what must be loaded for a file."""
    all_of = [words.KINDS[kind] for kind in Kind if kind in contract.needs]
    one_of = [words.KINDS[kind] for kind in Kind if kind in contract.any_of]
    return " and ".join([*all_of, *([" or ".join(one_of)] if one_of else [])])


def dictionary(bundle: Bundle) -> None:
    """Show every column of every offered file: type, unit and meaning."""
    rows = [
        {
            "File": offer.contract.file,
            "Column": column.name,
            "Type": column.type,
            "Unit": column.unit,
            "Meaning": column.meaning,
        }
        for offer in bundle.offers
        for column in offer.contract.columns
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="dictionary",
        column_config={"Meaning": st.column_config.TextColumn(width="large")},
        alt="Columns of all files",
    )


def size(count: int) -> str:
    """Write a number of bytes as people read it: `431 B`, `12.3 KB`, `1.5 MB`."""
    if count < _KILOBYTE:
        return f"{count} B"
    if count < _KILOBYTE**2:
        return f"{count / _KILOBYTE:.1f} KB"
    return f"{count / _KILOBYTE**2:.1f} MB"


def _button(offer: Offer) -> None:
    file = offer.contract.file
    mime = "application/json" if file.endswith(".json") else "text/csv"
    st.download_button(
        "Download",
        offer.data,
        file_name=downloads.browser_name(file, offer.data),
        mime=mime,
        key="download_" + file.replace(".", "_").replace("-", "_"),
        icon=":material/download:",
        on_click="ignore",
    )
