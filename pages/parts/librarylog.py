"""What libraries log, warn of and fail with, without the values that it was about.

A library writes what it likes into its messages: a cell that DuckDB cannot cast, the
address of a server with its password. Of each message only what stands in the library's
source is let through; what was put into it stays out, on every handler.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any, Final, TextIO

from core import faults
from core.logfile import LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

LEFT_OUT: Final = "(text left out)"
"""Stands for a message that was put together while running."""

_LOGGER: Final = logging.getLogger(f"{LOGGER.name}.libraries")
"""Warnings and faults outside a page; they reach the log file, too."""


def begin() -> None:
    """From now on, for the whole process, log no value of a library's."""
    logging.setLogRecordFactory(_without_values(logging.LogRecord))
    warnings.showwarning = _warn
    sys.excepthook = faults.tell
    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable


def _without_values(
    make: Callable[..., logging.LogRecord],
) -> Callable[..., logging.LogRecord]:
    """Wrap a factory of log records; those of the product itself are left alone."""

    def made(*given: Any, **named: Any) -> logging.LogRecord:  # noqa: ANN401
        record = make(*given, **named)
        if str(record.name).split(".")[0] == LOGGER.name:
            return record
        if not _is_written_out(record):
            record.msg = LEFT_OUT
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = faults.skeleton(record.exc_info[1])
        record.exc_info = None
        return record

    return made


def _is_written_out(record: logging.LogRecord) -> bool:
    """Tell whether a message stands as it is in the source of whoever logs it."""
    place = record.pathname, record.lineno
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if (frame.f_code.co_filename, frame.f_lineno) == place:
            return record.msg in _texts(frame.f_code)
        frame = frame.f_back
    return False


def _texts(code: CodeType) -> set[str]:
    return {constant for constant in code.co_consts if isinstance(constant, str)}


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Log the kind and place of a warning in place of its text."""
    _LOGGER.warning("%s at %s:%d", category.__name__, filename, lineno)


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    """Log a fault that ended a thread."""
    if failed.exc_value is not None and failed.exc_type is not SystemExit:
        _LOGGER.error("fault in a thread\n%s", faults.skeleton(failed.exc_value))


def _unraisable(failed: sys.UnraisableHookArgs) -> None:
    """Log a fault that nobody could have caught, as one while closing."""
    if failed.exc_value is not None:
        _LOGGER.error("fault while cleaning up\n%s", faults.skeleton(failed.exc_value))
