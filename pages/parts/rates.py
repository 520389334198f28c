"""Monthly rates: what a currency was worth in another, entered and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import AppError
from core.warehouse import rates
from pages.parts import cache, entries, formats, outcome, session

if TYPE_CHECKING:
    from core.warehouse.rates import Rate
    from core.warehouse.store import Warehouse

SHOWN: Final = 6
"""Rates that stand on the page; more of them scroll."""

LIST_HEIGHT: Final = 320
"""Pixels of rates that scroll."""


def draw(warehouse: Warehouse) -> None:
    """Show a form for a rate, and the rates that count."""
    st.caption(
        "Optional. What one unit of a currency was worth in another in a month. Rates "
        "serve the converted view on Revenue only, which is labelled so."
    )
    outcome.show("rates")
    _form()
    live = cache.figure(rates.live, warehouse)
    with st.container(height=LIST_HEIGHT if len(live) > SHOWN else "content"):
        for rate in live:
            entries.line(_said(rate), f"rate_{rate.rate_id}", _remove, rate.rate_id)


def _form() -> None:
    with st.form("rate", border=False):
        places = st.columns([2, 2, 2, 3])
        entries.month(places[0], "Month", "rate_month")
        entries.currency(places[1], "One unit of", "rate_currency")
        entries.currency(places[2], "In units of", "rate_target")
        places[3].text_input("Rate", key="rate_value", placeholder="1.08")
        st.form_submit_button("Save", key="rate_save", on_click=_save)


def _said(rate: Rate) -> str:
    one, target = rate.currency.upper(), rate.target.upper()
    value = f"{rate.rate.normalize():f}"
    return (
        f"{formats.month(rate.month)}: 1 {one} is {value} {target}, by {rate.saved_by}"
    )


def _save() -> None:
    state = st.session_state
    try:
        rates.save(
            cache.warehouse(),
            entries.read_month(state["rate_month"]),
            (state["rate_currency"].strip(), state["rate_target"].strip()),
            entries.read_decimal(state["rate_value"], "rate"),
            now=session.now(),
            by=session.who(),
        )
    except AppError as error:
        outcome.tell_failure("rates", str(error))
    else:
        outcome.tell("rates", "The rate is saved; the converted view follows it.")


def _remove(rate_id: int) -> None:
    try:
        rates.remove(cache.warehouse(), rate_id, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("rates", str(error))
    else:
        outcome.tell("rates", "The rate is taken back.")
