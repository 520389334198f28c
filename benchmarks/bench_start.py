"""How long the app takes from its start to a first page that is drawn whole.

The peer is Streamlit's own hello app, started and asked in the same way: the server,
the frame and a first page of text. Both start in turn, and the best of each counts,
since noise only adds. The wait is what staff see; processor seconds do not grow with
other work on the machine. The app is started as `make run` does when all is installed,
on a warehouse that the start has to make.
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
    from collections.abc import Iterator

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
    starts = [(start(OURS), start(THEIRS)) for _ in range(RUNS)]
    ours, theirs = zip(*starts, strict=True)
    peak_mib = max(each.peak_mib for each in ours)
    waited = [min(each.wall_seconds for each in side) for side in (ours, theirs)]
    worked = [min(each.cpu_seconds for each in side) for side in (ours, theirs)]
    return [
        Result(f"from start to first page, {what}", mine, peak_mib, PEER, peer)
        for what, (mine, peer) in (("wait", waited), ("processor", worked))
    ]


def start(command: tuple[str, ...]) -> Start:
    """Start Streamlit with a command; look at its first page, and end it."""
    begun = time.perf_counter()
    with _served(command) as (port, process), Visitor(port) as visitor:
        page = visitor.go("")
        wall_seconds = time.perf_counter() - begun
        if not page.is_sound() or not page.elements:
            raise RuntimeError(f"{' '.join(command)} draws no sound page")
        return Start(wall_seconds, _cpu_seconds(process), _peak_mib(process))


@contextmanager
def _served(command: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Run Streamlit on a free port until it answers; give the port and the process."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit"),
                *command,
                "--server.port",
                str(port),
            ],
            cwd=ROOT,
            env={**_INHERITED, "METERBOOK_WAREHOUSE": f"{folder}/warehouse.duckdb"},
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
