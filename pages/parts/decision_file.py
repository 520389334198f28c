"""Decisions as a file: download, and reading one in, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError
from core.exports import decision_list as written
from core.exports import downloads
from core.files.upload import Upload
from core.reports import decision_plan
from core.sources import decision_list
from pages.parts import cache, problems, tables, verdicts, words
from pages.parts.problems import Refused
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.reports.decision_plan import DecisionPlan
    from core.warehouse.store import Warehouse

FATES: Final = {"new": "New", "changed": "Changes a decision", "same": "Same"}
"""What becomes of a row that is read in."""

_EMPTIED: Final = "decisions_emptied"


def draw(warehouse: Warehouse, *, is_off: bool) -> None:
    """Offer the decisions as a file, and take such a file."""
    data = cache.figure(written.csv_bytes, warehouse)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            "Download decisions",
            data,
            file_name=downloads.browser_name("decisions.csv", data),
            mime="text/csv",
            key="download_decisions",
            icon=":material/download:",
            on_click="ignore",
        )
    with st.expander("Read decisions from a file", icon=":material/upload_file:"):
        st.caption(
            "A CSV with the columns Subuser, Email, Reason and Note, as the download "
            "has them. A row without an email says why: test, internal or unknown. Who "
            "reads it in is who decides."
        )
        file = st.file_uploader(
            "File of decisions",
            key=f"decisions_file_{st.session_state.get(_EMPTIED, 0)}",
        )
        if file:
            _plan(warehouse, Upload(file.name, file.getvalue()), is_off=is_off)


def _plan(warehouse: Warehouse, upload: Upload, *, is_off: bool) -> None:
    try:
        plan = decision_plan.of_list(warehouse, decision_list.read(upload))
    except AppError as error:
        st.error(as_text(str(error)))
        return
    st.dataframe(
        plan.rows.assign(fate=plan.rows["fate"].map(FATES)),
        key="decisions_plan",
        hide_index=True,
        column_config={
            "line": "Line",
            "subuser": "Subuser",
            "email_key": "Customer",
            "reason": "Reason",
            "note": "Note",
            "fate": "On load",
            "usage_gb": st.column_config.NumberColumn("GB", format=tables.GB),
        },
        placeholder="",
        alt="Decisions of the file",
    )
    problems.draw(Refused(plan.problems, upload.name, "of_decisions"))
    st.button(
        f"Record {words.counted(len(plan.needed), 'decision')}",
        key="load_decisions",
        type="primary",
        disabled=is_off or not plan.needed,
        on_click=_record,
        args=(warehouse, plan),
    )


def _record(warehouse: Warehouse, plan: DecisionPlan) -> None:
    if verdicts.take(warehouse, plan.needed, "decisions"):
        st.session_state[_EMPTIED] = st.session_state.get(_EMPTIED, 0) + 1
