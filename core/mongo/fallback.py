"""MongoDB's own server on a copy of a data folder, where the files are not enough.

The folder, packed or not, is copied whole. It is never itself given to the server,
which writes to what it opens.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from core import scratch
from core.errors import SourceError
from core.mongo.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.mongo.backup import Backup

PROGRAM: Final = "mongod"
"""Name of MongoDB's server on PATH."""

SERIES: Final = "3.4 3.6 4.0 4.2 4.4 5.0 6.0 7.0 8.0 8.2".split()
"""Series of MongoDB in order. A server opens folders of its own and the one before."""

TRIES: Final = 15
"""How often a server that recovers a copy is asked; each try takes some seconds."""

STOP_S: Final = 20
"""How long a server may take to shut down before it is ended."""

_VERSION: Final = re.compile(r"version v?(\d+\.\d+)")
_ASKED_S: Final = 10


def series_on_path() -> str:
    """Return the series of the server on PATH, like `7.0`; empty if there is none."""
    program = shutil.which(PROGRAM)
    if program is None:
        return ""
    try:
        told = subprocess.run(  # noqa: S603
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=_ASKED_S,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search(told)
    return found[1] if found else ""


def needed_series(feature_version: str) -> tuple[str, ...]:
    """Name the series that open a folder of a feature version: its own and the next."""
    if feature_version not in SERIES:
        return ()
    place = SERIES.index(feature_version)
    return tuple(SERIES[place : place + 2])


def advice(feature_version: str) -> str:
    """Say which server a folder needs, and which is found."""
    needed, found = needed_series(feature_version), series_on_path()
    wanted = " or ".join(needed) or f"the one that wrote it ({feature_version or '?'})"
    there = f"MongoDB {found} is found" if found else f"no {PROGRAM} is on PATH"
    return f"To read it with MongoDB itself, {PROGRAM} {wanted} is needed; {there}."


@contextmanager
def served(backup: Backup) -> Iterator[Server]:
    """Copy a data folder, run the server on PATH on the copy, and connect to it.

    The server listens on this machine only. It is shut down and the copy is deleted
    at the end, also after a failure.

    Newer operations of a member of a replica set are applied; the server only reads
    after that.

    Raises:
        SourceError: No fitting server is on PATH, there is no room for the copy, or
            the server does not start.
    """
    program, found = shutil.which(PROGRAM), series_on_path()
    if program is None or found not in needed_series(backup.feature_version):
        raise SourceError(f"{backup.file}: {advice(backup.feature_version)}")
    with scratch.folder() as made:
        copy = _copied(backup, made)
        port = _free_port()
        options = ["--dbpath", str(copy), "--port", str(port)]
        options += ["--bind_ip", "127.0.0.1", "--logpath", f"{made}/log"]
        if backup.has_oplog:
            options += ["--setParameter", "recoverFromOplogAsStandalone=true"]
        with _running([program, *options], backup.file) as process:
            server = Server(f"mongodb://127.0.0.1:{port}/")
            try:
                _wait(server, process, backup.file)
                yield server
            finally:
                server.close()


def _copied(backup: Backup, into: Path) -> Path:
    size = backup.files.whole_bytes()
    if size > shutil.disk_usage(into).free:
        raise SourceError(
            f"{backup.file}: a copy of {size:,} bytes has no room in {into.parent}. "
            "Make room there, or read a dump of the collection."
        )
    try:
        copy = backup.files.copy(into / "copy")
    except OSError as error:
        raise SourceError(
            f"{backup.file}: a copy cannot be made: {error.strerror or error}. "
            "Look for room and for the right to read all of its files."
        ) from error
    (copy / "mongod.lock").unlink(missing_ok=True)
    return copy


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], name: str) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise SourceError(f"{name}: {PROGRAM} cannot be started. {error}") from error
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until the server answers.

    Raises:
        SourceError: It ended, or did not answer in time.
    """
    failure = SourceError(f"{name}: {PROGRAM} does not answer.")
    for _ in range(TRIES):
        try:
            server.namespaces()
        except SourceError as error:
            failure = error
        else:
            return
        try:
            code = process.wait(1)
        except subprocess.TimeoutExpired:
            continue
        raise SourceError(
            f"{name}: {PROGRAM} ended with code {code} instead of opening the copy. "
            "The folder is damaged, or of another series than it says."
        )
    raise failure
