"""The log file of the server: lines in UTC, and a limit to the disk that it takes."""

from __future__ import annotations

import logging
import os
import time
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

MAX_BYTES: Final = 5 * 1024**2
"""Size at which the file is put aside, about 40,000 requests."""

KEPT_FILES: Final = 9
"""Files put aside that are kept, newest `.1`: with the open one, 50 MiB in all."""

LOGGER: Final = logging.getLogger("meterbook")
"""What the product itself logs; every line of it is free of personal data."""

LOGGER.setLevel(logging.INFO)
LOGGER.propagate = False
LOGGER.addHandler(logging.NullHandler())


class _Handler(RotatingFileHandler):
    """A file that only its owner reads; a disk that is full stops nothing."""

    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        os.chmod(self.baseFilename, 0o600)
        return opened

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Leave a line out that cannot be written: people's work goes on."""


class _Formatter(logging.Formatter):
    """One line per record: instant in UTC to the millisecond, level, text."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")


def begin(path: Path) -> str | None:
    """Write what is logged from now on to a file; one sentence if that cannot be.

    Faults then go to standard error, so that they are not lost.
    """
    handler: logging.Handler
    try:
        handler = _Handler(
            path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
        refused = None
    except OSError as error:
        handler = logging.StreamHandler()
        handler.setLevel(logging.ERROR)
        refused = f"The log {path} cannot be written ({error.strerror})."
    handler.setFormatter(_Formatter())
    end()
    LOGGER.addHandler(handler)
    return refused


def end() -> None:
    """Close the file; what is logged from now on goes nowhere."""
    for handler in LOGGER.handlers[1:]:
        LOGGER.removeHandler(handler)
        handler.close()
