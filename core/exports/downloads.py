"""The download files of a warehouse: which there are, and how each is written."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core import scratch
from core.errors import PageOutdatedError
from core.exports import extract, rows, workbook
from core.exports.edition import EVERYTHING, Format
from core.warehouse import copies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.exports.contracts import Contract
    from core.exports.edition import Edition
    from core.exports.rows import Rows
    from core.warehouse.store import Warehouse

HASHED_ABOVE: Final = 1 << 20
"""Bytes from which a browser's download needs its digest in the name.

Streamlit tells files above 1 MiB apart by samples of their content only.
"""

COUNTED_ROWS: Final = 100_000
"""Rows of usage up to which the rows of files are counted while a page is drawn."""

BOOK: Final = "meterbook"
"""Name, without its ending, of a set that is one file."""

_ONE_FILE: Final = frozenset({Format.EXCEL, Format.HYPER})

_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""Time stamp of every member: the same content gives the same bytes."""


def available(warehouse: Warehouse) -> tuple[Contract, ...]:
    """List the files that the loaded data can tell, the dictionary last."""
    return rows.available(warehouse)


def content(
    warehouse: Warehouse,
    contract: Contract,
    edition: Edition = EVERYTHING,
    *,
    version: int | None = None,
) -> bytes:
    """Return the bytes of one file: UTF-8 without BOM, line feeds, in stable order.

    Matches are made anew first if the names they rest on have changed.

    Args:
        warehouse: Where the rows are.
        contract: The file.
        edition: What is in it.
        version: State of the warehouse that it must be of; None takes the newest.

    Raises:
        PageOutdatedError: The warehouse has another state now.
    """
    with _rows(warehouse, edition, version) as found, scratch.folder() as folder:
        return _written(found, contract, folder).read_bytes()


def whole(
    warehouse: Warehouse,
    form: Format,
    edition: Edition = EVERYTHING,
    *,
    version: int | None = None,
) -> bytes:
    """Return a set as one file: a workbook, an extract, or a zip of its files.

    Raises:
        OptionError: The format needs a package that is not installed.
        PageOutdatedError: The warehouse has another state now.
    """
    with _rows(warehouse, edition, version) as found, scratch.folder() as folder:
        files = write_form(found, form, folder)
        if form in _ONE_FILE:
            return files[0].read_bytes()
        packed = folder / "packed"
        pack(files, packed)
        return packed.read_bytes()


def whole_name(form: Format) -> str:
    """Name a set that is one file: the workbook, the extract or the zip."""
    ending = form.value if form in _ONE_FILE else "zip"
    return f"{BOOK}.{ending}"


def counts(warehouse: Warehouse, edition: Edition) -> dict[str, int | None]:
    """Count the rows of every available file, by name, in the order of contracts.

    None where there is so much usage that counting takes as long as writing.
    """
    period = (edition.first_month, edition.last_month)
    if copies.usage_rows(warehouse, *period) > COUNTED_ROWS:
        return dict.fromkeys(each.file for each in available(warehouse))
    # Stand-ins are as many as what they stand for.
    with rows.of(warehouse, replace(edition, is_private=False)) as found:
        return {each.file: found.count(each) for each in found.contracts}


def write_form(found: Rows, form: Format, folder: Path) -> list[Path]:
    """Write all files of a set into a folder, in a format; return them in order.

    Raises:
        OptionError: The format needs a package that is not installed.
    """
    if form is Format.CSV:
        return [_written(found, contract, folder) for contract in found.contracts]
    if form is Format.PARQUET:
        return [_parquet(found, contract, folder) for contract in found.contracts]
    target = folder / whole_name(form)
    module = workbook if form is Format.EXCEL else extract
    module.write(found, target)
    return [target]


def pack(files: Sequence[Path], target: Path) -> None:
    """Pack files into one zip, some bytes at a time; the same files, the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files:
            member = zipfile.ZipInfo(path.name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            with path.open("rb") as source, packed.open(member, "w") as to:
                shutil.copyfileobj(source, to, 1 << 20)


def browser_name(file: str, data: bytes) -> str:
    """Name a download so that a browser never gets an older one in its place."""
    if len(data) <= HASHED_ABOVE:
        return file
    path = Path(file)
    return f"{path.stem}-{hashlib.sha256(data).hexdigest()[:8]}{path.suffix}"


@contextmanager
def _rows(
    warehouse: Warehouse, edition: Edition, version: int | None
) -> Iterator[Rows]:
    with rows.of(warehouse, edition) as found:
        if version not in {None, found.snapshot.version}:
            raise PageOutdatedError
        yield found


def _written(found: Rows, contract: Contract, folder: Path) -> Path:
    target = folder / contract.file
    if target.suffix == ".json":
        _write_json(found, contract, target)
    else:
        chosen = found.selection(contract)
        found.snapshot.csv(chosen, target, is_safe=found.edition.is_safe)
    return target


def _parquet(found: Rows, contract: Contract, folder: Path) -> Path:
    target = folder / f"{contract.name}.parquet"
    found.snapshot.parquet(found.selection(contract), target)
    return target


def _write_json(found: Rows, contract: Contract, target: Path) -> None:
    """Write documents as json.dumps with indent 4 does, some at a time."""
    with target.open("w", encoding="utf-8", newline="\n") as to:
        start = "[\n    "
        chosen = found.selection(contract)
        for batch in found.snapshot.batches(chosen, has_empty=True):
            for document in batch.to_pylist():
                text = json.dumps(document, indent=4, ensure_ascii=False)
                to.write(start + text.replace("\n", "\n    "))
                start = ",\n    "
        to.write("[]" if start.startswith("[") else "\n]")
