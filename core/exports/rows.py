"""Rows of the download files, all of one committed state of the warehouse."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.exports.contracts import CONTRACTS, DICTIONARY, Contract
from core.matching import matches, names
from core.warehouse import copies, selection, settings, snapshot, stand_ins
from core.warehouse import matches as stored
from core.warehouse.selection import Field, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.exports.edition import Edition
    from core.warehouse.snapshot import Snapshot
    from core.warehouse.store import Warehouse

CUSTOMERS: Final = "filtered_customers.json"
"""The file whose names are cleaned before they are written."""

_VIEWS: Final = {CUSTOMERS: "customer_document", DICTIONARY.file: "dictionary"}


@dataclass(frozen=True)
class Rows:
    """What an edition holds: its files, and the snapshot that they are written from."""

    edition: Edition
    contracts: tuple[Contract, ...]
    snapshot: Snapshot

    def selection(self, contract: Contract) -> Selection:
        """Tell which rows of the snapshot are in a file."""
        edition = self.edition
        fields = tuple(
            Field(each.name, each.type, each.identity) for each in contract.columns
        )
        return Selection(
            _VIEWS.get(contract.file, contract.view),
            fields,
            contract.order,
            month_column=contract.month,
            is_over_period=contract.is_over_period,
            first_month=edition.first_month,
            last_month=edition.last_month,
            is_masked=edition.is_private,
            is_rounded=edition.is_rounded,
            is_ranking=contract.is_ranking,
        )

    def count(self, contract: Contract) -> int:
        """Count the rows of a file."""
        return self.snapshot.count(self.selection(contract))


@dataclass(frozen=True)
class _Prepared:
    """What is made before the snapshot, and the state that it is made of."""

    version: int
    contracts: tuple[Contract, ...]
    tables: dict[str, pa.Table]


@contextmanager
def of(warehouse: Warehouse, edition: Edition) -> Iterator[Rows]:
    """Take what an edition holds out of the newest state, matches included."""
    with ExitStack() as opened:
        while True:
            prepared = _prepared(warehouse, edition)
            taken = opened.enter_context(snapshot.of(warehouse))
            if taken.version == prepared.version:
                break
            # Somebody loaded meanwhile: matches are of the state before.
            opened.close()
        for name, table in prepared.tables.items():
            taken.put(name, table)
        yield Rows(edition, prepared.contracts, taken)


def available(warehouse: Warehouse) -> tuple[Contract, ...]:
    """List the files that the loaded data can tell, the dictionary last."""
    kinds = copies.loaded_kinds(warehouse)
    told = tuple(each for each in CONTRACTS if each.is_told_by(kinds))
    return (*told, DICTIONARY) if told else ()


def dictionary(contracts: tuple[Contract, ...]) -> pa.Table:
    """Explain every column of these files: the rows of the dictionary, as text."""
    rows = [
        (each.file, column.name, column.type, column.unit, column.meaning)
        for each in contracts
        for column in each.columns
    ]
    columns = [column.name for column in DICTIONARY.columns]
    schema = pa.schema([(name, pa.string()) for name in columns])
    return pa.table(list(map(list, zip(*rows, strict=True))), schema=schema)


def _prepared(warehouse: Warehouse, edition: Edition) -> _Prepared:
    version = warehouse.version()
    matches.refresh(warehouse)
    contracts = available(warehouse)
    customers = _customers(warehouse)
    tables = {
        _VIEWS[CUSTOMERS]: customers,
        _VIEWS[DICTIONARY.file]: dictionary(contracts),
    }
    if edition.is_private:
        stand_ins.refresh(warehouse)
        tables[selection.STAND_INS] = _stand_ins(warehouse, customers)
    return _Prepared(version, contracts, tables)


def _customers(warehouse: Warehouse) -> pa.Table:
    """Return customers with the columns of their file, usernames cleaned."""
    inserted = settings.current(warehouse).cleaning_rules
    view = "file_filtered_customers"
    email, pro_id, pro, basic_id, basic = copies.table(warehouse, view).columns
    (contract,) = (each for each in CONTRACTS if each.file == CUSTOMERS)
    cleaned = (
        email,
        pro_id,
        names.without(pro, inserted),
        basic_id,
        names.without(basic, inserted),
    )
    return pa.table(list(cleaned), names=[each.name for each in contract.columns])


def _stand_ins(warehouse: Warehouse, customers: pa.Table) -> pa.Table:
    """Return kind, original and stand_in of every identity that a file could hold."""
    subusers = stored.subusers(warehouse)["subuser"].to_pylist()
    held = {"name": {*subusers}, "id": set()}
    (contract,) = (each for each in CONTRACTS if each.file == CUSTOMERS)
    for column in contract.columns:
        if column.identity in held:
            held[column.identity].update(customers[column.name].to_pylist())
    parts = {
        kind: stand_ins.names(warehouse, kind, found - {None})
        for kind, found in held.items()
    }
    parts["email"] = stand_ins.emails(warehouse)
    return pa.concat_tables(
        part.append_column("kind", pa.array([kind] * part.num_rows, pa.string()))
        for kind, part in parts.items()
    )
