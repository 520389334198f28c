"""Warehouses of earlier versions become those of today, and keep what they hold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from core.warehouse import plans, schema
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.conftest import Make

JUNE, JULY = date(2024, 6, 1), date(2024, 7, 1)
FIRST = [
    (1, 2, "Acme", "u1", JUNE, "month", Decimal(1), False),
    (1, 3, "Acme", "6E+11", JUNE, "month", Decimal(2), True),
    (1, 4, "Acme", "u1", JULY, "month", Decimal(3), False),
]
SECOND = [
    (2, 2, "Acme", "u1", JULY, "month", Decimal(4), False),
    (2, 3, "Blue", "u1", JULY, "day", Decimal("0.5"), False),
]
ROWS = (
    "SELECT batch_id, line, provider, subuser, period_start, granularity, usage_gb, "
    "is_destroyed FROM usage_row ORDER BY ALL"
)
CURRENT = (
    "SELECT batch_id, line, provider, subuser, period_start, granularity, usage_gb, "
    "is_destroyed FROM current_usage ORDER BY ALL"
)
STORE = "INSERT INTO usage_row VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
STORE_CURRENT = "INSERT INTO current_usage VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def made(path: Path, version: int) -> None:
    """Make a warehouse of an earlier version in which two files are loaded."""
    with duckdb.connect(str(path)) as old:
        old.execute("CREATE TABLE schema_version (version INTEGER)")
        for number, name in enumerate(schema.MIGRATIONS[:version], start=1):
            old.execute((schema.SQL / name).read_text(encoding="utf-8"))
            old.execute("INSERT INTO schema_version VALUES (?)", [number])
        old.executemany(STORE, FIRST + SECOND)
        old.executemany(STORE_CURRENT, [*FIRST[:2], *SECOND])


def test_rows_of_usage_stay_and_count_as_they_did(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    made(path, 6)
    with Warehouse(path) as warehouse:
        rows, current = warehouse.rows(ROWS), warehouse.rows(CURRENT)
    assert rows == sorted(FIRST + SECOND)
    assert current == sorted([*FIRST[:2], *SECOND])


@pytest.mark.parametrize(
    "earlier",
    ["UPDATE made_views SET digest = 'of another version'", "DROP TABLE made_views"],
)
def test_revenue_that_another_version_summed_is_summed_anew(
    tmp_path: Path, make: Make, earlier: str
) -> None:
    path, day = tmp_path / "w.duckdb", datetime(2024, 6, 5)
    reading = make.payments([{"id": "ch_1", "created_at": day, "amount_minor": 900}])
    with Warehouse(path) as warehouse:
        plans.commit(warehouse, plans.plan(warehouse, [reading]), now=day, by="test")
    with duckdb.connect(str(path)) as old:
        old.execute("UPDATE revenue_line SET gross_minor = 700")
        old.execute(earlier)
    with Warehouse(path) as warehouse:
        found = warehouse.rows("SELECT month, net_minor FROM revenue_month")
    assert found == [(JUNE, 900)]
