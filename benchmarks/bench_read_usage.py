"""How long a usage export takes from bytes to checked rows.

The peer is pandas as a notebook uses it: floats, no checks, no line numbers.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.measure import measured
from benchmarks.result import Result
from core import job
from core.files.upload import Upload

NAME: Final = "read_usage"

MONTHS: Final = tuple(f"{year}-{month:02}" for year in (2023, 2024) for month in
                      range(1, 13))  # fmt: skip
"""Each made subuser has a row in every one of these."""

PEER: Final = "pandas.read_csv, floats, duplicates dropped"


def run(size: int) -> list[Result]:
    """Read made exports of size rows, plain and with every cell quoted."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for writing, quote in (("plain", ""), ("quoted", '"')):
            path = Path(folder) / f"{writing}.csv"
            path.write_text(export(size, quote), encoding="utf-8")
            ours, theirs = measured(read_ours, path), measured(read_peer, path)
            results.append(
                Result(
                    question=f"read {size:,} usage rows, {writing}",
                    ours_seconds=ours.seconds,
                    peak_mib=ours.peak_mib,
                    peer=PEER,
                    peer_seconds=theirs.seconds,
                )
            )
    return results


def export(size: int, quote: str) -> str:
    """Make an export; the same text for the same size."""
    chance = random.Random(size)
    rows = (
        (f"user{at // len(MONTHS):06x}", MONTHS[at % len(MONTHS)],
         f"{chance.expovariate(0.5):.9f}")
        for at in range(size)
    )  # fmt: skip
    header = ("Subuser", "Date", "Bandwidth Usage (GB)")
    lines = (f"{quote}{f'{quote},{quote}'.join(row)}{quote}" for row in rows)
    return "\r\n".join([",".join(header), *lines])


def read_ours(path: Path) -> int:
    """Read as the product does; returns the rows kept."""
    return len(job.read(Upload.from_path(path)).rows)


def read_peer(path: Path) -> int:
    """Read as a notebook does; returns the rows kept."""
    frame = pd.read_csv(path)
    frame["Date"] = pd.to_datetime(frame["Date"], format="%Y-%m")
    return len(frame.drop_duplicates(["Subuser", "Date"]))
