"""A folder of download files, put in place only when all of them are written."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import OptionError
from core.exports import downloads
from core.exports.contracts import CONTRACTS, DICTIONARY
from core.exports.report import Entry, as_json, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Reading
    from core.warehouse.store import Warehouse

REPORT: Final = "report.json"
"""Name of the report beside the files."""


def write(warehouse: Warehouse, readings: Sequence[Reading], out: Path) -> Entry:
    """Write every available file and the report into a folder; return the report.

    The files are made in a folder beside it and moved when all are there. Files of an
    earlier run that these data do not tell are removed; others are left alone.

    Raises:
        OptionError: The folder cannot be made or written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.exists() and not out.is_dir():
            raise OptionError(f"{out} is a file. Name a folder.")
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".out-") as made:
            files = downloads.write(warehouse, Path(made))
            content = report(warehouse, readings, files)
            (Path(made) / REPORT).write_bytes(as_json(content))
            _move(Path(made), out)
    except OSError as error:
        raise OptionError(
            f"{out} cannot be written ({error.strerror}). Name another folder."
        ) from error
    return content


def _move(made: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    ours = {contract.file for contract in (*CONTRACTS, DICTIONARY)} | {REPORT}
    fresh = {path.name for path in made.iterdir()}
    for name in sorted(ours - fresh):
        (out / name).unlink(missing_ok=True)
    for name in sorted(fresh):
        shutil.move(made / name, out / name)
