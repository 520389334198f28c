"""The list of loads: what came when, by whom, what it changed, and its undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.models import Kind
from core.warehouse import batches, effects
from pages.parts import cache, changes, originals, outcome, session, underway, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.warehouse.batches import Batch
    from core.warehouse.store import Warehouse

PER_PAGE: Final = 10
"""Loads shown at once."""

LAST: Final = 3
"""Loads shown beside the drop zone."""


def draw(warehouse: Warehouse) -> bool:
    """Show all loads, newest first, a page at a time; False when there are none."""
    loads = cache.figure(batches.history, warehouse)
    outcome.show("loads")
    page = 1
    if len(loads) > PER_PAGE:
        page = st.pagination(
            -(-len(loads) // PER_PAGE), key="loads_page", bind="query-params"
        )
    for batch in loads[(page - 1) * PER_PAGE : page * PER_PAGE]:
        with st.container(border=True):
            _row(warehouse, batch)
            with st.expander("Details", key=f"details_{batch.batch_id}"):
                _details(warehouse, batch)
    return bool(loads)


def draw_last(warehouse: Warehouse) -> None:
    """Show the newest loads in short, with a link to all of them."""
    loads = cache.figure(batches.history, warehouse)
    if not loads:
        return
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        st.header("Last loads", anchor=False, width="content")
        label = f"All {words.counted(len(loads), 'load')}"
        st.page_link("history.py", label=label, icon=":material/history:")
    outcome.show("loads")
    for batch in loads[:LAST]:
        with st.container(border=True):
            _row(warehouse, batch)


def _row(warehouse: Warehouse, batch: Batch) -> None:
    provider = f" · {as_text(batch.provider)}" if batch.provider else ""
    with st.container(horizontal=True, vertical_alignment="center"):
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
        if batch.withdrawn_at is not None:
            st.badge("Withdrawn", color="gray")
            originals.again(warehouse, batch)
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
    facts, months = st.columns([1, 1.6], gap="large")
    with facts:
        _facts(batch)
    with months:
        _effect(warehouse, batch)
    if batch.warnings:
        st.warning("\n".join(f"- {as_text(warning)}" for warning in batch.warnings))
    with st.container(horizontal=True):
        originals.download(warehouse, batch)
        originals.refused(warehouse, batch)
        originals.otherwise(warehouse, batch)


def _facts(batch: Batch) -> None:
    facts = {
        "Load": str(batch.batch_id),
        "Layout": batch.layout,
        "Unit": f"{batch.unit}: {batch.unit_rule}" if batch.unit else "",
        "SHA-256": batch.sha256,
        "Withdrawn": _withdrawn(batch),
    }
    for name, value in facts.items():
        if value:
            with st.container(gap=None):
                st.caption(name)
                st.text(value)


def _effect(warehouse: Warehouse, batch: Batch) -> None:
    """Show what a load changed when it was made."""
    if batch.kind is Kind.CUSTOMERS:
        return
    found = cache.figure(effects.of_batch, warehouse, batch.batch_id)
    rows = changes.by_month(batch.kind, found)
    st.caption("Against what was loaded before, by month")
    changes.table(rows, "Effect of the load by month")


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
    underway.begin(
        lambda: job.undo(warehouse, batch_id, now=now, by=by),
        doing=f"Withdrawing {file}",
        place="loads",
        then=lambda: f"{file} is withdrawn.",
    )
