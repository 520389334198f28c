"""How long all download files take, and how much memory the largest one.

The peer is DuckDB's own COPY of the same rows out of tables that hold them ready made:
what a file costs that needs no join, no sum and no order.
"""

from __future__ import annotations

import json
import random
import string
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from benchmarks import growth
from benchmarks.bench_read_usage import MONTHS
from benchmarks.measure import measured
from benchmarks.result import Result
from core import job
from core.exports import downloads, rows
from core.exports.contracts import CONTRACTS
from core.exports.edition import EVERYTHING, Edition, Format
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse

NAME: Final = "download"

LETTERS: Final = string.ascii_lowercase
"""What names are made of: no two of them are much alike."""

PEER: Final = "DuckDB COPY of the same rows"


def run(size: int) -> list[Result]:
    """Write the files of shops that grow to size rows."""
    return [line for rows in growth.sizes(size) for line in _written(rows)]


def _written(size: int) -> list[Result]:
    """Write the files of a shop with size rows of usage and a customer per subuser."""
    with tempfile.TemporaryDirectory() as folder:
        path, ready = Path(folder) / "shop.duckdb", Path(folder) / "ready.duckdb"
        fill(path, size)
        make_ready(path, ready)
        theirs = measured(copy_all, ready)
        every, one = measured(write_all, path, False), measured(one_file, path)
        masked = measured(write_all, path, True)
    questions = {
        f"all CSV files of {size:,} rows": every,
        f"all CSV files of {size:,} rows, private": masked,
    }
    results = [
        Result(question, ours.seconds, ours.peak_mib, PEER, theirs.seconds)
        for question, ours in questions.items()
    ]
    largest = f"the bytes of the file of {size:,} rows"
    return [*results, Result(largest, one.seconds, one.peak_mib)]


def fill(path: Path, size: int) -> None:
    """Load a made shop into a warehouse."""
    chance = random.Random(size)
    names = ["".join(chance.choices(LETTERS, k=12)) for _ in range(size // len(MONTHS))]
    rows = (
        f"{name},{month},{chance.expovariate(0.5):.9f}"
        for name in names
        for month in MONTHS
    )
    usage = "\n".join(["Subuser,Date,Bandwidth Usage (GB)", *rows])
    documents = [
        {"email": f"{name}@example.com", "oxyId": place, "oxyUsername": name}
        for place, name in enumerate(names)
    ]
    uploads = [
        Upload("usage.csv", usage.encode()),
        Upload("customers.json", json.dumps(documents).encode()),
    ]
    with Warehouse(path) as warehouse:
        plan = plans.plan(warehouse, job.take(uploads).readings)
        job.load(warehouse, plan, now=datetime(2026, 1, 1), by="benchmark")


def make_ready(path: Path, ready: Path) -> None:
    """Keep the rows of every file in a table of its own, as DuckDB types them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Warehouse(path) as warehouse,
        rows.of(warehouse, EVERYTHING) as found,
        duckdb.connect(str(ready)) as peer,
    ):
        for contract in found.contracts:
            file = Path(folder) / f"{contract.name}.parquet"
            found.snapshot.parquet(found.selection(contract), file)
            peer.execute(
                f'CREATE TABLE "{contract.name}" AS '  # noqa: S608 - a name of ours
                f"SELECT * FROM read_parquet('{file}')"
            )


def write_all(path: Path, is_private: bool) -> None:
    """Write every file as the product does."""
    edition = Edition(is_private=is_private)
    with (
        tempfile.TemporaryDirectory() as folder,
        Warehouse(path) as warehouse,
        rows.of(warehouse, edition) as found,
    ):
        downloads.write_form(found, Format.CSV, Path(folder))


def one_file(path: Path) -> int:
    """Make the largest file as a page serves it; return its bytes."""
    with Warehouse(path) as warehouse:
        return len(downloads.content(warehouse, CONTRACTS[0]))


def copy_all(ready: Path) -> None:
    """Write every table as it is."""
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(str(ready), read_only=True) as peer,
    ):
        for (name,) in peer.execute("SHOW TABLES").fetchall():
            peer.execute(f"COPY \"{name}\" TO '{folder}/{name}.csv' (HEADER)")
