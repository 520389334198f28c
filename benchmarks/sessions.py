"""`python -m benchmarks.sessions [--visitors N] [--minutes N]`: many people at once.

Visitors run pages of one server with varied addresses and widgets, as browsers do; some
close their tab and open another. One of them loads a file and undoes it, again and
again, and closes the tab in the middle of a load or an undo. Printed are faults, how
long a run of a page takes, and the server's memory before, at most, and after everybody
has left and been forgotten.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks import bench_pages
from benchmarks.server import served
from benchmarks.visitor import PATIENCE_SECONDS, Page, Visitor
from core import job
from core.warehouse import batches

VISITORS: Final = 25
MINUTES: Final = 5.0
THINKING_SECONDS: Final = (1.0, 6.0)
"""Least and most time that a person looks at a page."""

LEAVING: Final = 0.06
"""Share of steps after which a tab is closed and another is opened."""

FORGOTTEN_SECONDS: Final = 130.0
"""Time after which Streamlit lets go of a tab that was closed: two minutes."""

ROWS: Final = 20_000
"""Rows of the file that is loaded again and again."""

ADDRESSES: Final = (
    ("", ""),
    ("", "log=true"),
    ("", "type=Pro"),
    ("", "currency=usd"),
    ("revenue", ""),
    ("revenue", "currency=usd"),
    ("customers", ""),
    ("customers", "search=an"),
    ("customers", "search=example"),
    ("customer", ""),
    ("retention", ""),
    ("matching", ""),
    ("downloads", ""),
    ("history", ""),
    ("audit", ""),
    ("settings", ""),
    ("add_files", ""),
    ("add_customers", ""),
)
"""Pages with parts of their addresses."""

SHOP_LOADS: Final = 3
"""Loads that the shop is made of."""

TEXTS: Final = {"search": "an or ch zen mail", "subuser": "an or ch zen mail"}
SWITCHES: Final = ("log", "reverse", "by_subuser", "download_private")
"""Widgets that visitors change, by key: fields with what is typed, and switches."""


@dataclass
class Found:
    """What all visitors saw: seconds of each run, faults, loads and undos."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    loads: int = 0
    left: int = 0

    def see(self, where: str, page: Page) -> Page:
        """Note one run."""
        self.seconds.append(page.seconds)
        if not page.is_sound():
            self.faults.append(f"{where}: a fault is drawn")
        return page


def memory_mib(process: int) -> float:
    """Return the memory that a process has, in MiB; Linux only."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def browse(port: int, found: Found, end: float, seed: int) -> None:
    """Be a visitor until the end."""
    chance = random.Random(seed)
    while time.monotonic() < end:
        with Visitor(port) as visitor:
            while time.monotonic() < end:
                name, query = chance.choice(ADDRESSES)
                page = found.see(name, visitor.go(name, query))
                time.sleep(chance.uniform(*THINKING_SECONDS))
                if _change(visitor, page, chance):
                    found.see(name, visitor.run())
                    time.sleep(chance.uniform(*THINKING_SECONDS))
                if chance.random() < LEAVING:
                    break


def _change(visitor: Visitor, page: Page, chance: random.Random) -> bool:
    """Change a widget of the page, if it has one of those that are known."""
    known = [(key, page.widget_id(key)) for key in (*TEXTS, *SWITCHES)]
    there = [(key, name) for key, name in known if name]
    if not there:
        return False
    key, name = chance.choice(there)
    if key in TEXTS:
        text = chance.choice(TEXTS[key].split())
        visitor.set(WidgetState(id=name, string_value=text))
    else:
        visitor.set(WidgetState(id=name, bool_value=chance.random() < 0.5))
    return True


def usage(month: int, rows: int = ROWS) -> bytes:
    """Write a usage export of subusers in a month that no other file has."""
    date = f"20{30 + month // 12:02}-{month % 12 + 1:02}"
    lines = "".join(f"name{n:07},{date},{n % 90 + 1}\n" for n in range(rows))
    return f"Subuser,Date,Bandwidth Usage (GB)\n{lines}".encode()


def begin_load(visitor: Visitor, content: bytes, found: Found) -> None:
    """Drop a file and press Load; the run that follows is not waited for."""
    page = found.see("add_files", visitor.go("add_files"))
    visitor.upload(page.widget_id("files"), "usage.csv", content)
    page = found.see("the plan", visitor.run())
    if tick := page.widget_id("confirm_load"):
        visitor.set(WidgetState(id=tick, bool_value=True))
        page = found.see("the plan", visitor.run())
    visitor.ask(**{page.widget_id("load"): True})


def begin_undo(visitor: Visitor, found: Found) -> None:
    """Press Undo of the newest load; the run that follows is not waited for."""
    page = found.see("history", visitor.go("history"))
    undo = next(
        each.id for each in page.elements["button"] if "-undo_" in each.id[-12:]
    )
    visitor.ask(**{undo: True})


def load_and_undo(port: int, found: Found, end: float) -> None:
    """Load and undo until the end; each time, the tab of one of both is closed."""
    while time.monotonic() < end:
        found.loads += 1
        batch = SHOP_LOADS + found.loads
        for is_load in (True, False):
            is_left = (found.loads % 2 == 0) == is_load
            with Visitor(port) as visitor:
                if is_load:
                    begin_load(visitor, usage(found.loads % 24), found)
                else:
                    begin_undo(visitor, found)
                if is_left:
                    visitor.drawn(until="Loading" if is_load else "Withdrawing")
                    found.left += 1
                else:
                    found.see("the end of the work", visitor.drawn())
            _return(port, f"undo_{batch}" if is_load else f"again_{batch}", found)


def _return(port: int, button: str, found: Found) -> None:
    """Look at the history in another tab until the work is done whole."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with Visitor(port) as visitor:
        page = found.see("history", visitor.go("history"))
        while not page.widget_id(button):
            if time.monotonic() > deadline:
                found.faults.append(f"the history never had {button}")
                return
            page = found.see("history", visitor.run())


