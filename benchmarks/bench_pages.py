"""How long each page takes to answer a change, and what it sends to the browser.

Every page is run from the shell, as a session does. "First" is a choice that nobody
made before, "again" one that was made since the last load. Times are CPU seconds of
the whole process, so that other work on the machine does not count; the driver of the
page counts, a browser does not. The table has the median of some changes.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit.runtime.context import StreamlitHeaders
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from benchmarks import growth, large_shop, measure
from benchmarks.large_shop import PERIODS, Size
from benchmarks.result import Result
from core import job
from core.files.upload import Upload
from core.warehouse import plans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.testing.v1.element_tree import ElementTree

NAME: Final = "pages"

SHELL: Final = Path(__file__).resolve().parents[1] / "pages" / "shell.py"
"""What runs every page."""

NOW: Final = datetime(2026, 1, 1)
"""When the shop is loaded."""

CHANGES: Final = 5
"""Changes of which the median counts."""

PATIENCE_SECONDS: Final = 600
"""How long a page may take before the benchmark gives up."""


REAL: Final = Size(12_121, 24_251, 20_000, periods=14, subusers=4_720)
"""The original's export and customers, with as many payments as such a shop has."""

MANY_CUSTOMERS: Final = 100_000
"""Customers of the large shop."""

PEER: Final = "the same at 12,121 rows"
"""What a growing shop is held against."""


@dataclass(frozen=True)
class Change:
    """Something that staff do on a page: the turn says which value they choose."""

    script: str
    what: str
    make: Callable[[AppTest, int], object]


def _period(app: AppTest, turn: int) -> object:
    slider = app.select_slider(key="period")
    return slider.set_value((slider.options[turn + 1], slider.options[-1]))


def _chosen(key: str) -> Callable[[AppTest, int], object]:
    """Choose another option of a list."""

    def make(app: AppTest, turn: int) -> object:
        return app.selectbox(key=key).select_index(turn + 1)

    return make


def _typed(key: str, texts: str) -> Callable[[AppTest, int], object]:
    """Type another text into a field."""
    values = texts.split()
    return lambda app, turn: app.text_input(key=key).set_value(values[turn])


def _switched(key: str) -> Callable[[AppTest, int], object]:
    """Turn a switch on or off."""
    return lambda app, turn: app.toggle(key=key).set_value(turn % 2 == 0)


def _in_view(key: str, values: str) -> Callable[[AppTest, int], object]:
    """Choose another segment or tab, which only the session knows."""
    names = values.split(",")

    def make(app: AppTest, turn: int) -> object:
        app.session_state[key] = names[turn % len(names)]
        return app

    return make


def _again(app: AppTest, turn: int) -> object:
    """Change nothing: the page has no filter."""
    return (app, turn)


def _range(app: AppTest, turn: int) -> object:
    return app.slider(key="gb_range").set_value((turn + 1, app.slider[0].max))


CHANGED: Final = (
    Change("overview.py", "period", _period),
    Change("overview.py", "range of GB", _range),
    Change("overview.py", "type", _in_view("type", "Pro,Basic,No type,Unmatched")),
    Change("overview.py", "one customer", _chosen("selected")),
    Change("overview.py", "scale", _switched("log")),
    Change("revenue.py", "period", _period),
    Change("revenue.py", "month", _chosen("month")),
    Change("customers.py", "period", _period),
    Change("customers.py", "search", _typed("search", "an or ch zen mail")),
    Change("customers.py", "order", _chosen("sort")),
    Change("customers.py", "list", _in_view("list", "Falling,Gone quiet,New,Rising")),
    Change("customer.py", "another customer", _chosen("customer")),
    Change("customer.py", "by subuser", _switched("by_subuser")),
    Change("retention.py", "nothing", _again),
    Change("matching.py", "search", _typed("subuser", "an or ch zen mail")),
    Change(
        "matching.py",
        "section",
        _in_view("section", "Many at once,Decisions,Alarms,Quality,Notebook"),
    ),
    Change("downloads.py", "period", _chosen("download_from")),
    Change("downloads.py", "private set", _switched("download_private")),
    Change("history.py", "nothing", _again),
    Change("audit.py", "person", _again),
    Change("settings.py", "nothing", _again),
    Change("add_files.py", "nothing", _again),
    Change("add_customers.py", "nothing", _again),
)
"""What is measured, by page."""


