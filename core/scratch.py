"""Scratch folders: on disk while they are used, cleared away after a kill.

Whoever uses one holds a lock on it, which the system lets go of when the process ends,
however it ends. A folder that nobody holds was left behind.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX: Final = ".meterbook-"
"""How the names of all scratch folders begin."""


def home() -> Path:
    """Tell the system's folder for temporary files, where scratch folders are made."""
    return Path(gettempdir())


class Scratch(TemporaryDirectory[str]):
    """A temporary folder that sweep leaves alone while its process lives."""

    def __init__(self, beside: Path | None = None) -> None:
        """Make a folder.

        Args:
            beside: The folder to make it in; None takes the system's for such files.

        Raises:
            OSError: It cannot be made.
        """
        self._lock = -1
        while self._lock < 0:
            super().__init__(dir=beside, prefix=PREFIX)
            self._lock = _held(self.name)
            if self._lock < 0:
                # Swept between its making and the lock.
                self._finalizer.detach()  # type: ignore[attr-defined]

    def cleanup(self) -> None:
        """Remove the folder and all in it."""
        super().cleanup()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


@contextmanager
def folder(beside: Path | None = None) -> Iterator[Path]:
    """Give a scratch folder that is gone afterwards.

    Raises:
        OSError: It cannot be made.
    """
    with Scratch(beside) as name:
        yield Path(name)


def sweep(*places: Path | None) -> int:
    """Remove the scratch folders of this user that no living process holds.

    Args:
        places: The folders that they are in; None is the system's for such files.

    Returns:
        How many that were.
    """
    folders = {home() if each is None else each for each in places}
    found = [path for each in folders for path in each.glob(f"{PREFIX}*")]
    return sum(map(_removed, found))


def _held(name: str) -> int:
    """Open and lock a folder; -1 if it is gone by then."""
    try:
        opened = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return -1
    # Some file systems lock no folders; what is there is then never swept either.
    with suppress(OSError):
        fcntl.flock(opened, fcntl.LOCK_EX)
    if Path(name).exists():
        return opened
    os.close(opened)
    return -1


def _removed(path: Path) -> bool:
    """Remove a folder unless it is somebody's."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        if os.fstat(opened).st_uid != os.getuid():
            return False
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
        return not path.exists()
    except OSError:
        return False
    finally:
        os.close(opened)
