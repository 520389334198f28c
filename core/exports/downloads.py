"""The download files of a warehouse: which there are, and their bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.exports.contracts import CONTRACTS, DICTIONARY, Contract
from core.matching import matches, names
from core.warehouse import copies, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.warehouse.store import Warehouse

HASHED_ABOVE: Final = 1 << 20
"""Bytes from which a browser's download needs its digest in the name.

Streamlit tells files above 1 MiB apart by samples of their content only.
"""

_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""Time stamp of every member: the same content gives the same bytes."""


@dataclass(frozen=True)
class Offer:
    """One file as it is offered: what it holds, its bytes, its rows."""

    contract: Contract
    data: bytes
    row_count: int


@dataclass(frozen=True)
class Bundle:
    """All files that the loaded data can tell, and the zip of them."""

    offers: tuple[Offer, ...]
    archive: bytes


def available(warehouse: Warehouse) -> tuple[Contract, ...]:
    """List the files that the loaded data can tell, the dictionary last."""
    kinds = copies.loaded_kinds(warehouse)
    told = tuple(each for each in CONTRACTS if each.is_told_by(kinds))
    return (*told, DICTIONARY) if told else ()


def content(warehouse: Warehouse, contract: Contract) -> bytes:
    """Return the bytes of one file: UTF-8 without BOM, line feeds, in stable order.

    Matches are made anew first if the names they rest on have changed.
    """
    matches.refresh(warehouse)
    if contract is DICTIONARY:
        return _dictionary(available(warehouse))
    if contract.file.endswith(".json"):
        return _customers_json(warehouse, contract)
    columns = [column.name for column in contract.columns]
    return copies.csv_bytes(warehouse, contract.view, columns)


def write(warehouse: Warehouse, folder: Path) -> tuple[str, ...]:
    """Write every available file into a folder; return their names in order."""
    contracts = available(warehouse)
    for contract in contracts:
        (folder / contract.file).write_bytes(content(warehouse, contract))
    return tuple(contract.file for contract in contracts)


def bundle(warehouse: Warehouse) -> Bundle:
    """Make every available file and the zip of them, in the order of contracts."""
    made = [(each, content(warehouse, each)) for each in available(warehouse)]
    offers = tuple(Offer(each, data, row_count(each, data)) for each, data in made)
    return Bundle(offers, archive([(each.file, data) for each, data in made]))


def archive(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Pack files into one zip; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files:
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, data)
    return target.getvalue()


def browser_name(file: str, data: bytes) -> str:
    """Name a download so that a browser never gets an older one in its place."""
    if len(data) <= HASHED_ABOVE:
        return file
    path = Path(file)
    return f"{path.stem}-{hashlib.sha256(data).hexdigest()[:8]}{path.suffix}"


def row_count(contract: Contract, data: bytes) -> int:
    """Count the rows of a file, its header not included."""
    if contract.file.endswith(".json"):
        return len(json.loads(data))
    lines = io.StringIO(data.decode(), newline="")
    return sum(1 for _ in csv.reader(lines)) - 1


def _dictionary(contracts: Sequence[Contract]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([column.name for column in DICTIONARY.columns])
    for contract in contracts:
        for column in contract.columns:
            row = (contract.file, column.name, column.type, column.unit, column.meaning)
            writer.writerow(row)
    return target.getvalue().encode()


def _customers_json(warehouse: Warehouse, contract: Contract) -> bytes:
    inserted = settings.current(warehouse).cleaning_rules
    email, pro_id, pro, basic_id, basic = copies.table(warehouse, contract.view).columns
    cleaned = (
        email,
        pro_id,
        names.without(pro, inserted),
        basic_id,
        names.without(basic, inserted),
    )
    fields = [column.name for column in contract.columns]
    documents = pa.table(list(cleaned), names=fields).to_pylist()
    return json.dumps(documents, indent=4, ensure_ascii=False).encode()
