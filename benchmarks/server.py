"""A Streamlit server of its own for a measure: started, answering, ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
APP: Final = ("run", "app.py")
"""What Streamlit is told to serve the product."""

PATIENCE_SECONDS: Final = 120.0
"""How long a start may take."""

PAUSE_SECONDS: Final = 0.02
"""Time between two questions whether it answers."""


@contextmanager
def served(
    warehouse: Path, command: tuple[str, ...] = APP
) -> Iterator[tuple[int, int]]:
    """Run Streamlit on a free port until it answers; give the port and the process.

    An installed program keeps what Python compiles, so this one does, too.

    Raises:
        RuntimeError: It does not answer.
    """
    port = _free_port()
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    running = subprocess.Popen(
        [*(sys.executable, "-m", "streamlit"), *command, "--server.port", str(port)],
        cwd=ROOT,
        env={**kept, "METERBOOK_WAREHOUSE": str(warehouse)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(running, port)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait()


def _wait(running: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while running.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/_stcore/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(PAUSE_SECONDS)
    raise RuntimeError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
