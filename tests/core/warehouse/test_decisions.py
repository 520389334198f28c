"""Decisions: all or nothing, one for each subuser, and their way back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.errors import OptionError
from core.models import Choice, NoCustomer
from core.warehouse import decisions, labels, plans

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

AMBER, CORAL = "amber@example.com", "coral@example.org"


@pytest.fixture
def shop(make: Make, warehouse: Warehouse, now: datetime) -> Warehouse:
    """Load two customers."""
    reading = make.customers([(AMBER, None, None), (CORAL, None, None)])
    plans.commit(warehouse, plans.plan(warehouse, [reading]), now=now, by="tester")
    return warehouse


def said(shop: Warehouse) -> dict[str, tuple[str | None, str]]:
    """Say what counts, by subuser."""
    return {
        each.subuser: (each.email_key, each.reason) for each in decisions.live(shop)
    }


def test_the_newest_decision_on_a_subuser_counts(
    shop: Warehouse, now: datetime
) -> None:
    decisions.decide(shop, [Choice("x", AMBER)], now=now, by="a")
    decisions.decide(shop, [Choice("x", None, NoCustomer.TEST)], now=now, by="b")
    assert said(shop) == {"x": (None, "test")}


def test_one_unknown_customer_among_many_records_nothing(
    shop: Warehouse, now: datetime
) -> None:
    choices = [Choice("x", AMBER), Choice("y", "nobody@example.com")]
    with pytest.raises(OptionError, match=r"nobody@example\.com"):
        decisions.decide(shop, choices, now=now, by="a")
    assert said(shop) == {}


def test_undo_brings_back_what_was_decided_before(
    shop: Warehouse, now: datetime
) -> None:
    later = now + timedelta(minutes=5)
    decisions.decide(shop, [Choice("x", AMBER)], now=now, by="a")
    before = decisions.live(shop)
    made = decisions.decide(
        shop, [Choice("x", CORAL), Choice("y", CORAL)], now=later, by="b"
    )
    decisions.undo(shop, made, now=later + timedelta(minutes=1), by="b")
    assert decisions.live(shop) == before


def test_undo_does_not_bring_back_what_was_taken_back_before(
    shop: Warehouse, now: datetime
) -> None:
    first = decisions.decide(shop, [Choice("x", AMBER)], now=now, by="a")
    decisions.withdraw(shop, first[0], now=now + timedelta(minutes=1), by="a")
    later = now + timedelta(minutes=2)
    made = decisions.decide(shop, [Choice("x", CORAL)], now=later, by="a")
    decisions.undo(shop, made, now=later, by="a")
    assert said(shop) == {}


def test_undo_of_what_is_undone_changes_nothing(shop: Warehouse, now: datetime) -> None:
    made = decisions.decide(
        shop, [Choice("x", AMBER), Choice("y", AMBER)], now=now, by="a"
    )
    decisions.withdraw(shop, made[1], now=now, by="a")
    with pytest.raises(OptionError, match="no decision 2"):
        decisions.undo(shop, made, now=now, by="a")
    assert said(shop) == {"x": (AMBER, "")}


def test_the_newest_label_of_a_subuser_counts_until_it_is_withdrawn(
    shop: Warehouse, now: datetime
) -> None:
    labels.add(shop, "x", AMBER, now=now, by="a")
    newest = labels.add(shop, "x", None, is_open=True, now=now, by="b")
    (label,) = labels.live(shop)
    assert (label.email_key, label.is_open, label.labelled_by) == (None, True, "b")
    labels.withdraw(shop, newest, now=now, by="t")
    assert labels.live(shop) == ()
    with pytest.raises(OptionError, match="taken back already"):
        labels.withdraw(shop, newest, now=now, by="t")
