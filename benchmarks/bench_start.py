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
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from benchmarks.result import Result
from benchmarks.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME: Final = "start"

ROOT: Final = Path(__file__).resolve().parents[1]
RUNS: Final = 5
"""Starts of each, of which the best counts."""

PATIENCE_SECONDS: Final = 60.0
"""How long a start may take before the benchmark gives up."""

PEER: Final = "streamlit hello"

_INHERITED: Final = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE"
}
"""The environment; an installed program keeps what Python compiles."""

OURS: Final = ("run", "app.py")
THEIRS: Final = ("hello", "--server.headless", "true")


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
        first = start(OURS, warehouse)
        starts = [
            (start(OURS, warehouse), start(THEIRS, warehouse)) for _ in range(RUNS)
        ]
    ours, theirs = map(_best, zip(*starts, strict=True))
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
    with _served(command, warehouse) as (port, process), Visitor(port) as visitor:
        page = visitor.go("")
        wall_seconds = time.perf_counter() - begun
        if not page.is_sound() or not page.elements:
            raise RuntimeError(f"{' '.join(command)} draws no sound page")
        return Start(wall_seconds, _cpu_seconds(process), _peak_mib(process))


@contextmanager
def _served(command: tuple[str, ...], warehouse: Path) -> Iterator[tuple[int, int]]:
    """Run Streamlit on a free port until it answers; give the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit"),
            *command,
            "--server.port",
            str(port),
        ],
        cwd=ROOT,
        env={**_INHERITED, "METERBOOK_WAREHOUSE": str(warehouse)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Ask until the server answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/_stcore/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise RuntimeError("the server does not answer")


def _cpu_seconds(process: int) -> float:
    """Tell the processor seconds of a process. Source: proc(5), fields 14 and 15."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mib(process: int) -> float:
    """Tell the most memory that a process ever held. Source: proc(5)."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return int(next(each for each in lines if "VmHWM" in each).split()[1]) / 1024
