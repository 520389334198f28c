"""Hostile files on the whole way of a load: told in words, or loaded sound."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from benchmarks.hostile import documents, packages, stores, tables, trial, workbooks
from core import job
from core.exports import downloads
from core.models import Kind
from core.warehouse import batches, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

    from core.models import Reading

NOW = datetime(2026, 3, 2)
HEAVY = ("10 MB", "100,000", "200,000", "million", "50,000", "brackets", "grow")
"""Words of what takes long: one of each kind is tried here."""

LOADED_EVERY = 20
"""How many readings pass for one that is loaded, too."""

TRIED_EVERY = {tables: 4, documents: 2, packages: 2, workbooks: 6, stores: 2}
"""How many files pass for one that is tried; a workbook is read by a new process.

`python -m benchmarks.hostile` tries and loads them all.
"""


def tried(module: ModuleType) -> Iterator[trial.Trial]:
    """Take the files of a module, of the heavy ones the first of each kind."""
    seen: set[str] = set()
    known: set[str] = set()
    every = TRIED_EVERY[module]
    for number, (what, upload) in enumerate(module.files()):
        assert what not in known
        known.add(what)
        kinds = {word for word in HEAVY if word in what}
        if number % every or (kinds and kinds <= seen):
            continue
        seen |= kinds
        found = trial.of(upload)
        assert not found.faults, (what, found.faults)
        yield found
    assert len(known) > 60


def names(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


@pytest.mark.parametrize("module", TRIED_EVERY, ids=names)
def test_every_file_is_told_or_read_and_what_is_read_is_loaded_sound(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "inner" / "scratch"
    scratch.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    readings = [reading for found in tried(module) for reading in found.intake.readings]
    assert readings
    assert list(scratch.iterdir()) == []
    assert [path.name for path in tmp_path.rglob("*")] == ["inner", "scratch"]
    with Warehouse() as warehouse:
        loaded_sound(warehouse, list(islice(readings, 0, None, LOADED_EVERY)))


def loaded_sound(warehouse: Warehouse, readings: Sequence[Reading]) -> None:
    """Load readings at once and undo them; figures are whole, then as before."""
    before = contents(warehouse)
    plan = plans.plan(warehouse, readings)
    ids = job.load(warehouse, plan, now=NOW, by="tester", is_confirmed=True)
    assert len(ids) == len(plan.needed)
    found = contents(warehouse)
    rows = {name: list(csv.reader(io.StringIO(text))) for name, text in found.items()}
    for name, table in rows.items():
        assert len({len(row) for row in table}) <= 1, name
    if any(reading.kind is Kind.USAGE for reading in readings):
        of_subusers = total(rows["subuser_bw_usage_sorted.csv"], "Bandwidth Usage")
        by_month = rows["total_bandwidth_usage_by_date.csv"]
        assert of_subusers == total(by_month, "Total Monthly Bandwidth Usage")
    for batch_id in reversed(ids):
        batches.undo(warehouse, batch_id, now=NOW, by="tester")
    assert contents(warehouse) == before


def contents(warehouse: Warehouse) -> dict[str, str]:
    """Write every CSV that there can be."""
    return {
        contract.file: downloads.content(warehouse, contract).decode()
        for contract in downloads.available(warehouse)
        if contract.file.endswith(".csv")
    }


def total(table: list[list[str]], column: str) -> Decimal:
    header, *rows = table
    at = next(n for n, name in enumerate(header) if name.startswith(column))
    return sum((Decimal(row[at] or 0) for row in rows), Decimal(0))
