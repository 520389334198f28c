"""Review: who waits for a person, what recovers most, what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.models import Choice, NoCustomer
from core.reports import review
from core.warehouse import plans
from core.warehouse.payment_months import PaymentMonths
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.models import Reading
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


@pytest.fixture(scope="module")
def made(make: Make, now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load one matched, three open and one destroyed name."""
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with Warehouse(path) as warehouse:
        load(warehouse, [make.usage(USAGE), make.customers(CUSTOMERS)], now)
    return path


@pytest.fixture
def shop(made: Path, reopened: Callable[[Path], Warehouse]) -> Warehouse:
    return reopened(made)


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


PAID = [
    ("late@example.com", "2026-01", 500),
    ("late@example.com", "2026-02", 500),
    ("late@example.com", "2026-02", 700),
    ("late@example.com", "2026-04", 500),
    ("other@example.com", "2026-02", 500),
]
TWINS = [
    ("other@example.com", "twins0a1b", None),
    ("late@example.com", "twins0a1b", None),
]
MONTHS = [("twins0a1b", month, "1") for month in ("2026-01", "2026-02", "2026-03")]


def payments(rows: list[tuple[str, str, int]]) -> list[dict[str, object]]:
    """Make payments of (email, month, minor units)."""
    return [
        {
            "id": f"ch_{place}",
            "customer_email": email,
            "created_at": datetime.fromisoformat(f"{month}-03"),
            "snapshot_at": datetime(2026, 5, 1),
            "amount_minor": minor,
        }
        for place, (email, month, minor) in enumerate(rows)
    ]


def test_payments_order_a_tie_and_leave_it_a_tie(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, [make.usage(MONTHS), make.customers(TWINS)], now)
    before = review.candidates(warehouse, "twins0a1b")
    assert list(before["email"]) == ["late@example.com", "other@example.com"]
    assert list(before["payments"]) == ["", ""]
    told = [row for row in PAID if row[0] == "other@example.com"]
    load(warehouse, [make.payments(payments(told))], now)
    rows = review.candidates(warehouse, "twins0a1b")
    assert list(rows["email"]) == ["other@example.com", "late@example.com"]
    assert list(rows["rank"]) == [1, 2]
    assert list(rows["payments"]) == [
        "paid in 1 of the 1 month with usage that Stripe files cover",
        "paid in none of the 1 month with usage that Stripe files cover",
    ]
    (waiting,) = review.waiting(warehouse).to_dict("records")
    assert (waiting["status"], waiting["email"]) == ("review", "late@example.com")


def test_payment_months_are_those_of_a_count_by_hand(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    sent = [make.usage([*MONTHS, ("twins0a1b", "2026-04", "0")])]
    sent += [make.customers(TWINS), make.payments(payments(PAID))]
    load(warehouse, sent, now)
    used, told = {row[1] for row in MONTHS}, {row[1] for row in PAID}
    rows = review.candidates(warehouse, "twins0a1b").set_index("email")
    for email, _, _ in TWINS:
        paid = {month for payer, month, _ in PAID if payer == email}
        assert rows.loc[email, "months_paid"] == len(paid & used & told)
    assert rows.loc["late@example.com", "payments"] == (
        "paid in 2 of the 2 months with usage that Stripe files cover"
    )


@pytest.mark.parametrize(
    ("used", "told", "paid", "words"),
    [
        (6, 6, 5, "paid in 5 of the 6 months with usage"),
        (1, 1, 0, "paid in none of the 1 month with usage"),
        (6, 4, 4, "paid in 4 of the 4 months with usage that Stripe files cover"),
        (6, 0, 0, ""),
    ],
)
def test_payments_in_words(used: int, told: int, paid: int, words: str) -> None:
    assert review.paid_words(PaymentMonths(used, told, {}), paid) == words


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
