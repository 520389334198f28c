"""A market of made-up customers over some months, for figures on how they go."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core import job
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.core.conftest import Make

MONTHS = ("2025-01", "2025-02", "2025-03", "2025-05", "2025-06", "2025-07", "2025-08")
"""No usage of 2025-04 is loaded."""

NAMES = (
    "amberharbor71 coralmeadow52 mossyledger88 quietbasin34 silvercanyon19 "
    "brisklagoon63 dustyorchard27 northpebble45 velvetanchor90 wildfjord56 "
    "plainsummit14 calmthicket38"
).split()


@dataclass(frozen=True)
class Market:
    """A warehouse, and what was loaded: GB by customer and month above 0, as text."""

    warehouse: Warehouse
    used: dict[tuple[str, str], Decimal]


def _rows(draw: random.Random) -> list[tuple[str, str, str]]:
    """Draw usage: some months without a row, some with 0, from different beginnings."""
    rows = []
    for place, name in enumerate(NAMES):
        for month in MONTHS[place % 5 :]:
            if draw.random() < 0.75:
                gb = draw.choice(["0", "0.5", "1", "2.25", "4", "9.75", "40"])
                rows.append((name, month, gb))
    return rows


@pytest.fixture(scope="session")
def market(make: Make) -> Iterator[Market]:
    """Load the market, and usage of a stranger; to read."""
    rows = _rows(random.Random(7))  # noqa: S311
    readings = [
        make.usage([*rows, ("zzstranger", "2025-01", "77")]),
        make.customers([(f"{name}@example.com", name, None) for name in NAMES]),
    ]
    used = {
        (f"{name}@example.com", month): Decimal(gb)
        for name, month, gb in rows
        if Decimal(gb)
    }
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, readings)
        job.load(warehouse, plan, now=datetime(2025, 9, 1), by="tester")
        yield Market(warehouse, used)
