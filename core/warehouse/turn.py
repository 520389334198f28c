"""Turns: one thread of one program at a time changes a warehouse."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from core.progress import tell
from core.warehouse import sharing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAITING: Final = "waiting for another change to end"
"""What is told as progress to whoever has to wait for their turn."""


class Turn:
    """The one turn of a warehouse; whoever has it may take it again inside."""

    def __init__(self, path: Path | None) -> None:
        """Name the file that is changed; None is in memory."""
        self._path = path
        self._lock = threading.RLock()
        self._is_alone = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait until no other thread changes anything, and keep others waiting."""
        if not self._lock.acquire(blocking=False):
            tell(0.0, WAITING)
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the turn, and keep other programs from copying the file as well."""
        with self.taken():
            if self._is_alone:
                yield
                return
            with sharing.alone(self._path):
                self._is_alone = True
                try:
                    yield
                finally:
                    self._is_alone = False
