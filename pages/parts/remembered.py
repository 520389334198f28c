"""Columns that staff chose before: listed, changed, forgotten."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import AppError
from core.sources import asking
from core.sources.mapping import Mapping, Request, check
from core.warehouse import layouts
from pages.parts import cache, choices, outcome, session, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from core.warehouse.layouts import Layout
    from core.warehouse.store import Warehouse


def draw(warehouse: Warehouse) -> None:
    """Show what is remembered of each header, newest first."""
    st.subheader("Remembered columns", anchor=False)
    outcome.show("layouts")
    found = cache.figure(layouts.everything, warehouse)
    if not found:
        st.caption("Nothing yet. A choice of columns is remembered when it is made.")
    for layout in found:
        _layout(warehouse, layout)


def _layout(warehouse: Warehouse, layout: Layout) -> None:
    digest = hashlib.sha256(layout.header_signature.encode()).hexdigest()
    key = f"layout_{digest[:12]}"
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(gap=None, width="stretch"):
                st.text(layout.provider or "Without provider")
                st.caption(as_text(", ".join(layout.header)))
                st.caption(
                    f"{_how(layout)} · {words.instant(layout.saved_at)} by "
                    f"{as_text(layout.saved_by)} · {as_text(layout.file)}"
                )
            st.button(
                "Forget",
                key=f"{key}_forget",
                icon=":material/delete:",
                type="tertiary",
                on_click=_forget,
                args=(warehouse, layout),
            )
        if st.toggle("Change", key=f"{key}_change"):
            _change(warehouse, layout, layout.mapping or _recognised(layout), key)


def _how(layout: Layout) -> str:
    return "Recognised" if layout.mapping is None else "Chosen by hand"


def _recognised(layout: Layout) -> Mapping:
    """Return the columns as they are recognised, to begin a change with."""
    mapping = asking.columns_of(layout.header)
    return replace(mapping, provider=layout.provider)


def _change(warehouse: Warehouse, layout: Layout, mapping: Mapping, key: str) -> None:
    request = Request(
        file=layout.file,
        file_sha256="",
        header=layout.header,
        header_signature=layout.header_signature,
        sample=(),
        proposal=mapping,
        questions=(),
    )
    chosen = choices.draw(request, key)
    st.button(
        "Save",
        key=f"{key}_save",
        type="primary",
        disabled=chosen == mapping or not chosen.provider,
        on_click=_save,
        args=(warehouse, request, chosen),
    )
    st.caption("Counts for files read from now on; loaded ones stay as they are.")


def _save(warehouse: Warehouse, request: Request, chosen: Mapping) -> None:
    try:
        check(chosen, len(request.header))
        layouts.save(warehouse, request, chosen, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("layouts", str(error))
    else:
        outcome.tell("layouts", "The change is remembered.")


def _forget(warehouse: Warehouse, layout: Layout) -> None:
    try:
        signature, now, by = layout.header_signature, session.now(), session.who()
        layouts.forget(warehouse, signature, now=now, by=by)
    except AppError as error:
        outcome.tell_failure("layouts", str(error))
    else:
        outcome.tell("layouts", f"Forgotten: {layout.provider}, {layout.file}.")
