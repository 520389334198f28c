"""Dask gives, out of the Parquet facts, the figures that the warehouse gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dask
import pytest

from benchmarks import cluster
from core.__main__ import main
from core.warehouse import figures
from core.warehouse.figures import Scope
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path


def equal_figures(warehouse: Warehouse, folder: Path) -> None:
    """Compare what both engines say of usage and money."""
    months = figures.usage_months(warehouse, Scope()).to_pylist()
    names = [*cluster.usage_months(folder)[0]]
    assert cluster.usage_months(folder) == [
        {name: row[name] for name in names} for row in months
    ]
    owners = figures.ranking(warehouse, Scope()).to_pylist()
    assert cluster.owner_totals(folder) == sorted(
        ({"owner": row["owner"], "usage_gb": row["usage_gb"]} for row in owners),
        key=lambda row: str(row["owner"]),
    )
    money = figures.revenue_months(warehouse).to_pylist()
    kept = ("month", "currency", "net_minor")
    assert cluster.revenue_months(folder) == [
        {name: row[name] for name in kept} for row in money
    ]


def test_dask_gives_the_figures_of_the_warehouse(tmp_path: Path) -> None:
    kept, out = tmp_path / "kept.duckdb", tmp_path / "out"
    sample = [
        *("--usage", "data/sample/oxylabs_usage.csv"),
        *("--usage", "data/sample/second_provider_usage.csv"),
        *("--customers", "data/sample/customers.json"),
        *("--stripe", "data/sample/stripe_payments.csv"),
    ]
    where = ["--out", str(out), "--warehouse", str(kept), "--parquet"]
    assert main(["build", *sample, *where]) == 0
    with Warehouse(kept) as warehouse, dask.config.set(scheduler="threads"):
        equal_figures(warehouse, out / "facts")
    assert main(["build", "--warehouse", str(kept), "--out", str(out)]) == 0
    assert not (out / "facts").exists()


def test_facts_are_written_again_in_place_of_the_old(tmp_path: Path) -> None:
    kept, out = tmp_path / "kept.duckdb", tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("kept")
    usage = ["--usage", "data/sample/oxylabs_usage.csv"]
    for more in (usage, []):
        where = ["--out", str(out), "--warehouse", str(kept), "--parquet"]
        assert main(["build", *more, *where]) == 0
    assert {path.name for path in (out / "facts").iterdir()} == {"usage"}
    assert (out / "mine.txt").read_text() == "kept"


@pytest.mark.parametrize("option", ["--private", "--round-amounts"])
def test_facts_are_never_private(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    usage = ["--usage", "data/sample/oxylabs_usage.csv"]
    out = tmp_path / "out"
    assert main(["build", *usage, "--out", str(out), "--parquet", option]) == 2
    assert "--parquet writes every identity" in capsys.readouterr().err
    assert not out.exists()
