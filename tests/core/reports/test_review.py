"""Review: who waits for a person, what recovers most, what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import job
from core.models import Choice, NoCustomer
from core.reports import review
from core.warehouse import plans

if TYPE_CHECKING:
    from datetime import datetime

    from core.models import Reading
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

USAGE = [
    ("amberharbor71zz", "2026-01", "50"),
    ("stranger", "2026-01", "30"),
    ("stranger", "2026-02", "10"),
    ("unknown", "2026-01", "8"),
    ("another", "2026-01", "2"),
    ("6.46E+11", "2026-01", "7"),
    ("6.46E+11", "2026-03", "0.5"),
]
CUSTOMERS = [
    ("amber.harbor71@example.com", "amberharbor71zz", None),
    ("Coral@example.com", None, "coralmeadow5c0de"),
    ("idle.canal3@example.com", None, None),
]


@pytest.fixture
def shop(make: Make, warehouse: Warehouse, now: datetime) -> Warehouse:
    """Load one matched, three open and one destroyed name."""
    load(warehouse, [make.usage(USAGE), make.customers(CUSTOMERS)], now)
    return warehouse


def load(warehouse: Warehouse, readings: list[Reading], now: datetime) -> None:
    """Load files and match."""
    job.load(warehouse, plans.plan(warehouse, readings), now=now, by="tester")


def decide(
    shop: Warehouse,
    subuser: str,
    email_key: str | None,
    *,
    now: datetime,
    by: str = "tester",
    note: str = "",
) -> None:
    """Decide about one subuser; one that is nobody's is a test."""
    reason = None if email_key else NoCustomer.TEST
    job.decide(shop, [Choice(subuser, email_key, reason, note)], now=now, by=by)


def test_open_names_wait_by_usage_with_their_share(shop: Warehouse) -> None:
    rows = review.waiting(shop)
    assert list(rows["subuser"]) == ["stranger", "unknown", "another"]
    assert list(rows["usage_gb"]) == [40, 8, 2]
    assert list(rows["share"]) == pytest.approx([0.8, 0.16, 0.04])
    assert rows["cumulative_share"].iloc[-1] == pytest.approx(1)


def test_effort_is_the_least_number_of_decisions_that_reach_the_goal(
    shop: Warehouse, now: datetime
) -> None:
    assert review.effort(shop) == review.Effort(1, pytest.approx(0.8), 3, 50)
    decide(shop, "stranger", None, now=now, by="tester")
    assert review.effort(shop) == review.Effort(1, pytest.approx(0.8), 2, 10)
    decide(shop, "unknown", None, now=now, by="tester")
    decide(shop, "another", "coral@example.com", now=now, by="tester")
    assert review.effort(shop) is None


def test_nothing_waits_in_an_empty_warehouse(warehouse: Warehouse) -> None:
    assert review.waiting(warehouse).empty
    assert review.effort(warehouse) is None
    assert review.decided(warehouse).empty
    assert review.destroyed(warehouse).empty
    assert review.candidates(warehouse, "anybody").empty


def test_candidates_are_ranked_customers_with_evidence(shop: Warehouse) -> None:
    rows = review.candidates(shop, "amberharbor71zz")
    assert rows["email"].iloc[0] == "amber.harbor71@example.com"
    assert list(rows["rank"]) == list(range(1, len(rows) + 1))
    assert all(rows["explanation"])


def test_names_are_the_stored_usernames_of_a_customer(shop: Warehouse) -> None:
    assert review.names(shop, "coral@example.com") == ("coralmeadow5c0de",)
    assert review.names(shop, "idle.canal3@example.com") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CORAL@", ["Coral@example.com"]),
        (" meadow5C ", ["Coral@example.com"]),
        ("canal", ["idle.canal3@example.com"]),
        ("%", []),
        ("", []),
        ("  ", []),
    ],
)
def test_search_looks_into_emails_and_usernames(
    shop: Warehouse, text: str, found: list[str]
) -> None:
    assert list(review.search(shop, text)["email"]) == found


def test_search_gives_no_more_than_its_limit_in_order(shop: Warehouse) -> None:
    rows = review.search(shop, "example.com", limit=2)
    assert list(rows["email"]) == ["amber.harbor71@example.com", "Coral@example.com"]


def test_decisions_are_listed_newest_first_with_the_usage_they_move(
    shop: Warehouse, now: datetime
) -> None:
    decide(shop, "stranger", "coral@example.com", now=now, by="a", note="mail")
    decide(shop, "gone", None, now=now, by="b")
    rows = review.decided(shop)
    assert list(rows["subuser"]) == ["gone", "stranger"]
    assert list(rows["usage_gb"]) == [0, 40]
    assert rows["email_key"].isna().tolist() == [True, False]
    assert rows.loc[1, "note"] == "mail"


def test_destroyed_names_tell_the_months_to_ask_for(shop: Warehouse) -> None:
    (row,) = review.destroyed(shop).to_dict("records")
    assert (row["subuser"], row["months"], row["usage_gb"]) == ("6.46E+11", 2, 7.5)
    assert f"{row['first_month']:%Y-%m} {row['last_month']:%Y-%m}" == "2026-01 2026-03"
