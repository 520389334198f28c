"""Stored matches: what is matched again, and that the rest stays right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import job
from core.matching import matches as matching
from core.models import Choice, NoCustomer
from core.warehouse import matches, plans

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

AMBER, CORAL = "amberharbor71@example.com", "coralmeadow52@example.org"
NAMES = ("amberharbor712eda", "coralmeadow529c0d", "zzstranger")


@pytest.fixture
def shop(make: Make, warehouse: Warehouse, now: datetime) -> Warehouse:
    """Load two customers, and usage of each and of a stranger."""
    usage = make.usage([(name, "2026-01", "1") for name in NAMES])
    customers = make.customers([(AMBER, NAMES[0], None), (CORAL, None, None)])
    plan = plans.plan(warehouse, [usage, customers])
    job.load(warehouse, plan, now=now, by="tester")
    return warehouse


def say(shop: Warehouse, subuser: str, email_key: str | None, now: datetime) -> int:
    """Decide about one subuser and match; return the decision."""
    choice = Choice(subuser, email_key, None if email_key else NoCustomer.TEST, "")
    (decision,) = job.decide(shop, [choice], now=now, by="tester")
    return decision


def stale(shop: Warehouse) -> list[str] | None:
    """List the names that would be matched again."""
    found = matches.stale(shop)
    return None if found is None else found["subuser"].to_pylist()


def stored(shop: Warehouse) -> list[dict[str, object]]:
    return shop.table("SELECT * FROM match ORDER BY subuser").to_pylist()


def test_only_new_names_and_changed_decisions_are_matched_again(
    shop: Warehouse, make: Make, now: datetime
) -> None:
    choices = [Choice(NAMES[0], CORAL), Choice(NAMES[1], AMBER)]
    taken, _ = job.decide(shop, choices, now=now, by="tester")
    job.take_back(shop, taken, now=now, by="tester")
    assert stale(shop) == []

    usage = make.usage([("newcomer", "2026-02", "1"), (NAMES[2], "2026-02", "1")])
    plans.commit(shop, plans.plan(shop, [usage]), now=now, by="tester")
    assert stale(shop) == ["newcomer"]


def test_a_changed_decision_leaves_what_matching_all_names_gives(
    shop: Warehouse, now: datetime
) -> None:
    def is_right() -> bool:
        return stale(shop) == [] and stored(shop) == matching.made(shop).to_pylist()

    say(shop, NAMES[0], CORAL, now)
    assert is_right()
    last = say(shop, NAMES[0], None, now)
    assert is_right()
    job.undo_decisions(shop, [last], now=now, by="tester")
    assert is_right()


def test_other_customers_make_every_name_stale(
    shop: Warehouse, make: Make, now: datetime
) -> None:
    newcomer = make.customers([("brisklagoon63@example.com", None, None)])
    plans.commit(shop, plans.plan(shop, [newcomer]), now=now, by="tester")
    assert stale(shop) is None
