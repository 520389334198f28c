"""Quality: coverage by month, the blind sample, alarms, and the notebook's rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.files.upload import Upload
from core.models import Choice, NoCustomer
from core.reports import alarms, decision_plan, notebook, quality, review
from core.sources import decision_list
from core.warehouse import labels, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from tests.core.conftest import Make

AMBER, CORAL = "amber.harbor71@example.com", "coralmeadow@example.org"
NAMES = ("amberharbor71zz", "coralmeadow5c0de", "coralmeadow9abcd", "stranger")
CUSTOMERS = [
    (AMBER, "amberharbor71klgg2zz", None),
    (CORAL, None, "coralmeadow5c0de"),
    ("other@example.org", "AMBERHARBOR71klgg2zz", None),
    ("coralmeadov@example.org", None, None),
]


@pytest.fixture(scope="module")
def made(make: Make, now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load names of several statuses over two months."""
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    usage = [(name, "2026-01", "10") for name in NAMES]
    usage += [("stranger", "2026-02", "30"), ("6.46E+11", "2026-02", "1")]
    readings = [make.usage(usage), make.customers(CUSTOMERS)]
    with Warehouse(path) as warehouse:
        job.load(warehouse, plans.plan(warehouse, readings), now=now, by="tester")
    return path


@pytest.fixture
def shop(made: Path, reopened: Callable[[Path], Warehouse]) -> Warehouse:
    return reopened(made)


def test_coverage_of_each_month_adds_up_to_its_usage(shop: Warehouse) -> None:
    rows = quality.by_month(shop)
    sums = rows.groupby("month")[["subusers", "usage_gb", "share"]].sum()
    assert sums["subusers"].tolist() == [4, 2]
    assert sums["usage_gb"].tolist() == [40, 31]
    assert sums["share"].tolist() == pytest.approx([1, 1])


def test_sample_holds_automatic_matches_only_and_counts_what_a_person_says(
    shop: Warehouse, now: datetime
) -> None:
    rows = quality.sample(shop)
    assert "coralmeadow5c0de" in set(rows["subuser"])
    assert not {"stranger", "6.46E+11"} & set(rows["subuser"])
    labels.add(shop, "coralmeadow5c0de", CORAL, now=now, by="a")
    found = quality.precision(shop)
    assert (found.right, found.answered, found.share) == (1, 1, 1.0)
    labels.add(shop, "coralmeadow5c0de", None, now=now, by="a")
    assert quality.precision(shop).share == 0
    labels.add(shop, "coralmeadow5c0de", None, is_open=True, now=now, by="a")
    found = quality.precision(shop)
    assert (found.share, found.low, found.open_count) == (None, None, 1)
    choice = Choice("coralmeadow5c0de", None, NoCustomer.TEST)
    job.decide(shop, [choice], now=now, by="a")
    assert "coralmeadow5c0de" not in set(quality.sample(shop)["subuser"])


def test_lineup_has_the_match_among_others_in_the_order_of_the_email(
    shop: Warehouse,
) -> None:
    emails = list(quality.lineup(shop, "coralmeadow5c0de", CORAL)["email"])
    assert CORAL in emails
    assert len(emails) > 1
    assert emails == sorted(emails)


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        # Values of the Wilson interval without correction, as statistics books give.
        (95, 100, 0.8882, 0.9785),
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
    ],
)
def test_interval_is_that_of_wilson(
    right: int, count: int, low: float, high: float
) -> None:
    assert quality.wilson(right, count) == pytest.approx((low, high), abs=5e-5)


@given(
    st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
)
@settings(max_examples=50, deadline=None)
def test_interval_holds_the_share_and_stays_within_0_and_1(
    pair: tuple[int, int],
) -> None:
    right, count = pair
    low, high = quality.wilson(right, count)
    assert 0 <= low <= right / count + 1e-12
    assert right / count - 1e-12 <= high <= 1


def test_shared_names_are_told_whatever_their_capitals(shop: Warehouse) -> None:
    (row,) = alarms.shared_names(shop).to_dict("records")
    assert (row["name"], row["account"]) == ("amberharbor71klgg2zz", "Pro")
    assert row["emails"] == f"{AMBER}, other@example.org"


