"""How long the reports take on Dask's local cluster, out of Parquet, beside ours.

Both start from what is written already and give the same figures, which is checked. The
cluster has two workers of one thread; its start is not counted.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import cluster, large_shop
from benchmarks.bench_ingest import load
from benchmarks.measure import measured
from benchmarks.result import Result
from core import job
from core.matching import matches
from core.warehouse import facts, figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

NAME: Final = "cluster"

PEER: Final = "Dask, local cluster of 2 workers"


def run(size: int) -> list[Result]:
    """Time the usage reports over size rows on both engines."""
    with tempfile.TemporaryDirectory() as name:
        folder, kept = Path(name), Path(name) / "kept.duckdb"
        files = large_shop.write(
            folder, large_shop.Size(size, customers=1_000, payments=0)
        )
        load(files.usage, kept)
        written = measured(write_facts, kept, folder / "facts", runs=1)
        facts_size = f"{files.rows:,} rows"
        seconds = _on_cluster(folder / "facts")
        months, owners = (
            measured(months_here, kept, runs=3),
            measured(owners_here, kept, runs=3),
        )
        _must_agree(kept, folder / "facts")
    return [
        Result(f"write facts, {facts_size}", written.seconds, written.peak_mib),
        Result(
            f"usage by month, {facts_size}",
            months.seconds,
            months.peak_mib,
            PEER,
            seconds[0],
        ),
        Result(
            f"usage by customer, {facts_size}",
            owners.seconds,
            owners.peak_mib,
            PEER,
            seconds[1],
        ),
    ]


def write_facts(kept: Path, out: Path) -> None:
    """Write the facts of a warehouse."""
    out.mkdir()
    with job.open_warehouse(kept) as warehouse:
        matches.refresh(warehouse)
        facts.write(warehouse, out)


def months_here(kept: Path) -> int:
    """Sum usage by month in the warehouse; opening it is counted."""
    with job.open_warehouse(kept) as warehouse:
        return figures.usage_months(warehouse, Scope()).num_rows


def owners_here(kept: Path) -> int:
    """Sum usage by customer in the warehouse; opening it is counted."""
    with job.open_warehouse(kept) as warehouse:
        return figures.ranking(warehouse, Scope()).num_rows


def _on_cluster(folder: Path) -> tuple[float, float]:
    from distributed import Client, LocalCluster

    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**options) as local, Client(local):
        return (
            _timed(cluster.usage_months, folder),
            _timed(cluster.owner_totals, folder),
        )


def _timed(report: Callable[[Path], object], folder: Path) -> float:
    """Return the better of two runs, in seconds."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        report(folder)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _must_agree(kept: Path, folder: Path) -> None:
    """Stop if a figure of one engine is not that of the other."""
    with job.open_warehouse(kept) as warehouse:
        months = figures.usage_months(warehouse, Scope()).to_pylist()
        owners = figures.ranking(warehouse, Scope()).to_pylist()
    there = cluster.usage_months(folder)
    here = [{name: row[name] for name in there[0]} for row in months]
    totals = {row["owner"]: row["usage_gb"] for row in owners}
    found = {row["owner"]: row["usage_gb"] for row in cluster.owner_totals(folder)}
    if there != here or totals != found:
        raise AssertionError("Dask gives other figures than the warehouse")
