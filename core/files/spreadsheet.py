"""Workbooks (.xlsx, .ods) to tables of text, read in a process of its own.

Cells are text as a CSV export would have it: ids without `.0`, numbers with the
fewest digits that tell them, dates as ISO, `TRUE`, `#N/A`. A formula gives the value
that was saved with it. Text and dates of cells merged downwards count for each row
that they cover; numbers count once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import UnreadableFileError, listed
from core.files.opendocument import is_open_document
from core.files.sheettable import PackedSheet, sheet_table
from core.files.workbook import SAVE_AGAIN, part_name
from core.files.workbookreader import REFUSED, SheetHead
from core.files.zipped import Zip
from core.progress import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.files.table import TextTable
    from core.files.upload import Upload
    from core.files.zipped import Member

MAX_XML_BYTES: Final = 512 * 1024**2
"""Most bytes of the parts that are read, unpacked; a million rows need as much."""

SECONDS: Final = 120
"""Time that the reading process may take, waiting included."""

COMMAND: Final = (sys.executable, "-P", "-m", "core.files.workbookreader")
"""The process that reads a workbook."""

HOME: Final = Path(__file__).resolve().parents[2]
"""Where the process finds the product."""

AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Workbooks read at the same time; each may need all of its memory."""

_READ_FROM = "xl/"


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook that are shown and hold something, in its order.

    The file of a table names the sheet where there are several. warnings are
    sentences for staff about sheets that are left out.
    """

    tables: tuple[TextTable, ...]
    warnings: tuple[str, ...]


def is_workbook(packed: Zip) -> bool:
    """Tell whether a zip is a workbook of a kind that can be read.

    Raises:
        UnreadableFileError: It is damaged.
    """
    if is_open_document(packed):
        return True
    names = {part_name(member.info.filename) for member in packed.members}
    is_package = "[content_types].xml" in names
    return is_package and any(
        name.startswith(_READ_FROM) and name.endswith("workbook.xml") for name in names
    )


def read_workbook(upload: Upload) -> Workbook:
    """Read the sheets of a workbook (.xlsx, .xlsm, .ods).

    Raises:
        UnreadableFileError: It is damaged, protected, beyond the limits, or holds
            nothing that is shown.
    """
    tell(0.0, "reading the cells")
    _look(Zip(upload.content, upload.name))
    sheets = list(_sheets(_output(upload)))
    shown = [sheet for sheet in sheets if not sheet.head["is_hidden"]]
    hidden = [sheet.head["name"] for sheet in sheets if sheet.head["is_hidden"]]
    if not shown:
        wrong = "has no sheet with anything in it"
        if hidden:
            wrong = f"has cells on hidden sheets only: {listed(hidden)}"
        raise UnreadableFileError(upload.name, wrong, "Save it with the right sheet")
    names = [sheet.head["name"] for sheet in shown]
    files = [f"{upload.name}, sheet {name!r}" for name in names]
    if len(files) == 1:
        files = [upload.name]
    tables = [
        sheet_table(sheet, file) for sheet, file in zip(shown, files, strict=True)
    ]
    warnings = (f"Hidden sheets were not read: {listed(hidden)}.",) if hidden else ()
    return Workbook(tuple(tables), warnings)


def _look(packed: Zip) -> None:
    """Refuse what is too large or protected before anything is unpacked."""
    wanted = [member for member in packed.members if _is_read(member)]
    packed.check(wanted)
    if sum(member.size for member in wanted) > MAX_XML_BYTES:
        wrong = f"unpacks to more than {MAX_XML_BYTES // 1024**2} MB"
        raise UnreadableFileError(packed.file, wrong, "Save its sheets as CSV UTF-8")
    for member in wanted:
        packed.open(member).close()


def _is_read(member: Member) -> bool:
    return part_name(member.info.filename).endswith((".xml", ".rels"))


def _output(upload: Upload) -> bytes:
    """Let the process read the workbook; return what it wrote."""
    environment = {**environ, "PYTHONPATH": str(HOME)}
    try:
        with AT_ONCE:
            run = subprocess.run(  # noqa: S603
                COMMAND,
                input=upload.content,
                capture_output=True,
                check=False,
                timeout=SECONDS,
                env=environment,
            )
    except subprocess.TimeoutExpired as error:
        wrong = f"takes more than {SECONDS} seconds to be read"
        raise UnreadableFileError(upload.name, wrong, SAVE_AGAIN) from error
    if run.returncode == REFUSED:
        wrong, action = json.loads(run.stderr)
        raise UnreadableFileError(upload.name, wrong, action)
    if run.returncode:
        wrong = f"cannot be read: its reader ended with code {run.returncode}"
        raise UnreadableFileError(upload.name, wrong, SAVE_AGAIN)
    return run.stdout


def _sheets(output: bytes) -> Iterator[PackedSheet]:
    """Cut the output into sheets."""
    whole = memoryview(output)
    start = 0
    while start < len(output):
        end = output.index(b"\n", start)
        head: SheetHead = json.loads(output[start:end])
        start = end + 1
        pieces = []
        for size in head["sizes"]:
            pieces.append(whole[start : start + size])
            start += size
        yield PackedSheet(head, tuple(pieces[:-1]), pieces[-1])
