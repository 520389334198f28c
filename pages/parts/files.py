"""Download files on the screen: one row for each, all as one, the dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.exports import downloads, extract
from core.exports.contracts import CONTRACTS, DICTIONARY
from core.exports.edition import Format
from core.models import Kind
from core.warehouse import copies
from pages.parts import cache, notices, words

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from core.exports.contracts import Contract
    from core.exports.edition import Edition
    from core.warehouse.store import Warehouse

WIDTH: Final = 560
"""Pixels for the name of a file and its grain."""

FOLLOW_SECONDS: Final = 10
"""Seconds after which an open page knows that the data changed."""

FORMATS: Final = {
    Format.CSV: "CSV",
    Format.EXCEL: "Excel",
    Format.PARQUET: "Parquet",
    Format.HYPER: "Tableau extract",
}
"""Names of the formats."""

MOST_ROWS: Final = {
    Format.CSV: 3_000_000,
    Format.EXCEL: 200_000,
    Format.PARQUET: 3_000_000,
    Format.HYPER: 3_000_000,
}
"""Rows of usage up to which a set is written for a browser, which waits 3 minutes."""

_MIMES: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "hyper": "application/octet-stream",
}

_PRIVATE: Final = "private-"


@dataclass(frozen=True)
class Shelf:
    """The files of an edition, as the warehouse was when the page was drawn.

    A file is written when it is asked for, if the warehouse still has that state.
    """

    warehouse: Warehouse
    edition: Edition
    version: int

    def draw_all(self, counts: Mapping[str, int | None]) -> None:
        """Offer all files as one, in the format that is chosen."""
        with st.container(horizontal=True, vertical_alignment="bottom"):
            form = st.segmented_control(
                "Format of all files",
                list(FORMATS),
                default=Format.CSV,
                format_func=FORMATS.__getitem__,
                required=True,
                key="download_format",
                bind="query-params",
            )
            form = Format(form or Format.CSV)
            count = words.counted(len(counts), "file")
            hindrance = self._hindrance(form)
            self._button(
                f"Download all, {count} in one {_container(form)}",
                downloads.whole_name(form),
                lambda: downloads.whole(
                    self.warehouse, form, self.edition, version=self.version
                ),
                key="download_all",
                is_disabled=bool(hindrance),
            )
        if hindrance:
            st.caption(hindrance)

    def _hindrance(self, form: Format) -> str:
        """Say why a set cannot be had here in a format; empty if it can."""
        if form is Format.HYPER and not extract.is_possible():
            return (
                f"A Tableau extract needs the package {extract.PACKAGE} on the server: "
                f"`pip install {extract.PACKAGE}`. Until then take CSV."
            )
        period = (self.edition.first_month, self.edition.last_month)
        rows = cache.figure(copies.usage_rows, self.warehouse, *period)
        if rows > MOST_ROWS[form]:
            return (
                f"With {rows:,} rows of usage this takes longer than a browser waits. "
                "Choose a period, take the files one by one, or "
                f"`python -m core build --format {form}`."
            )
        return ""

    def draw(self, contract: Contract, row_count: int | None) -> None:
        """Show one file: its name and grain, its rows, its button."""
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(gap=None, width=WIDTH):
                st.text(contract.file)
                st.caption(f"One row for each {contract.grain}.")
            with st.container(gap=None, width=110):
                if row_count is not None:
                    st.text(words.counted(row_count, "row"))
            with st.container(horizontal_alignment="right"):
                self._button(
                    "Download",
                    contract.file,
                    lambda: downloads.content(
                        self.warehouse, contract, self.edition, version=self.version
                    ),
                    key="download_" + contract.file.replace(".", "_"),
                )

    def _button(
        self,
        label: str,
        file: str,
        write: Callable[[], bytes],
        *,
        key: str,
        is_disabled: bool = False,
    ) -> None:
        is_whole = key == "download_all"
        # Streamlit tells large files apart by samples of their content, by their name
        # and by their type: the state in the type keeps an older one from being served.
        state = self.edition.digest(self.version)
        st.download_button(
            label,
            write,
            file_name=(_PRIVATE if self.edition.is_private else "") + file,
            mime=f"{_MIMES[file.rpartition('.')[2]]}; state={state}",
            key=key,
            type="primary" if is_whole else "secondary",
            icon=":material/folder_zip:" if is_whole else ":material/download:",
            on_click="ignore",
            disabled=is_disabled,
        )


def missing(made: Container[str]) -> None:
    """Name the files that need more than is loaded, and what they need."""
    lacking = [each for each in CONTRACTS if each.file not in made]
    if not lacking:
        return
    st.caption("Not yet, because something is not loaded:")
    rows = [{"File": each.file, "Needs": needs(each)} for each in lacking]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Files that need more data")
    notices.to_files()


def needs(contract: Contract) -> str:
    """Say what must be loaded for a file."""
    all_of = [words.KINDS[kind] for kind in Kind if kind in contract.needs]
    one_of = [words.KINDS[kind] for kind in Kind if kind in contract.any_of]
    return " and ".join([*all_of, *([" or ".join(one_of)] if one_of else [])])


def dictionary(made: Container[str]) -> None:
    """Show every column of every offered file: type, unit and meaning."""
    rows = [
        {
            "File": contract.file,
            "Column": column.name,
            "Type": column.type,
            "Unit": column.unit,
            "Meaning": column.meaning,
        }
        for contract in (*CONTRACTS, DICTIONARY)
        if contract.file in made
        for column in contract.columns
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="dictionary",
        column_config={"Meaning": st.column_config.TextColumn(width="large")},
        alt="Columns of all files",
    )


@st.fragment(run_every=FOLLOW_SECONDS)
def follow(warehouse: Warehouse, version: int) -> None:
    """Draw the page anew when somebody changed the data that it offers."""
    if warehouse.version() != version:
        st.rerun()


def _container(form: Format) -> str:
    names = {Format.EXCEL: "workbook", Format.HYPER: "extract"}
    return names.get(form, "zip")
