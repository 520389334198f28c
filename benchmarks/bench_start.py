"""How long the app takes from its start to a first page that is drawn whole.

The peer is Streamlit's own hello app, started and asked in the same way: the server,
the frame and a first page of text. Both start in turn, and the best of each counts,
since noise only adds. The wait is what staff see; processor seconds grow less with
other work on the machine. The app is started as `make run` does when all is installed.
The very first start also makes the warehouse, which the peer has none of: it stands in
a line of its own.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import measure, server
from benchmarks.result import Result
from benchmarks.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME: Final = "start"

RUNS: Final = 5
"""Starts of each, of which the best counts."""

PEER: Final = "streamlit hello"

BOTH: Final = (server.APP, ("hello", "--server.headless", "true"))
"""What Streamlit is told for ours, and for the peer."""


@dataclass(frozen=True)
class Start:
    """One start: seconds waited and of processor, and the most memory held."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


def run(size: int) -> list[Result]:
    """Start both in turn; nothing depends on the size."""
    del size
    with tempfile.TemporaryDirectory() as name:
        warehouse = Path(name) / "warehouse.duckdb"
        first = start(server.APP, warehouse)
        pairs = [[start(each, warehouse) for each in BOTH] for _ in range(RUNS)]
    ours, theirs = map(_best, zip(*pairs, strict=True))
    return [
        _told("wait", ours, ours.wall_seconds, theirs.wall_seconds),
        _told("processor", ours, ours.cpu_seconds, theirs.cpu_seconds),
        _told("the very first, wait", first, first.wall_seconds, theirs.wall_seconds),
    ]


def _told(what: str, ours: Start, seconds: float, peer_seconds: float) -> Result:
    question = f"from start to first page, {what}"
    return Result(question, seconds, ours.peak_mib, PEER, peer_seconds)


def _best(starts: Sequence[Start]) -> Start:
    """Return the least seconds of some starts, and the most memory."""
    return Start(
        min(each.wall_seconds for each in starts),
        min(each.cpu_seconds for each in starts),
        max(each.peak_mib for each in starts),
    )


def start(command: tuple[str, ...], warehouse: Path) -> Start:
    """Start Streamlit with a command; look at its first page, and end it."""
    begun = time.perf_counter()
    with (
        server.served(warehouse, command) as (port, process),
        Visitor(port) as visitor,
    ):
        page = visitor.go("")
        wall_seconds = time.perf_counter() - begun
        if not page.is_sound() or not page.elements:
            raise RuntimeError(f"{' '.join(command)} draws no sound page")
        peak_mib = measure.peak_bytes(process) / measure.MIB
        return Start(wall_seconds, _cpu_seconds(process), peak_mib)


def _cpu_seconds(process: int) -> float:
    """Tell the processor seconds of a process. Source: proc(5), fields 14 and 15."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
