"""A folder of download files, put in place only when all of them are written."""

from __future__ import annotations

import ctypes
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core import scratch
from core.errors import OptionError
from core.exports import downloads, rows
from core.exports.contracts import CONTRACTS, DICTIONARY
from core.exports.edition import EVERYTHING, Edition, Format
from core.exports.report import Entry, as_json, report
from core.warehouse import facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.models import Reading
    from core.warehouse.store import Warehouse

REPORT: Final = "report.json"
"""Name of the report beside the files."""

FACTS: Final = "facts"
"""Name of the folder of facts beside the files."""

_HERE: Final = -100
_EXCHANGE: Final = 2
"""AT_FDCWD and RENAME_EXCHANGE. Source: renameat2(2) of Linux."""


@dataclass(frozen=True)
class Delivery:
    """Which files are written, and where: a folder, an edition, its formats.

    has_facts writes a folder FACTS of partitioned Parquet beside them, see
    core.warehouse.facts; it holds everything, whatever the edition.
    """

    out: Path
    edition: Edition = EVERYTHING
    formats: tuple[Format, ...] = (Format.CSV,)
    has_facts: bool = False


def write(
    warehouse: Warehouse, readings: Sequence[Reading], delivery: Delivery
) -> Entry:
    """Write every available file and the report into a folder; return the report.

    All is made in a folder beside it, which then takes its place in one step: who reads
    sees the earlier run or this one. Where the folder holds other files, or is a disk
    of its own, ours are moved in one by one, and those of an earlier run that this one
    does not write are removed.

    Raises:
        OptionError: The folder cannot be made or written, or a format not be made.
    """
    out = delivery.out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.exists() and not out.is_dir():
            raise OptionError(f"{out} is a file. Name a folder.")
        scratch.sweep(out.parent)
        with scratch.folder(out.parent) as beside:
            made = beside / "made"
            made.mkdir()
            content = _fill(warehouse, readings, delivery, made)
            _put(made, out)
    except OSError as error:
        raise OptionError(
            f"{out} cannot be written ({error.strerror}). Name another folder."
        ) from error
    return content


def names() -> frozenset[str]:
    """Name every file that a run may write."""
    contracts = (*CONTRACTS, DICTIONARY)
    return frozenset(
        {REPORT, FACTS}
        | {contract.file for contract in contracts}
        | {f"{contract.name}.parquet" for contract in contracts}
        | {downloads.whole_name(form) for form in Format}
    )


def _fill(
    warehouse: Warehouse, readings: Sequence[Reading], delivery: Delivery, made: Path
) -> Entry:
    with rows.of(warehouse, delivery.edition) as found:
        files = [
            path.name
            for form in delivery.formats
            for path in downloads.write_form(found, form, made)
        ]
    if delivery.has_facts:
        (made / FACTS).mkdir()
        facts.write(warehouse, made / FACTS)
    content = report(warehouse, readings, files, delivery.edition)
    (made / REPORT).write_bytes(as_json(content))
    return content


def _put(made: Path, out: Path) -> None:
    """Put a folder in the place of another; the other is left where it was made."""
    if not out.exists():
        made.rename(out)
        return
    shutil.copymode(out, made)
    others = {path.name for path in out.iterdir()} - names()
    if others or not _exchanged(made, out):
        _move(made, out)


def _exchanged(made: Path, out: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot do that."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    names = (os.fsencode(made), os.fsencode(out))
    return bool(rename(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)


def _move(made: Path, out: Path) -> None:
    fresh = {path.name for path in made.iterdir()}
    shutil.rmtree(out / FACTS, ignore_errors=True)
    for name in sorted(names() - fresh - {FACTS}):
        (out / name).unlink(missing_ok=True)
    for name in sorted(fresh):
        shutil.move(made / name, out / name)