@dataclass(frozen=True)
class Answer:
    """CPU seconds of a view, a change made first and made again; bytes to the browser.

    The view of the first change on a page is the first view since the start.
    """

    change: str
    view_seconds: float
    first_seconds: float
    again_seconds: float
    sent_bytes: int
    peak_bytes: int

    @property
    def seconds(self) -> dict[str, float]:
        """CPU seconds by when."""
        return {
            "view": self.view_seconds,
            "first": self.first_seconds,
            "again": self.again_seconds,
        }


class Runner(LocalScriptRunner):
    """Runs a page and counts the bytes of the messages that draw it."""

    sent_bytes = 0

    def run(self, *arguments: Any, **options: Any) -> ElementTree:  # noqa: ANN401
        """Run the page once."""
        tree = super().run(*arguments, **options)
        Runner.sent_bytes = sum(each.ByteSize() for each in self.forward_msgs())
        return tree


def run(size: int) -> list[Result]:
    """Measure the real size, then shops that grow to size rows and MANY_CUSTOMERS.

    The peer of a growing shop is the same page at the real size.
    """
    real = _measured(REAL)
    usual = {answer.change: answer for answer in real}
    results = _told(REAL, real, {})
    for each in _sizes(size):
        results += _told(each, _measured(each), usual)
    return results


def _sizes(size: int) -> list[Size]:
    """List shops that grow; the last has MANY_CUSTOMERS."""
    rows = growth.sizes(size)[:-1]
    smaller = [Size(each, each // PERIODS, payments=each // 10) for each in rows]
    return [*smaller, Size(size, MANY_CUSTOMERS, payments=size // 10)]


def _measured(size: Size) -> list[Answer]:
    """Load a shop in one process, and look at its pages in another."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            pool.submit(load, Path(folder), size).result()
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            return pool.submit(answers, Path(folder)).result()


def _told(size: Size, found: list[Answer], usual: Mapping[str, Answer]) -> list[Result]:
    """Tell answers, each beside the one at the real size where that was measured."""
    shop = f"{size.rows:,} rows, {size.customers:,} customers"
    return [
        Result(
            f"{answer.change}, {when}; {shop}",
            seconds,
            answer.peak_bytes / measure.MIB,
            peer=PEER if answer.change in usual else "",
            peer_seconds=usual[answer.change].seconds[when]
            if answer.change in usual
            else None,
            sent_bytes=answer.sent_bytes,
        )
        for answer in found
        for when, seconds in answer.seconds.items()
    ]


def load(folder: Path, size: Size) -> None:
    """Write a shop into a folder and load it."""
    files = large_shop.write(folder, size)
    uploads = [
        Upload.from_path(path)
        for path in (files.usage, files.customers, files.payments)
    ]
    with job.open_warehouse(folder / "warehouse.duckdb") as warehouse:
        plan = plans.plan(warehouse, job.take(uploads).readings)
        job.load(warehouse, plan, now=NOW, by="bench", uploads=uploads)


def answers(folder: Path) -> list[Answer]:
    """Make every change on its page, as a visitor at this machine."""
    os.environ["METERBOOK_WAREHOUSE"] = str(folder / "warehouse.duckdb")
    context: Any = type(st.context)
    context.ip_address = property(lambda _: "127.0.0.1")
    context.headers = property(lambda _: StreamlitHeaders(()))
    app_test.LocalScriptRunner = Runner  # type: ignore[misc]
    return [_answer(change) for change in CHANGED]


def _answer(change: Change) -> Answer:
    app = AppTest.from_file(SHELL, default_timeout=PATIENCE_SECONDS)
    start = time.process_time()
    app.switch_page(change.script).run()
    view_seconds = time.process_time() - start
    if change.script == "customer.py":
        app.selectbox(key="customer").select_index(0).run()
    first = [_timed(app, change, turn) for turn in range(CHANGES)]
    again = [_timed(app, change, turn) for turn in range(CHANGES)]
    return Answer(
        f"{change.script.removesuffix('.py')}: {change.what}",
        view_seconds,
        median(first),
        median(again),
        Runner.sent_bytes,
        measure.peak_bytes(),
    )


def _timed(app: AppTest, change: Change, turn: int) -> float:
    change.make(app, turn)
    start = time.process_time()
    app.run()
    seconds = time.process_time() - start
    if app.exception:
        raise RuntimeError(f"{change.script}: {app.exception[0].message}")
    return seconds
