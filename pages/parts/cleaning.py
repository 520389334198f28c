"""Cleaning rules on the screen: the ordered list, what each does, suggestions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.errors import AppError
from core.models import CleaningRule, Where
from core.reports import cleaning
from core.warehouse import settings
from pages.parts import cache, outcome, session, underway, verdicts, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.matching.cleaning import Effect, Ending
    from core.warehouse.store import Warehouse

WHERE: Final = {
    Where.END: "At the end",
    Where.START: "At the start",
    Where.ANYWHERE: "Anywhere",
}
"""Where a rule looks, in words."""


def draw(warehouse: Warehouse) -> None:
    """Show the rules in their order, let staff change them; each change counts at once.

    Matches are made anew from the usernames as they were sent.
    """
    st.subheader("Cleaning rules", anchor=False)
    st.caption(
        "Text that the shop's software left in customers' usernames. It is taken out "
        "before matching, rule by rule; the usernames stay stored as they were sent."
    )
    outcome.show("cleaning")
    found = cache.figure(cleaning.of_shop, warehouse)
    rules = [effect.rule for effect in found.effects]
    for at, effect in enumerate(found.effects):
        _rule(rules, at, effect)
    if found.usernames:
        st.text(
            f"Of {words.counted(found.usernames, 'username')}, "
            f"{found.equal_before:,} are a subuser as they are, "
            f"{found.equal_after:,} after these rules."
        )
    _new(rules)
    _suggestions(rules, found.endings)


def _rule(rules: Sequence[CleaningRule], at: int, effect: Effect) -> None:
    others = [*rules[:at], *rules[at + 1 :]]
    earlier = [*others[: max(at - 1, 0)], rules[at], *others[max(at - 1, 0) :]]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width=150):
            st.text(f"{at + 1}. {effect.rule.text}")
            st.caption(WHERE[effect.rule.where])
        with st.container(gap=None, width="stretch"):
            st.text(f"Changes {words.counted(effect.names, 'username')}")
            examples = [f"{before} → {after}" for before, after in effect.examples]
            st.caption(as_text(", ".join(examples)))
        st.button(
            "Earlier",
            key=f"rule_up_{at}",
            icon=":material/arrow_upward:",
            type="tertiary",
            disabled=not at,
            on_click=_save,
            args=(earlier,),
        )
        st.button(
            "Remove",
            key=f"rule_remove_{at}",
            icon=":material/delete:",
            type="tertiary",
            on_click=_save,
            args=(others,),
        )


def _new(rules: Sequence[CleaningRule]) -> None:
    with st.form("cleaning_rule", border=False, clear_on_submit=True):
        text, where, button = st.columns([2, 1, 1], vertical_alignment="bottom")
        text.text_input("Text to take out", key="rule_text", max_chars=60)
        where.selectbox(
            "Where", list(WHERE), format_func=WHERE.__getitem__, key="rule_where"
        )
        button.form_submit_button(
            "Add rule", key="rule_add", on_click=_add, args=(rules,)
        )


def _suggestions(rules: Sequence[CleaningRule], endings: Sequence[Ending]) -> None:
    if not endings:
        return
    st.caption("Endings that more usernames have than chance would give")
    for at, ending in enumerate(endings):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(
                f"{ending.text}: {words.counted(ending.usernames, 'username')}, "
                f"{words.counted(ending.subusers, 'subuser')} with usage",
                width=360,
            )
            rule = CleaningRule(ending.text, Where.END)
            st.button(
                "Take it out",
                key=f"suggested_{at}",
                type="tertiary",
                icon=":material/add:",
                on_click=_save,
                args=([*rules, rule],),
            )


def _add(rules: Sequence[CleaningRule]) -> None:
    state = st.session_state
    rule = CleaningRule(str(state["rule_text"]).strip(), Where(state["rule_where"]))
    _save([*rules, rule])


def _save(rules: Sequence[CleaningRule]) -> None:
    warehouse = cache.warehouse()
    chosen = replace(settings.current(warehouse), cleaning_rules=tuple(rules))
    try:
        with st.spinner(underway.waiting(verdicts.MATCHING)):
            now, by = session.now(), session.who()
            job.configure(warehouse, chosen, now=now, by=by)
    except AppError as error:
        outcome.tell_failure("cleaning", str(error))
    else:
        outcome.tell("cleaning", "The rules are saved; matches follow them.")
