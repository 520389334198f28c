"""How long a Stripe ledger takes from bytes to the warehouse.

The peer is DuckDB, told every type: no checks, no refused rows, no load plan.
"""

from __future__ import annotations

import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.measure import measured
from benchmarks.result import Result
from core import job
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse

NAME: Final = "load_ledger"

HEADER: Final = (
    "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),"
    "Description"
)
"""The short column set of All activity."""

PEER: Final = "DuckDB read_csv, types given"

NOW: Final = datetime(2026, 1, 1)
"""When the file is loaded."""


def run(size: int) -> list[Result]:
    """Read, and load, a made ledger of size rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activity.csv"
        path.write_text(export(size), encoding="utf-8")
        theirs = measured(read_peer, path)
        return [
            Result(
                question=f"{work} {size:,} ledger rows",
                ours_seconds=ours.seconds,
                peak_mib=ours.peak_mib,
                peer=PEER,
                peer_seconds=theirs.seconds,
            )
            for work, ours in (
                ("read", measured(read_ours, path)),
                ("read and load", measured(load_ours, path)),
            )
        ]


def export(size: int) -> str:
    """Make All activity; the same text for the same size."""
    chance = random.Random(size)
    start = datetime(2023, 1, 1)
    lines = [HEADER]
    for at in range(size):
        cents = chance.randint(100, 99_999)
        fee = cents * 29 // 1000 + 30
        when = start + timedelta(minutes=at % 1_500_000)
        lines.append(
            f"txn_{chance.getrandbits(96):024x},charge,ch_{at:024x},{cents / 100:.2f},"
            f"{fee / 100:.2f},{(cents - fee) / 100:.2f},usd,{when:%Y-%m-%d %H:%M},"
            f"{when:%Y-%m-%d 00:00},Subscription update"
        )
    return "\n".join([*lines, ""])


def read_ours(path: Path) -> int:
    """Read as the product does; returns the rows kept."""
    return len(job.read(Upload.from_path(path)).rows)


def load_ours(path: Path) -> None:
    """Read, plan and load as the product does, into a warehouse in memory."""
    reading = job.read(Upload.from_path(path))
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, [reading])
        job.load(warehouse, plan, now=NOW, by="benchmark")


def read_peer(path: Path) -> int:
    """Read into a table as DuckDB does; returns the rows."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            "CREATE TABLE ledger AS SELECT * FROM read_csv($path, header = true, "
            "columns = {id: 'VARCHAR', type: 'VARCHAR', source: 'VARCHAR', "
            "amount: 'DECIMAL(18, 2)', fee: 'DECIMAL(18, 2)', net: 'DECIMAL(18, 2)', "
            "currency: 'VARCHAR', created: 'TIMESTAMP', available: 'TIMESTAMP', "
            "description: 'VARCHAR'})",
            {"path": str(path)},
        )
        found = connection.execute("SELECT count(*) FROM ledger").fetchone()
        return int(found[0]) if found else 0
