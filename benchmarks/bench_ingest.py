"""How long a usage export takes from file to committed batch, plan and match included.

The peer is DuckDB loading the same file into a table of the same types: it checks
nothing, keeps no lines, no earlier versions and no months, so it is the floor. Smaller
files of the same shop show how the time grows.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from benchmarks import growth, large_shop
from benchmarks.large_shop import Size
from benchmarks.measure import measured
from benchmarks.result import Result
from core import job
from core.files.upload import Upload
from core.warehouse import plans

NAME: Final = "ingest"

NOW: Final = datetime(2026, 1, 1)
"""When the benchmark loads."""

PEER: Final = "DuckDB, the file into a typed table"


def run(size: int) -> list[Result]:
    """Load files of up to size rows, then one month of the largest again, corrected."""
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in growth.sizes(size):
            shop = Size(rows, customers=1_000, payments=0)
            files = large_shop.write(folder / str(rows), shop)
            kept = folder / f"{rows}.duckdb"
            ours = measured(load, files.usage, kept, runs=1)
            theirs = measured(load_typed, files.usage, folder / "peer.duckdb", runs=1)
            question = f"load {files.rows:,} usage rows, committed and matched"
            results.append(
                Result(question, ours.seconds, ours.peak_mib, PEER, theirs.seconds)
            )
        again = measured(load_onto, files.correction, kept, runs=1)
    share = ours.seconds / large_shop.PERIODS
    return [
        *results,
        Result(
            f"correct 1 month of {files.rows:,} rows",
            again.seconds,
            again.peak_mib,
            "its share of the load of all months",
            share,
        ),
    ]


def load(file: Path, kept: Path) -> None:
    """Load a file into a new warehouse, as the app and the command line do."""
    kept.unlink(missing_ok=True)
    load_onto(file, kept)


def load_onto(file: Path, kept: Path) -> None:
    """Load a file into a warehouse."""
    with job.open_warehouse(kept) as warehouse:
        readings = job.take_one(Upload.from_path(file)).readings
        plan = plans.plan(warehouse, readings)
        job.load(warehouse, plan, now=NOW, by="bench", is_confirmed=True)


def load_typed(file: Path, kept: Path) -> None:
    """Load a file as DuckDB does it best: names, months as text, exact decimals."""
    kept.unlink(missing_ok=True)
    with duckdb.connect(str(kept)) as connection:
        connection.execute(
            "CREATE TABLE usage AS SELECT * FROM read_csv(?, header = true, columns = "
            "{'subuser': 'VARCHAR', 'month': 'VARCHAR', 'gb': 'DECIMAL(38, 18)'})",
            [str(file)],
        )
    shutil.rmtree(kept.with_suffix(".tmp"), ignore_errors=True)
