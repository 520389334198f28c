"""Time and peak memory of a function, each measured in a fresh process."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

MIB: Final = 1024 * 1024
"""Bytes in a MiB."""


@dataclass(frozen=True)
class Measure:
    """The best time of some runs, and the most memory the process ever held."""

    seconds: float
    peak_mib: float


def measured(function: Callable[..., Any], *args: Any, runs: int = 3) -> Measure:  # noqa: ANN401
    """Measure a function of a module in a process of its own.

    Args:
        function: What to measure; importable by name.
        args: What to call it with; picklable.
        runs: How often; the best time counts, since noise only adds.

    Raises:
        RuntimeError: The function failed; its traceback is on standard error.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, function, args, runs))
    process.start()
    theirs.close()
    try:
        seconds, peak_bytes = ours.recv()
    except EOFError:
        raise RuntimeError(f"{function.__qualname__} failed") from None
    finally:
        process.join()
        ours.close()
    return Measure(seconds, peak_bytes / MIB)


def _child(
    out: Connection, function: Callable[..., Any], args: tuple[Any, ...], runs: int
) -> None:
    """Run the function, send the best time and the peak memory in bytes."""
    best = min(_timed(function, args) for _ in range(runs))
    out.send((best, peak_bytes()))


def peak_bytes(process: int | None = None) -> int:
    """Tell the most memory that a process ever held, by default this one.

    On Linux ru_maxrss also counts the parent before exec, so proc(5) is read, in KiB;
    macOS gives ru_maxrss in bytes, and that of this process only.
    """
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path(f"/proc/{process or 'self'}/status").read_text("ascii")
    line = next(each for each in status.splitlines() if "VmHWM" in each)
    return int(line.split()[1]) * 1024


def _timed(function: Callable[..., Any], args: tuple[Any, ...]) -> float:
    """Run the function once; return its wall time in seconds."""
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start
