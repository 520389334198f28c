"""Settings of the shop: how months of money and matches are made."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from core import job
from core.errors import AppError
from core.models import Rule
from core.warehouse import settings
from pages.parts import cache, outcome, session, underway, verdicts, words

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse


def draw(warehouse: Warehouse) -> None:
    """Show the settings as a form; saving makes matches and months anew."""
    outcome.show("settings")
    chosen = cache.figure(settings.current, warehouse)
    with st.form("settings", border=False):
        zones = sorted(zoneinfo.available_timezones())
        st.selectbox(
            "Reporting time zone",
            zones,
            index=zones.index(chosen.time_zone),
            key="settings_zone",
            help="Decides the month of each payment, refund and dispute.",
        )
        rules = list(Rule)
        st.radio(
            "Matching rule",
            rules,
            index=rules.index(chosen.rule),
            format_func=words.RULES.__getitem__,
            captions=[words.RULE_MEANINGS[rule] for rule in rules],
            key="settings_rule",
        )
        st.form_submit_button("Save", key="settings_save", on_click=_save)


def _save() -> None:
    state = st.session_state
    warehouse = cache.warehouse()
    chosen = replace(
        settings.current(warehouse),
        time_zone=str(state["settings_zone"]),
        rule=Rule(state["settings_rule"]),
    )
    try:
        with st.spinner(underway.waiting(verdicts.MATCHING)):
            now, by = session.now(), session.who()
            job.configure(warehouse, chosen, now=now, by=by)
    except AppError as error:
        outcome.tell_failure("settings", str(error))
    else:
        outcome.tell("settings", "Settings are saved; matches and months follow them.")
