"""Work under way: a load or an undo in a thread of its own, followed to its end.

A call of Streamlit may end the run of a page in the middle of anything, and a person
may leave; such work goes on, and whoever comes back sees the rest of it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from threading import current_thread
from typing import TYPE_CHECKING, Final

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from core import progress
from core.errors import AppError
from pages.parts import cache, outcome, session
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

LOOK_SECONDS: Final = 0.2
"""Time between two looks at how far one's own work is."""

"""Time between two looks at how far the work of others is."""

MOST_UNTOLD: Final = 20
"""Ends of work that are kept for people who have closed their page."""


@dataclass(frozen=True, eq=False)
class Work:
    """A change under way.

    doing says what is done, in words for the page; by and visit who does it, and in
    which visit of the page. place is where its end is told, and then what follows when
    it is done: it gives the sentence. steps are those so far: part and words.
    """

    doing: str
    by: str
    visit: str
    place: str
    then: Callable[[], str]
    steps: list[tuple[float, str]]
    future: Future[None]


def begin(
    work: Callable[[], None], *, doing: str, place: str, then: Callable[[], str]
) -> None:
    """Begin some work of this visitor; follow shows it to its end."""
    steps: list[tuple[float, str]] = [(0.0, "beginning")]
    context = get_script_run_ctx()

    def run() -> None:
        # The thread acts for the person who pressed the button.
        add_script_run_ctx(current_thread(), context)
        with progress.heard(lambda part, words: steps.append((part, words))):
            work()

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run)
    pool.shutdown(wait=False)
    by, visit = session.who(), session.visit()
    untold = [each for each in cache.underway() if each.future.done()]
    for each in untold[: max(len(untold) - MOST_UNTOLD, 0)]:
        _forget(each)
    cache.underway().append(Work(doing, by, visit, place, then, steps, future))


def follow() -> None:
    """Show how far the work of this visitor is, to its end, and keep what is told.

    Work of a visit that has ended is shown to the same person's next one.
    """
    for work in [each for each in cache.underway() if _is_mine(each)]:
        bar = st.progress(0.0, text=as_text(work.doing))
        while not work.future.done():
            part, step = work.steps[-1]
            bar.progress(part, text=as_text(f"{work.doing}, {step}"))
            wait([work.future], timeout=LOOK_SECONDS)
        bar.empty()
        _tell(work)


def others() -> list[Work]:
    """List the work of others that is not done yet."""
    return [
        work for work in cache.underway() if not (work.future.done() or _is_mine(work))
    ]


def draw_others() -> bool:
    """Show how far the work of others is; False if there is none."""
    if not others():
        return False
    _follow_others()
    return True


def _follow_others() -> None:
    found = others()
    if not found:
        st.rerun()
    for work in found:
        step = work.steps[-1][1]
        st.info(
            as_text(
                f"{work.by} is changing the data: {work.doing}, {step}. "
                "What you see is as it was before; the page follows when it is done."
            ),
            icon=":material/hourglass_top:",
        )


def waiting(words: str) -> str:
    """Say what is done next, and whose work must end before it."""
    found = others()
    return f"Waiting for {found[0].by}: {found[0].doing}..." if found else words


def _tell(work: Work) -> None:
    _forget(work)
    try:
        work.future.result()
    except AppError as error:
        outcome.tell_failure(work.place, str(error))
    else:
        outcome.tell(work.place, work.then(), with_links=True)


def _forget(work: Work) -> None:
    # Another visit of the same person may have told it.
    with suppress(ValueError):
        cache.underway().remove(work)


def _is_mine(work: Work) -> bool:
    if work.visit == session.visit():
        return True
    return work.by == session.who() and not _is_open(work.visit)


def _is_open(visit: str) -> bool:
    """Tell whether the page of a visit is open in a browser."""
    return runtime.exists() and runtime.get_instance().is_active_session(visit)
