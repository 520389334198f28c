"""Where the product keeps its files, unless the environment names others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
"""Folder of the product."""

WAREHOUSE: Final = "METERBOOK_WAREHOUSE"
"""Environment variable that names the warehouse file."""

LOG: Final = "METERBOOK_LOG"
"""Environment variable that names the log file."""


def warehouse() -> Path:
    """Return the file with everything loaded; `data/warehouse.duckdb` by default."""
    return Path(os.environ.get(WAREHOUSE) or ROOT / "data" / "warehouse.duckdb")


def log(beside: Path) -> Path:
    """Return the file that the server of a warehouse writes its log to."""
    named = os.environ.get(LOG)
    return Path(named) if named else beside.with_suffix(".log")
