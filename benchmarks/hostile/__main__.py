"""`python -m benchmarks.hostile`: try every hostile file, and load what is read."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Final

from benchmarks import hostile
from benchmarks.hostile import trial
from core import job
from core.warehouse import batches, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from core.models import Reading

NOW: Final = datetime(2026, 1, 1)
"""When the files are loaded, for the history."""


def main() -> int:
    """Try them all, print what is wrong, and return the exit code."""
    tried = refused = faults = 0
    readings: list[Reading] = []
    for what, upload in hostile.files():
        tried += 1
        found = trial.of(upload)
        refused += len(found.intake.refusals)
        readings += found.intake.readings
        for fault in found.faults:
            faults += 1
            print(f"{what}: {fault}")
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, readings)
        ids = job.load(warehouse, plan, now=NOW, by="trial", is_confirmed=True)
        for batch_id in reversed(ids):
            batches.undo(warehouse, batch_id, now=NOW, by="trial")
    print(
        f"{tried} files: {len(readings)} read, {refused} told, {faults} faults; "
        f"{len(ids)} loaded and undone"
    )
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
