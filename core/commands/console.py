"""What commands print of a file, and how they read one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from core.errors import OptionError
from core.files.upload import Upload

if TYPE_CHECKING:
    from pathlib import Path

    from core.models import Reading

SHOWN_PROBLEMS: Final = 20
"""Refused rows that are printed for each file."""


def upload(file: Path) -> Upload:
    """Read a file from disk.

    Raises:
        OptionError: It is not there, or may not be read.
    """
    try:
        return Upload.from_path(file)
    except OSError as error:
        raise OptionError(f"{file}: cannot be read ({error.strerror}).") from error


def tell(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")


def tell_reading(reading: Reading) -> None:
    """Print what a file held: rows, warnings, and the first refused rows."""
    tell(
        f"{reading.file}: {reading.layout}; {reading.rows_read:,} rows read, "
        f"{reading.rows_kept:,} kept, {len(reading.problems):,} refused"
    )
    for warning in reading.warnings:
        tell(f"  {warning}")
    for problem in reading.problems[:SHOWN_PROBLEMS]:
        place = f"line {problem.line}, {problem.column}"
        tell(f"  refused: {place}: {problem.value!r}: {problem.reason}")
    if len(reading.problems) > SHOWN_PROBLEMS:
        tell(f"  and {len(reading.problems) - SHOWN_PROBLEMS:,} more refused rows")
