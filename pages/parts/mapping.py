"""Mapping by hand: a file that does not tell enough, and the columns staff choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.errors import AppError
from core.sources import asking, usage
from core.sources.headers import signature
from core.sources.mapping import MappingNeededError
from core.warehouse import layouts
from pages.parts import cache, choices, intakes, outcome, problems, session, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.table import TextTable
    from core.files.upload import Upload
    from core.models import Reading
    from core.sources.mapping import Mapping, Request
    from core.warehouse.store import Warehouse

ROWS_SHOWN: Final = 5
"""Rows of a preview: as they are in the file, and as they are read."""

_WANTED: Final = "add_files_by_hand"
"""Session key of the dialogues that staff opened themselves."""


def draw(warehouse: Warehouse, request: Request, uploads: Sequence[Upload]) -> None:
    """Ask how a file is to be read, and show what comes of it.

    Args:
        warehouse: Where the choice is remembered for files with the same columns.
        request: What the file does not tell.
        uploads: The files of the drop zone; one of them holds this one.
    """
    key = f"map_{request.file_sha256[:12]}"
    with st.container(border=True):
        st.subheader(as_text(request.file), anchor=False)
        asked = [question.words for question in request.questions if question.words]
        if asked:
            st.warning("  \n".join(map(as_text, asked)), icon=":material/help:")
        st.caption("The first rows as they are in the file")
        st.dataframe(_sample(request), hide_index=True, alt="First rows of the file")
        chosen = choices.draw(request, key)
        read = _preview(request, chosen, uploads)
        is_ready = read is not None and read.rows_kept and chosen.provider
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Use these columns",
                type="primary",
                key=f"{key}_confirm",
                disabled=not is_ready,
                on_click=_confirm,
                args=(warehouse, request, chosen),
            )
            if request.file_sha256 in _wanted():
                st.button(
                    "Cancel", key=f"{key}_cancel", on_click=_drop, args=(request,)
                )
            st.text(
                "Remembered for every file with these columns."
                if chosen.provider
                else "Name the provider to go on."
            )


def draw_wanted(warehouse: Warehouse, uploads: Sequence[Upload]) -> None:
    """Show the dialogues that staff opened themselves."""
    for request in _wanted().values():
        if any(request.file.startswith(upload.name) for upload in uploads):
            draw(warehouse, request, uploads)


def offer(
    warehouse: Warehouse, file: str, sha256: str, uploads: Sequence[Upload]
) -> None:
    """Offer to choose the columns of a table by hand.

    Args:
        warehouse: Where earlier choices are remembered.
        file: Name of the file, or of a part of it.
        sha256: Fingerprint of what is read.
        uploads: The files of the drop zone.
    """
    if sha256 in _wanted():
        return
    st.button(
        "Choose its columns by hand",
        type="tertiary",
        icon=":material/table_edit:",
        key=f"by_hand_{sha256[:12]}",
        on_click=_want,
        args=(warehouse, file, sha256, uploads),
    )


def _sample(request: Request) -> pd.DataFrame:
    names = [choices.label(request, at) for at in range(len(request.header))]
    return pd.DataFrame(list(request.sample[:ROWS_SHOWN]), columns=names)


def _preview(
    request: Request, chosen: Mapping, uploads: Sequence[Upload]
) -> Reading | None:
    """Show the first rows as the choice reads them; None when it cannot."""
    try:
        table = _table(request.file, request.file_sha256, uploads)
        if table is None:
            return None
        reading = usage.preview(table, chosen)
    except MappingNeededError as error:
        for question in error.request.questions:
            st.info(as_text(question.words), icon=":material/help:")
        return None
    except AppError as error:
        st.error(as_text(str(error)))
        return None
    st.caption(
        f"As read: of the first {words.counted(reading.rows_read, 'row')}, "
        f"{reading.rows_kept:,} kept, {len(reading.problems):,} refused"
    )
    kept, refused = st.columns(2)
    kept.dataframe(_rows(reading), hide_index=True, alt="First rows as read")
    if reading.problems:
        rows = problems.table(reading.problems[:ROWS_SHOWN])
        refused.dataframe(rows, hide_index=True, alt="First refused rows")
    return reading


def _table(file: str, sha256: str, uploads: Sequence[Upload]) -> TextTable | None:
    """Return the first rows of the table that is asked about; None if it is gone.

    Raises:
        AppError: It is no table.
    """
    found = [each for each in uploads if each.sha256 == sha256]
    found = found or [each for each in uploads if file.startswith(each.name)]
    for upload in found[:1]:
        return cache.head(upload.content, upload.sha256, upload.name, sha256)
    return None


def _wanted() -> dict[str, Request]:
    """Requests of staff themselves, by the fingerprint of the file."""
    wanted: dict[str, Request] = st.session_state.setdefault(_WANTED, {})
    return wanted


def _want(
    warehouse: Warehouse, file: str, sha256: str, uploads: Sequence[Upload]
) -> None:
    """Open the dialogue of a table, with what is remembered or recognised of it."""
    try:
        table = _table(file, sha256, uploads)
    except AppError as error:
        outcome.tell_failure("load", str(error))
        return
    if table is not None:
        remembered = layouts.find(warehouse, signature(table.header))
        chosen = remembered.mapping if remembered else None
        _wanted()[sha256] = asking.proposed(table, sha256, chosen)


def _drop(request: Request) -> None:
    _wanted().pop(request.file_sha256, None)


def _rows(reading: Reading) -> pd.DataFrame:
    names = {
        "line": "Line",
        "subuser": "Subuser",
        "period_start": "Period",
        "granularity": "Of a",
        "usage_gb": "GB",
    }
    rows = reading.rows.slice(0, ROWS_SHOWN).select(list(names)).to_pylist()
    # GB as text: what is read is shown whole, not as a chart's number.
    shown = [{**row, "usage_gb": f"{row['usage_gb'].normalize():f}"} for row in rows]
    return pd.DataFrame(shown, columns=list(names)).rename(columns=names)


def _confirm(warehouse: Warehouse, request: Request, chosen: Mapping) -> None:
    try:
        layouts.save(warehouse, request, chosen, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("load", str(error))
        return
    _drop(request)
    intakes.choose(request.file_sha256, chosen)
    outcome.tell("load", f"The columns of {request.file} are remembered.")
