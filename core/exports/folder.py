"""A folder of download files, put in place only when all of them are written."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import OptionError
from core.exports import downloads, rows
from core.exports.contracts import CONTRACTS, DICTIONARY
from core.exports.edition import EVERYTHING, Edition, Format
from core.exports.report import Entry, as_json, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Reading
    from core.warehouse.store import Warehouse

REPORT: Final = "report.json"
"""Name of the report beside the files."""


@dataclass(frozen=True)
class Delivery:
    """Which files are written, and where: a folder, an edition, its formats."""

    out: Path
    edition: Edition = EVERYTHING
    formats: tuple[Format, ...] = (Format.CSV,)


def write(
    warehouse: Warehouse, readings: Sequence[Reading], delivery: Delivery
) -> Entry:
    """Write every available file and the report into a folder; return the report.

    The files are made in a folder beside it and moved when all are there. Files of an
    earlier run that this one does not write are removed; others are left alone.

    Raises:
        OptionError: The folder cannot be made or written, or a format not be made.
    """
    out, edition = delivery.out, delivery.edition
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.exists() and not out.is_dir():
            raise OptionError(f"{out} is a file. Name a folder.")
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".out-") as made:
            with rows.of(warehouse, edition) as found:
                files = [
                    path.name
                    for form in delivery.formats
                    for path in downloads.write_form(found, form, Path(made))
                ]
            content = report(warehouse, readings, files, edition)
            (Path(made) / REPORT).write_bytes(as_json(content))
            _move(Path(made), out)
    except OSError as error:
        raise OptionError(
            f"{out} cannot be written ({error.strerror}). Name another folder."
        ) from error
    return content


def names() -> frozenset[str]:
    """Name every file that a run may write."""
    contracts = (*CONTRACTS, DICTIONARY)
    return frozenset(
        {REPORT}
        | {contract.file for contract in contracts}
        | {f"{contract.name}.parquet" for contract in contracts}
        | {downloads.whole_name(form) for form in Format}
    )


def _move(made: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    fresh = {path.name for path in made.iterdir()}
    for name in sorted(names() - fresh):
        (out / name).unlink(missing_ok=True)
    for name in sorted(fresh):
        # Atomic: the folder is made beside it, so on the same disk.
        (made / name).replace(out / name)
