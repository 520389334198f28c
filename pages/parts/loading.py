"""Loading: the plan that is shown, held until it is loaded, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from core import job
from core.errors import listed
from core.models import Kind
from core.warehouse import plans
from pages.parts import drop, session, underway, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.upload import Upload
    from core.models import Reading
    from core.warehouse.plans import LoadPlan
    from core.warehouse.store import Warehouse

_HELD: Final = "add_files_plan"
"""Session key of the plan on the screen."""

CONFIRM: Final = "confirm_load"
"""Key of the tick that a plan needs which a guard stops."""

STOPS_SHOWN: Final = 5
"""Reasons to stop that are shown above the tick; the plan of each file has all."""


@dataclass(frozen=True)
class Held:
    """A plan, and the file, content, provider, unit and columns of its readings."""

    asked: tuple[tuple[str, ...], ...]
    plan: LoadPlan


def planned(warehouse: Warehouse, readings: Sequence[Reading]) -> LoadPlan:
    """Return the plan for these readings, made anew only when something changed."""
    asked = tuple((r.file, r.sha256, r.provider, r.unit, r.layout) for r in readings)
    held: Held | None = st.session_state.get(_HELD)
    is_same_drop = held is not None and held.asked == asked
    if held is not None and is_same_drop and held.plan.version == warehouse.version():
        return held.plan
    if is_same_drop:
        st.info("The data changed after the last plan. This plan is against them now.")
    with st.spinner("Comparing with what is loaded..."):
        plan = plans.plan(warehouse, readings)
    st.session_state[_HELD] = Held(asked, plan)
    st.session_state[CONFIRM] = False
    return plan


def button(warehouse: Warehouse, plan: LoadPlan, uploads: Sequence[Upload]) -> None:
    """Offer to load exactly this plan, and say in a sentence what that does.

    uploads are the files of the plan; their bytes are kept with the load.
    """
    needed = plan.needed
    unnamed = [each.reading.file for each in needed if _is_unnamed(each.reading)]
    if unnamed:
        told = f"Name the provider of {listed(unnamed, limit=5)} to go on."
        st.info(as_text(told), icon=":material/help:")
    is_confirmed = not plan.stops or _confirmation(plan)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Load {words.counted(len(needed), 'file')}" if needed else "Load",
            type="primary",
            key="load",
            disabled=bool(unnamed) or not (needed and is_confirmed),
            on_click=_commit,
            args=(warehouse, uploads, is_confirmed),
        )
        st.text(_sentence(plan))


def _is_unnamed(reading: Reading) -> bool:
    return reading.kind is Kind.USAGE and not reading.provider


def _sentence(plan: LoadPlan) -> str:
    needed = plan.needed
    if not needed:
        return "Everything here is loaded already, nothing to do."
    new = sum(file.rows_new for file in needed)
    changed = sum(file.rows_changed for file in needed)
    refused = sum(len(file.reading.problems) for file in needed)
    left_out = f" {words.counted(refused, 'row')} refused." if refused else ""
    return f"{words.counted(new, 'new row')}, {changed:,} changed.{left_out}"


def _confirmation(plan: LoadPlan) -> bool:
    """Ask whether what the guards stop is meant; a new plan is asked about anew."""
    told = [as_text(guard.words) for guard in plan.stops]
    if len(told) > STOPS_SHOWN:
        more = f"and {len(told) - STOPS_SHOWN} more of this kind, listed with the file"
        told = [*told[:STOPS_SHOWN], more]
    st.error("\n".join(f"- {each}" for each in told), icon=":material/front_hand:")
    return st.checkbox("I have checked this; load it as it is", key=CONFIRM)


def _commit(
    warehouse: Warehouse, uploads: Sequence[Upload], is_confirmed: bool
) -> None:
    """Begin to load the plan that was on the screen when the button was pressed."""
    held: Held | None = st.session_state.pop(_HELD, None)
    if held is None:  # A second press of the same button.
        return
    now, by, plan = session.now(), session.who(), held.plan
    files = words.counted(len(plan.needed), "file")

    def work() -> None:
        job.load(
            warehouse, plan, now=now, by=by, uploads=uploads, is_confirmed=is_confirmed
        )

    def then() -> str:
        drop.empty()
        return f"Loaded {files}. {_sentence(plan)}"

    underway.begin(work, doing=f"Loading {files}", place="load", then=then)
