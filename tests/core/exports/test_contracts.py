"""The contracts are frozen: a workbook rests on each of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.exports.contracts import CONTRACTS, DICTIONARY, VERSION, Contract
from core.models import Kind

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

FROZEN = Path(__file__).with_name("contracts.json")


def told() -> dict[str, object]:
    contracts = (*CONTRACTS, DICTIONARY)
    files = {
        each.file: [asdict(column) for column in each.columns] for each in contracts
    }
    return {"version": VERSION, "files": files}


def test_no_contract_changes_unnoticed() -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))

    assert told() == frozen, (
        "A download file changed its contract. If that is meant: raise VERSION, tell "
        "it in CHANGELOG.md, and write the new contracts to contracts.json."
    )


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: each.file)
def test_a_view_has_the_columns_of_its_contract(
    warehouse: Warehouse, contract: Contract
) -> None:
    view = f"{contract.view}(NULL, NULL)" if contract.is_over_period else contract.view
    found = warehouse.table(f"SELECT * FROM {view}").column_names  # noqa: S608 - ours

    if contract.file.endswith(".csv"):
        assert found == [column.name for column in contract.columns]
    assert len(found) == len(contract.columns)


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        (set(), 0),
        ({Kind.USAGE}, 3),
        ({Kind.CUSTOMERS}, 1),
        ({Kind.STRIPE_LEDGER}, 1),
        ({Kind.STRIPE_PAYMENTS, Kind.USAGE}, 4),
        ({Kind.USAGE, Kind.CUSTOMERS}, 9),
        (set(Kind), 10),
    ],
)
def test_files_are_written_only_for_what_is_loaded(
    kinds: set[Kind], count: int
) -> None:
    written = [each for each in CONTRACTS if each.is_told_by(frozenset(kinds))]

    assert len(written) == count
