"""How two programs share one warehouse file: one has it open, others take copies.

DuckDB lets one process open a file. Whoever has it open holds the lock file beside it,
alone, during every write and while opening and closing. Whoever holds it too may copy
the file with its log: at rest they are exactly what is committed, as after a kill.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from core.errors import WarehouseError, WarehouseLockedError
from core.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS: Final = 120.0
"""Seconds to wait for another program's write or copy; a large load takes less."""

_PAUSE_SECONDS: Final = 0.02


def lock_file(path: Path) -> Path:
    """Name the lock file of a warehouse; it holds the id of who has opened it last."""
    return path.with_name(f"{path.name}.lock")


@contextmanager
def alone(path: Path | None) -> Iterator[None]:
    """Keep others from copying a warehouse while it is written; None is in memory."""
    if path is None:
        yield
        return
    with _held(path, fcntl.LOCK_EX):
        yield


def sign(path: Path) -> None:
    """Say in the lock file that this process has the warehouse open."""
    lock_file(path).write_text(str(os.getpid()), "ascii")


def holder(path: Path) -> int | None:
    """Name the process that has a warehouse open; None if nobody has."""
    if not path.exists():
        return None
    try:
        duckdb.connect(str(path), read_only=True).close()
    except duckdb.IOException as error:
        return holder_in(error)
    return None


def holder_in(error: duckdb.Error) -> int | None:
    """Read in DuckDB's words which process has a file open."""
    found = re.search(r"PID (\d+)", str(error))
    return int(found[1]) if found else None


def copy(path: Path, target: Path, *, holder: int | None = None) -> None:
    """Copy what is committed in a warehouse, whether it is open elsewhere or not.

    Args:
        path: The warehouse.
        target: The new file; its log stands beside it until it is opened.
        holder: Process that has it open; None if nobody has.

    Raises:
        WarehouseError: It is not there, cannot be copied, or is open in a program that
            does not hold the lock file.
    """
    if not path.exists():
        raise WarehouseError(f"{path}: there is no such warehouse.")
    try:
        with _held(path, fcntl.LOCK_SH):
            if holder is not None and _signed(path) != holder:
                raise WarehouseLockedError(path, holder)
            for found in [path, *sorted(path.parent.glob(f"{path.name}.wal*"))]:
                ending = found.name.removeprefix(path.name)
                shutil.copyfile(found, target.with_name(target.name + ending))
    except OSError as error:
        raise WarehouseError(
            f"{path} cannot be copied to {target.parent} ({error.strerror}). "
            "Nothing was changed; check the disk and its rights."
        ) from error


@contextmanager
def copied(path: Path, holder: int | None) -> Iterator[Path]:
    """Give a copy of what is committed in a warehouse; it is gone afterwards.

    Raises:
        WarehouseError: As copy.
    """
    try:
        made = Scratch()
    except OSError as error:
        raise WarehouseError(
            f"{path} cannot be copied: there is no folder for temporary files "
            f"({error.strerror}). Nothing was changed; check the disk and its rights."
        ) from error
    with made as folder:
        target = Path(folder) / path.name
        copy(path, target, holder=holder)
        yield target


@contextmanager
def _held(path: Path, how: int) -> Iterator[None]:
    """Hold the lock file; the system lets go of it when the process ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with lock_file(path).open("ab") as file:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file, how | fcntl.LOCK_NB)
                break
            if time.monotonic() > deadline:
                raise WarehouseError(
                    f"{path}: another program has been writing or copying it for "
                    f"{PATIENCE_SECONDS:.0f} seconds. Try again later."
                )
            time.sleep(_PAUSE_SECONDS)
        yield


def _signed(path: Path) -> int | None:
    text = lock_file(path).read_text("ascii", "replace")
    return int(text) if text.isdigit() else None
