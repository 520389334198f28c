"""Whether Stripe's fees that belong to no payment are part of net volume."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import AppError
from core.warehouse import settings
from pages.parts import cache, outcome, session

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse


def draw(warehouse: Warehouse) -> None:
    """Show the switch with what it means; it holds at once."""
    outcome.show("fees")
    st.toggle(
        "Stripe's fees that belong to no payment are part of net volume",
        value=cache.figure(settings.current, warehouse).has_stripe_fees,
        key="settings_fees",
        on_change=_save,
    )
    st.caption(
        "Billing, Radar, Tax and other standalone fees of Stripe. Stripe does not say "
        "whether its own chart of net volume from sales takes them off. Revenue shows "
        "both lines; this decides which one is the net volume shown first. Downloads "
        "have both and do not follow it. Customers' net volume never has them."
    )


def _save() -> None:
    warehouse = cache.warehouse()
    is_on = bool(st.session_state["settings_fees"])
    chosen = replace(settings.current(warehouse), has_stripe_fees=is_on)
    try:
        settings.save(warehouse, chosen, now=session.now(), by=session.who())
    except AppError as error:
        outcome.tell_failure("fees", str(error))
    else:
        outcome.tell("fees", "Saved. Net volume shown first follows it.")
