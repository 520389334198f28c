"""The list of loads: what came when, by whom, and its undo."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.errors import AppError, RowProblem
from core.models import Kind
from core.warehouse import batches, originals
from pages.parts import cache, outcome, problems, session, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.warehouse.batches import Batch
    from core.warehouse.store import Warehouse

PER_PAGE: Final = 10
"""Loads shown at once."""


def draw(warehouse: Warehouse) -> None:
    """Show all loads, newest first, a page at a time."""
    loads = cache.figure(batches.history, warehouse)
    if not loads:
        return
    st.header("Loads", anchor=False)
    outcome.show("loads")
    page = 1
    if len(loads) > PER_PAGE:
        page = st.pagination(-(-len(loads) // PER_PAGE), key="loads_page")
    for batch in loads[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _row(warehouse, batch)


def _row(warehouse: Warehouse, batch: Batch) -> None:
    provider = f" · {as_text(batch.provider)}" if batch.provider else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width=310):
            st.markdown(f"**{as_text(batch.file)}**")
            st.caption(f"{words.KINDS[batch.kind]}{provider} · {_period(batch)}")
        with st.container(gap=None, width=300):
            st.text(f"{batch.rows_kept:,} of {batch.rows_read:,} rows kept")
            st.caption(
                f"{batch.rows_new:,} new, {batch.rows_changed:,} changed, "
                f"{batch.rows_same:,} same, {batch.rows_refused:,} refused"
            )
        with st.container(gap=None, width=170):
            st.text(words.instant(batch.loaded_at))
            st.caption(f"by {as_text(batch.loaded_by)}")
        _actions(warehouse, batch)


def _actions(warehouse: Warehouse, batch: Batch) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        with st.popover("Details", type="tertiary"):
            _details(warehouse, batch)
        if batch.withdrawn_at is not None:
            st.badge("Withdrawn", color="gray")
            return
        with st.popover("Undo"):
            st.markdown(f"Withdraw **{as_text(batch.file)}**?")
            st.caption(
                "Every figure becomes what it would be without this load. "
                "The file can be loaded again at any time."
            )
            st.button(
                "Undo this load",
                key=f"undo_{batch.batch_id}",
                type="primary",
                on_click=_undo,
                args=(warehouse, batch.batch_id, batch.file),
            )


def _details(warehouse: Warehouse, batch: Batch) -> None:
    facts = {
        "Load": str(batch.batch_id),
        "Layout": batch.layout,
        "Unit": f"{batch.unit}: {batch.unit_rule}" if batch.unit else "",
        "SHA-256": batch.sha256,
        "Withdrawn": _withdrawn(batch),
    }
    for name, value in facts.items():
        if value:
            st.caption(name)
            st.text(value)
    if batch.warnings:
        st.warning("\n".join(f"- {as_text(warning)}" for warning in batch.warnings))
    _original(warehouse, batch)
    if batch.rows_refused:
        found = cache.figure(_refused, warehouse, batch.batch_id, batch.file)
        problems.download(found, batch.file, key=f"of_load_{batch.batch_id}")


def _original(warehouse: Warehouse, batch: Batch) -> None:
    sha256 = batch.original_sha256
    if not originals.is_kept(warehouse, sha256):
        return
    path = PurePath(problems.safe(batch.file))
    st.download_button(
        "Download the file as it was",
        lambda: originals.content(warehouse, sha256),
        # A browser could be given another file of this name otherwise.
        file_name=f"{path.stem}-{sha256[:8]}{path.suffix}",
        key=f"original_{batch.batch_id}",
        icon=":material/download:",
        on_click="ignore",
    )


def _refused(warehouse: Warehouse, batch_id: int, file: str) -> list[RowProblem]:
    rows = batches.refused_rows(warehouse, batch_id).to_pylist()
    return [RowProblem(file, **row) for row in rows]


def _period(batch: Batch) -> str:
    first, last = batch.period_first, batch.period_last
    if first is None or last is None:
        return "no period"
    is_monthly = batch.kind is Kind.USAGE and first.day == last.day == 1
    return words.span(first, last, "month" if is_monthly else "")


def _withdrawn(batch: Batch) -> str:
    if batch.withdrawn_at is None:
        return ""
    return f"{words.instant(batch.withdrawn_at)} by {batch.withdrawn_by}"


def _undo(warehouse: Warehouse, batch_id: int, file: str) -> None:
    now, by = session.now(), session.who()
    try:
        with st.spinner("Withdrawing..."):
            job.undo(warehouse, batch_id, now=now, by=by)
    except AppError as error:
        outcome.tell_failure("loads", str(error))
    else:
        outcome.tell("loads", f"{file} is withdrawn.", with_links=True)
