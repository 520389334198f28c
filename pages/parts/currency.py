"""Which currency pages show first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError
from core.reports import revenue
from core.warehouse import settings
from pages.parts import cache, outcome, session

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

LARGEST: Final = "The one with most net volume"
"""Choice of no currency in particular."""


def draw(warehouse: Warehouse) -> None:
    """Show the choice; it holds at once."""
    outcome.show("currency")
    chosen = cache.figure(settings.current, warehouse).first_currency
    known = sorted(revenue.currencies(cache.figure(revenue.by_month, warehouse)))
    codes = ["", *dict.fromkeys([*([chosen] if chosen else []), *known])]
    st.selectbox(
        "Currency shown first",
        codes,
        index=codes.index(chosen),
        format_func=lambda code: code.upper() or LARGEST,
        key="settings_currency",
        on_change=_save,
        width=320,
    )
    st.caption(
        "Figures of money are of one settlement currency at a time; two are never "
        "added. Each page lets you choose another."
    )


def _save() -> None:
    warehouse = cache.warehouse()
    code = str(st.session_state["settings_currency"])
    chosen = replace(settings.current(warehouse), first_currency=code)
    try:
        settings.save(warehouse, chosen, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("currency", str(error))
    else:
        outcome.tell("currency", "Saved. Pages show this currency first.")