def watch(process: int, most: list[float], end: float) -> None:
    """Note the most memory that the server has."""
    while time.monotonic() < end:
        most.append(memory_mib(process))
        time.sleep(0.5)


def visit(port: int, process: int, visitors: int, minutes: float) -> Found:
    """Let everybody visit at once, and print what came of it."""
    found, most = Found(), [0.0]
    warm = Found()
    with Visitor(port) as visitor:
        for name, query in ADDRESSES:
            warm.see(name, visitor.go(name, query))
    load_and_undo(port, warm, time.monotonic() + 1)
    found.loads = warm.loads
    before = memory_mib(process)
    end = time.monotonic() + minutes * 60
    jobs = [
        threading.Thread(target=_guarded, args=(browse, port, found, end, seed))
        for seed in range(visitors - 1)
    ]
    jobs.append(
        threading.Thread(target=_guarded, args=(load_and_undo, port, found, end))
    )
    jobs.append(threading.Thread(target=watch, args=(process, most, end)))
    for each in jobs:
        each.start()
    for each in jobs:
        each.join()
    time.sleep(FORGOTTEN_SECONDS)
    with Visitor(port) as visitor:
        found.see("afterwards", visitor.go(""))
    after = memory_mib(process)
    print(f"{before:.0f} MiB before, {max(most):.0f} at most, {after:.0f} afterwards")
    return found


def _guarded(work: object, port: int, found: Found, *rest: object) -> None:
    """Note what ends a visitor early: a line that breaks, an answer that is missing."""
    try:
        work(port, found, *rest)  # type: ignore[operator]
    except Exception as error:
        found.faults.append(f"{type(error).__name__}: {error}")


def main() -> int:
    """Visit, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions")
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sessions-") as name:
        folder = Path(name)
        bench_pages.load(folder, bench_pages.REAL)
        with served(folder / "warehouse.duckdb") as (port, process):
            found = visit(port, process, options.visitors, options.minutes)
        with job.open_warehouse(folder / "warehouse.duckdb") as warehouse:
            live = sum(each.is_live for each in batches.history(warehouse))
    if live != SHOP_LOADS:
        found.faults.append(
            f"{live} loads count afterwards, not the {SHOP_LOADS} of the shop"
        )
    cuts = statistics.quantiles(found.seconds, n=100)
    print(
        f"{options.visitors} visitors, {len(found.seconds)} runs of pages: "
        f"p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, most {max(found.seconds):.2f} s; "
        f"{found.loads} loads with their undos, {found.left} left in the middle"
    )
    print(f"machine: {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for fault in found.faults:
        print(f"fault: {fault}")
    return int(bool(found.faults))


if __name__ == "__main__":
    sys.exit(main())
