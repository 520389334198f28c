"""The notebook rule equals a direct reading of it, defects included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.matching import notebook
from core.matching.schemas import MATCH_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    Customers = Callable[..., pa.Table]

Document = dict[str, Any]
INSERTED = ["klgg2"]

handles = st.text("abA1", max_size=9)
usernames = st.none() | handles | st.tuples(handles, handles).map("klgg2".join)
documents = st.lists(
    st.fixed_dictionaries(
        {
            "email": handles.map(lambda handle: f"{handle}@example.com"),
            "oxy_id": st.none() | st.just("802838"),
            "oxy_username": usernames,
            "brief_oxy_id": st.none() | st.just("7"),
            "brief_oxy_username": usernames,
        }
    ),
    max_size=8,
)


def distance(first: str, second: str) -> int:
    """Count the insertions and deletions between two texts."""
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        before, row = row, [at]
        for place, other in enumerate(second, 1):
            step = before[place - 1] if letter == other else len(first) + len(second)
            row.append(min(step, before[place] + 1, row[-1] + 1))
    return row[-1]


def ratio(first: str, second: str | None) -> int:
    """Work fuzzywuzzy's ratio out as python-Levenshtein does."""
    if not first or not second:
        return 0
    both = len(first) + len(second)
    return round(100 * (both - distance(first, second)) / both)


def direct(subuser: str, found: list[Document]) -> tuple[Any, ...]:
    """Read the rule word by word: email, type and id of the first hit."""
    for document in found:
        names = [document["oxy_username"], document["brief_oxy_username"]]
        oxy, brief = [name and name.replace("klgg2", "") for name in names]
        compared = oxy, brief, document["email"].split("@")[0]
        if any(ratio(subuser, their) >= 80 for their in compared):
            if oxy == subuser:
                return document["email"], "Pro", document["oxy_id"]
            return document["email"], "Basic", document["brief_oxy_id"]
    return None, None, None


def matched(table: pa.Table) -> dict[str, tuple[Any, ...]]:
    columns = "email", "subuser_type", "subuser_id"
    return {
        row["subuser"]: tuple(row[name] for name in columns)
        for row in table.to_pylist()
    }


@settings(max_examples=60, deadline=None)
@given(subusers=st.lists(handles.filter(bool), max_size=8), found=documents)
def test_rule_equals_a_direct_reading(
    customers: Customers, subusers: list[str], found: list[Document]
) -> None:
    table = notebook.match(subusers, customers(*found), inserted=INSERTED)
    assert matched(table) == {name: direct(name, found) for name in subusers}
    assert table.schema == MATCH_SCHEMA


@settings(max_examples=15, deadline=None)
@given(subusers=st.lists(handles.filter(bool), max_size=8), found=documents)
def test_index_gives_what_a_direct_reading_gives(
    customers: Customers, subusers: list[str], found: list[Document]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.matching.similarity.FEW_PAIRS", -1)
        patch.setattr("core.matching.similarity.MOST_PAIRS", 1)
        patch.setattr(notebook, "ROWS_AT_ONCE", 3)
        table = notebook.match(subusers, customers(*found), inserted=INSERTED)
    assert matched(table) == {name: direct(name, found) for name in subusers}


def test_first_customer_by_position_wins_in_any_order_of_rows(
    customers: Customers,
) -> None:
    table = customers(
        {"email": "handlenumber1@example.com"},
        {"email": "handlenumber2@example.com", "oxy_username": "handlenumber2"},
    )
    for rows in (table, table.take([1, 0])):
        found = notebook.match(["handlenumber2"], rows, inserted=[]).to_pylist()
        assert [row["email"] for row in found] == ["handlenumber1@example.com"]
        assert found[0]["subuser_type"] == "Basic"
        assert found[0]["score"] == 92


def test_first_customer_wins_whatever_the_field(customers: Customers) -> None:
    table = customers(
        {"email": "johnny12@example.com"},
        {"email": "zz@example.com", "oxy_username": "johnny12"},
    )
    found = notebook.match(["johnny12"], table, inserted=[])
    assert found["email"].to_pylist() == ["johnny12@example.com"]


@pytest.mark.parametrize(
    ("length", "common", "expected"),
    [(20, 16, 80), (200, 159, 80), (44, 35, 80), (39, 31, None), (200, 158, None)],
)
def test_ratio_rounds_as_fuzzywuzzy(
    customers: Customers, length: int, common: int, expected: int | None
) -> None:
    ours = "a" * common + "b" * (length - common)
    theirs = "a" * common + "c" * (length - common)
    table = customers({"email": f"{theirs}@example.com"})
    found = notebook.match([ours], table, inserted=[])
    assert found["score"].to_pylist() == [expected]


def test_threshold_in_whole_numbers_is_that_of_rounded_floats() -> None:
    for length in range(1, 1_000):
        for common in range(int(0.39 * length), int(0.41 * length) + 1):
            is_match = round(100 * (1 - (length - 2 * common) / length)) >= 80
            least = notebook.LEAST
            in_whole = 2 * least.denominator * common >= least.numerator * length
            assert in_whole == is_match


def test_names_are_matched_once_in_any_order(customers: Customers) -> None:
    table = customers({"email": "johnny@example.com"})
    names = ["johnny", "zz", "johnnx", "johnny"]
    expected = notebook.match(names, table, inserted=[])
    shuffled = pa.array(sorted(names))
    assert notebook.match(shuffled, table, inserted=[]).equals(expected)
    assert expected["subuser"].to_pylist() == ["johnnx", "johnny", "zz"]


def test_words_name_the_nearest_field(customers: Customers) -> None:
    table = customers({"email": "johnny@example.com", "oxy_username": "johnny1"})
    johnny, nobody = notebook.match(["johnny", "qqq"], table, inserted=[]).to_pylist()
    assert johnny["explanation"].endswith("100 with email")
    assert nobody["status"] == "unmatched"
    assert nobody["explanation"] == "no customer has a ratio of 80 or more"


def test_no_customers_and_no_names_are_no_fault(customers: Customers) -> None:
    assert notebook.match([], customers(), inserted=[]).num_rows == 0
    assert notebook.match(["a"], customers(), inserted=[])["email"].to_pylist() == [
        None
    ]
