"""Wholesale prices: what a GB costs at a provider, entered and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import AppError
from core.warehouse import costs, figures
from core.warehouse.costs import Price
from pages.parts import cache, entries, formats, outcome, session

if TYPE_CHECKING:
    from core.warehouse.costs import Cost
    from core.warehouse.store import Warehouse


def draw(warehouse: Warehouse) -> None:
    """Show a form for a price, and the prices that count."""
    st.caption(
        "What one GB costs you at a provider, from a month on until its next price. "
        "Cost and margin of customers come from it. A price for the same provider and "
        "month replaces the one before."
    )
    outcome.show("costs")
    providers = cache.figure(figures.providers, warehouse)
    if not providers:
        st.info("Providers are known once usage is loaded.")
        st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
    else:
        _form(list(providers))
    for cost in cache.figure(costs.live, warehouse):
        entries.line(_said(cost), f"cost_{cost.cost_id}", _remove, cost.cost_id)


def _form(providers: list[str]) -> None:
    with st.form("cost", border=False):
        places = st.columns([3, 2, 2, 2])
        places[0].selectbox("Provider", providers, key="cost_provider")
        entries.month(places[1], "From month", "cost_month")
        places[2].text_input("Price of one GB", key="cost_price", placeholder="1.25")
        entries.currency(places[3], "Currency", "cost_currency")
        st.form_submit_button("Save", key="cost_save", on_click=_save)


def _said(cost: Cost) -> str:
    price = cost.price
    amount = f"{price.price_per_gb.normalize():f} {price.currency.upper()}"
    since = formats.month(price.first_month)
    return f"{price.provider}: {amount} for one GB from {since}, by {cost.saved_by}"


def _save() -> None:
    state = st.session_state
    try:
        price = Price(
            str(state["cost_provider"]),
            entries.read_month(state["cost_month"]),
            entries.read_decimal(state["cost_price"], "price"),
            str(state["cost_currency"]).strip(),
        )
        costs.save(cache.warehouse(), price, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("costs", str(error))
    else:
        outcome.tell("costs", "The price is saved; cost and margin follow it.")


def _remove(cost_id: int) -> None:
    try:
        costs.remove(cache.warehouse(), cost_id, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("costs", str(error))
    else:
        outcome.tell("costs", "The price is taken back.")