def test_a_customer_with_unusually_many_subusers_is_told(
    make: Make, warehouse: Warehouse, now: datetime
) -> None:
    crowd = [f"name{place}" for place in range(9)]
    usual = [f"{letter}lone" for letter in "abcdefgh"]
    usage = [(name, "2026-01", "1") for name in [*crowd, *usual]]
    emails = [f"{name}@example.com" for name in ["crowd", *usual]]
    readings = [make.usage(usage), make.customers([(e, None, None) for e in emails])]
    job.load(warehouse, plans.plan(warehouse, readings), now=now, by="tester")
    choices = [Choice(name, "crowd@example.com") for name in crowd]
    choices += [Choice(name, f"{name}@example.com") for name in usual]
    job.decide(warehouse, choices, now=now, by="tester")
    (row,) = alarms.crowds(warehouse).to_dict("records")
    assert (row["email"], row["subusers"], row["usage_gb"]) == (
        "crowd@example.com",
        9,
        9,
    )


def test_notebook_differences_are_told_with_the_gb_they_move(
    shop: Warehouse, now: datetime
) -> None:
    job.decide(shop, [Choice("stranger", CORAL)], now=now, by="a")
    rows = notebook.differences(shop).set_index("subuser")
    assert rows.loc["stranger", "difference"] == "only_best"
    assert rows.loc["stranger", "email_best"] == CORAL
    moved = notebook.moved(shop).set_index("difference")
    assert list(moved.index) == [str(each) for each in notebook.Difference]
    assert moved.loc["only_best", "usage_gb"] == pytest.approx(
        rows.loc[rows["difference"] == "only_best", "usage_gb"].sum()
    )
    assert moved["usage_gb"].sum() == pytest.approx(rows["usage_gb"].sum())


def test_suggestions_of_one_ground_are_those_that_many_at_once_would_accept(
    shop: Warehouse,
) -> None:
    everything = review.suggested(shop)
    counts = review.grounds(shop).set_index("rule")["subusers"]
    assert counts.sum() == len(everything)
    for rule, count in counts.items():
        assert len(review.suggested(shop, str(rule))) == count
    assert review.suggested(shop, least_score=101).empty
    alone = review.suggested(shop, is_alone=True)
    assert alone["runner_up_email"].isna().all()


@pytest.mark.parametrize(
    ("text", "found"), [("STRANG", ["stranger"]), ("", []), ("  ", []), ("zzz.", [])]
)
def test_names_like_a_text_are_found_among_those_that_wait(
    shop: Warehouse, text: str, found: list[str]
) -> None:
    assert list(review.named_like(shop, text)["subuser"]) == found


def test_list_of_decisions_is_compared_row_by_row(
    shop: Warehouse, now: datetime
) -> None:
    job.decide(shop, [Choice("same", CORAL), Choice("other", CORAL)], now=now, by="a")
    content = (
        "Subuser,Email,Reason\n"
        f"same,{CORAL},\n"
        "other,,test\n"
        f"stranger,{AMBER},\n"
        "x,nobody@example.com,\n"
    ).encode()
    plan = decision_plan.of_list(shop, decision_list.read(Upload("d.csv", content)))
    assert list(plan.rows["fate"]) == ["same", "changed", "new"]
    assert list(plan.rows["usage_gb"]) == [0, 0, 40]
    assert [choice.subuser for choice in plan.needed] == ["other", "stranger"]
    (problem,) = plan.problems
    assert (problem.line, problem.value) == (5, "nobody@example.com")


def test_decisions_that_nothing_uses_say_why(
    shop: Warehouse, make: Make, now: datetime
) -> None:
    job.decide(
        shop, [Choice("gone", CORAL), Choice("stranger", AMBER)], now=now, by="a"
    )
    unused = review.decided(shop).set_index("subuser")["unused"]
    assert unused.to_dict() == {"gone": review.NO_USAGE, "stranger": ""}
    job.undo(shop, 1, now=now, by="a")
    reading = make.customers([("new@example.com", None, None)])
    job.load(shop, plans.plan(shop, [reading]), now=now, by="a")
    unused = review.decided(shop).set_index("subuser")["unused"]
    assert unused["stranger"] == review.NO_CUSTOMER
