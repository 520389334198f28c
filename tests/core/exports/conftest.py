"""The sample shop in a warehouse, for tests that change nothing in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core import job
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"


@pytest.fixture(scope="session")
def sample_shop() -> Iterator[Warehouse]:
    """Open a warehouse with every file of the sample shop."""
    uploads = [
        Upload.from_path(path)
        for path in sorted(SAMPLE.iterdir())
        if path.suffix in {".csv", ".json"}
    ]
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, job.take(uploads).readings)
        job.load(warehouse, plan, now=datetime(2026, 11, 2), by="test")
        yield warehouse
