"""Candidates are the nearest customers, each once, with the evidence for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.matching import candidates, similarity
from core.matching.documents import prepared
from core.matching.schemas import CANDIDATE_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    Customers = Callable[..., pa.Table]

NEAREST = {"email": "a@example.com", "oxy_username": "annakolb2edaklgg2"}
HANDLED = {"email": "anna.kolb@example.com"}
ALIKE = {"email": "anakolbe@example.com"}
FAR = {"email": "annxxkolb@example.com"}
STRANGE = {"email": "quuxquux@example.com"}


def test_nearest_customers_come_first_and_strangers_not_at_all(
    customers: Customers,
) -> None:
    table = customers(STRANGE, FAR, ALIKE, HANDLED, NEAREST, NEAREST)
    found = candidates.nearest(["annakolb2eda"], prepared(table, ["klgg2"]))
    assert found.schema == CANDIDATE_SCHEMA
    assert found.drop_columns(["subuser", "email_key", "score"]).to_pylist() == [
        {
            "rank": 1,
            "email": "a@example.com",
            "field": "oxyUsername",
            "rule": "exact_clean",
            "explanation": "same name as oxyUsername after removing klgg2",
        },
        {
            "rank": 2,
            "email": "anna.kolb@example.com",
            "field": "email",
            "rule": "handle",
            "explanation": "same handle as the email, 8 characters",
        },
        {
            "rank": 3,
            "email": "anakolbe@example.com",
            "field": "email",
            "rule": "similar_handle",
            "explanation": "7 of 8 characters as the email",
        },
    ]


@pytest.mark.parametrize("at_once", [similarity.MOST_PAIRS, 0])
def test_limit_and_order_of_names(
    customers: Customers, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(similarity, "MOST_PAIRS", at_once)
    table = customers(HANDLED, NEAREST)
    names = ["zzzzzzz1111", "annakolb2eda", "anna.kolb12ab"]
    found = candidates.nearest(names, prepared(table, []), limit=1)
    assert found["subuser"].to_pylist() == ["anna.kolb12ab", "annakolb2eda"]
    assert found["rank"].to_pylist() == [1, 1]


def test_equal_evidence_shares_a_rank_whatever_the_limit(customers: Customers) -> None:
    twins = [
        {"email": f"{each}@example.com"} | {"oxy_username": "annakolb2eda"}
        for each in "dabc"
    ]
    found = candidates.nearest(
        ["annakolb2eda"], prepared(customers(ALIKE, *twins), []), limit=3
    )
    assert found["email"].to_pylist() == [f"{each}@example.com" for each in "abcd"]
    assert found["rank"].to_pylist() == [1, 1, 1, 1]


def test_destroyed_name_gets_all_names_that_look_like_it(customers: Customers) -> None:
    table = customers(
        {"email": "a@example.com", "oxy_username": "646012345678klgg2"},
        {"email": "b@example.com", "brief_oxy_username": "646111111111"},
        {"email": "c@example.com", "brief_oxy_username": "64611111111"},
    )
    found = candidates.nearest(["6.46E+11"], prepared(table, ["klgg2"]))
    assert found["email"].to_pylist() == ["a@example.com", "b@example.com"]


def test_no_names_have_no_candidates(customers: Customers) -> None:
    found = candidates.nearest([], prepared(customers(HANDLED), []))
    assert found.num_rows == 0
    assert found.schema == CANDIDATE_SCHEMA
