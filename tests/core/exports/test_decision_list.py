"""Decisions as a file: exact bytes, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.exports import decision_list
from core.files.upload import Upload
from core.models import Choice, NoCustomer
from core.sources import decision_list as lists
from core.warehouse import decisions, plans

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    min_size=1,
).filter(lambda name: name.strip() and not name.startswith("\ufeff"))


def test_decisions_are_written_by_subuser_with_who_and_when(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    plan = plans.plan(warehouse, [make.customers([("A@example.com", None, None)])])
    plans.commit(warehouse, plan, now=now, by="tester")
    choices = [
        Choice("b", "a@example.com", note='said "yes", twice'),
        Choice("a", None, NoCustomer.TEST),
    ]
    decisions.decide(warehouse, choices, now=now, by="tester")
    assert decision_list.csv_bytes(warehouse).decode() == (
        "Subuser,Email,Reason,Note,Decided At,Decided By\n"
        "a,,test,,2026-01-02 03:04:05,tester\n"
        'b,a@example.com,,"said ""yes"", twice",2026-01-02 03:04:05,tester\n'
    )


@given(names=st.sets(NAMES, min_size=1, max_size=5))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_written_is_read_again(
    emptied: Callable[[], Warehouse], names: set[str], now: datetime
) -> None:
    choices = [Choice(name, None, NoCustomer.UNKNOWN) for name in sorted(names)]
    warehouse = emptied()
    decisions.decide(warehouse, choices, now=now, by="tester")
    content = decision_list.csv_bytes(warehouse)
    found = lists.read(Upload("decisions.csv", content))
    assert (list(found.choices), found.problems) == (choices, ())
