"""Reads a workbook in a process of its own: `python -m core.files.workbookreader`.

The workbook comes on standard input. For each sheet that holds something, a line of
JSON goes out (SheetHead), then its columns and its kinds as worksheet.Sheet packs
them. Exit 0 done; REFUSED with what is wrong and what to do on standard error, as a
list in JSON. Nothing is written to disk, and memory and time have limits.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Final, TypedDict

from core.errors import UnreadableFileError
from core.files import opendocument, workbook
from core.files.workbook import SAVE_AGAIN
from core.files.zipped import Zip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.files.workbook import NamedSheet

REFUSED: Final = 3
"""Exit code for a workbook that is told to be wrong."""

MEMORY_BYTES: Final = 2 * 1024**3
"""Address space of the process."""

CPU_SECONDS: Final = 90
"""Processor time of the process; a million rows take a third of it."""


class SheetHead(TypedDict):
    """What goes before a sheet: sizes are the bytes of each column, then of kinds."""

    name: str
    is_hidden: bool
    hidden_rows: int
    lines: list[int]
    merged: list[tuple[int, int, int]]
    sizes: list[int]


def main() -> int:
    """Read the workbook; return the exit code."""
    limit()
    try:
        for sheet in sheets(sys.stdin.buffer.read(), "workbook"):
            for piece in packed(sheet):
                sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except UnreadableFileError as error:
        return _refuse(error.wrong, error.action)
    except MemoryError:
        return _refuse("needs too much memory to be read", SAVE_AGAIN)
    return 0


def sheets(content: bytes, file: str) -> Iterator[NamedSheet]:
    """Read the sheets of a workbook of Excel or OpenDocument, in its order.

    Raises:
        UnreadableFileError: It is damaged, protected, or beyond the limits.
    """
    if opendocument.is_open_document(Zip(content, file)):
        return opendocument.sheets(content, file)
    return workbook.sheets(content, file)


def limit() -> None:
    """Limit memory and time of this process, as far as the system allows."""
    wanted = (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in wanted:
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            # macOS refuses a limit of memory; the sizes are limited besides.
            continue


def packed(sheet: NamedSheet) -> Iterator[bytes | bytearray]:
    """Write a sheet as bytes; nothing when it holds nothing."""
    if sheet.cells.lines:
        yield json.dumps(head(sheet)).encode() + b"\n"
        yield from sheet.cells.columns
        yield sheet.cells.kinds


def head(sheet: NamedSheet) -> SheetHead:
    """Describe a sheet."""
    cells = sheet.cells
    return SheetHead(
        name=sheet.name,
        is_hidden=sheet.is_hidden,
        hidden_rows=cells.hidden_rows,
        lines=cells.lines,
        merged=cells.merged,
        sizes=[len(piece) for piece in (*cells.columns, cells.kinds)],
    )


def _refuse(wrong: str, action: str) -> int:
    sys.stderr.write(json.dumps([wrong, action]))
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
