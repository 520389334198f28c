"""Loading: the plan that is shown, held until it is loaded, and what came of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import current_thread
from typing import TYPE_CHECKING, Final

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from core import job, progress
from core.errors import AppError, listed
from core.models import Kind
from core.warehouse import plans
from pages.parts import drop, outcome, session, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

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


_RUNNING: Final = "add_files_running"
"""Session key of the load that is under way."""

LOOK_SECONDS: Final = 0.2
"""Time between two looks at how far a load is."""


@dataclass(frozen=True)
class Running:
    """A load under way: its plan, its steps so far, and its end."""

    plan: LoadPlan
    steps: list[tuple[float, str]]
    future: Future[None]


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
    now, by = session.now(), session.who()
    steps: list[tuple[float, str]] = [(0.0, "keeping the files")]

    context = get_script_run_ctx()

    def work() -> None:
        # The thread acts for the person who pressed the button.
        add_script_run_ctx(current_thread(), context)
        with progress.heard(lambda part, words: steps.append((part, words))):
            job.load(
                warehouse,
                held.plan,
                now=now,
                by=by,
                uploads=uploads,
                is_confirmed=is_confirmed,
            )

    # In a thread of its own: a call of Streamlit may end the run in the middle of it,
    # and a person may leave the page.
    pool = ThreadPoolExecutor(1)
    future = pool.submit(work)
    pool.shutdown(wait=False)
    st.session_state[_RUNNING] = Running(held.plan, steps, future)


def follow() -> None:
    """Show how far the load of this session is, to its end, and tell what came of it.

    A load goes on when its page is left; whoever comes back sees the rest of it.
    """
    running: Running | None = st.session_state.get(_RUNNING)
    if running is None:
        return
    bar = st.progress(0.0, text="Loading")
    while not running.future.done():
        part, step = running.steps[-1]
        bar.progress(part, text=f"Loading, {as_text(step)}")
        wait([running.future], timeout=LOOK_SECONDS)
    bar.empty()
    del st.session_state[_RUNNING]
    try:
        running.future.result()
    except AppError as error:
        outcome.tell_failure("load", str(error))
        return
    drop.empty()
    plan = running.plan
    files = words.counted(len(plan.needed), "file")
    outcome.tell("load", f"Loaded {files}. {_sentence(plan)}", with_links=True)
