"""What a load changed is kept as its plan said it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.warehouse import batches, effects, plans

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make


def test_changes_of_the_plan_are_kept_with_the_batch(
    warehouse: Warehouse, make: Make, now: datetime
) -> None:
    first = make.usage([("a", "2024-01", "1"), ("b", "2024-01", "2.5")])
    second = make.usage([("a", "2024-01", "4"), ("a", "2024-02", "8")])
    ids = []
    plan = plans.plan(warehouse, [first, second])
    ids += plans.commit(warehouse, plan, now=now, by="test")
    kept = [effects.of_batch(warehouse, batch_id) for batch_id in ids]
    assert kept == [file.changes for file in plan.files]
    assert kept[1][0].rows_changed == 1

    batches.undo(warehouse, ids[0], now=now, by="test")
    assert effects.of_batch(warehouse, ids[1]) == plan.files[1].changes
    assert effects.of_batch(warehouse, 99) == ()
