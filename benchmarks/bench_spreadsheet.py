"""How long a usage export takes from a workbook to checked rows.

The peer is pandas with openpyxl, as a notebook reads workbooks: floats, no checks.
Memory is that of this process; the process that reads the workbook has its own.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Final

import openpyxl
import pandas as pd

from benchmarks.measure import measured
from benchmarks.result import Result
from core import job
from core.files.upload import Upload

NAME: Final = "spreadsheet"

MOST_ROWS: Final = 100_000
"""Rows of the workbook; a larger one takes minutes to be made."""

MONTHS: Final = 12
"""Each made subuser has a row in every month of one year."""

PEER: Final = "pandas.read_excel, openpyxl"


def run(size: int) -> list[Result]:
    """Read a made workbook of size rows, MOST_ROWS at most."""
    size = min(size, MOST_ROWS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.xlsx"
        write(path, size)
        ours, theirs = measured(read_ours, path), measured(read_peer, path, runs=1)
    return [
        Result(
            question=f"read {size:,} usage rows, workbook",
            ours_seconds=ours.seconds,
            peak_mib=ours.peak_mib,
            peer=PEER,
            peer_seconds=theirs.seconds,
        )
    ]


def write(path: Path, size: int) -> None:
    """Make a workbook; the same cells for the same size."""
    chance = random.Random(size)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Usage")
    sheet.append(["Subuser", "Date", "Bandwidth Usage (GB)"])
    for at in range(size):
        name, month = f"user{at // MONTHS:06x}", f"2024-{at % MONTHS + 1:02}"
        sheet.append([name, month, round(chance.expovariate(0.5), 9)])
    book.save(path)


def read_ours(path: Path) -> int:
    """Read as the product does; returns the rows kept."""
    return sum(len(reading.rows) for reading in job.read_all(Upload.from_path(path)))


def read_peer(path: Path) -> int:
    """Read as a notebook does; returns the rows kept."""
    frame = pd.read_excel(path)
    return len(frame.drop_duplicates(["Subuser", "Date"]))
