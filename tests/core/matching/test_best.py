"""The best rule is exact where it can be, cautious where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import labelled_shop
from core.matching import best, near, verdict
from core.matching.documents import prepared
from core.matching.schemas import MATCH_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Customers = Callable[..., pa.Table]

INSERTED = ["klgg2"]

ANNA = {
    "email": "Anna.Kolb@example.com",
    "oxy_id": "11",
    "oxy_username": "annakolb2edaklgg2",
    "brief_oxy_id": "12",
    "brief_oxy_username": "annakolb77aa",
}
NAMELESS = {"email": "jon.smithson@example.com"}
NAMESAKE = {"email": "jon.smithson@example.org"}
CUT = {"email": "x@example.com", "oxy_username": "marianneson0b1c", "oxy_id": "9"}
ALIKE = {"email": "v@example.com", "oxy_username": "annakolb77aa"}
NUMBERED = {"email": "y@example.com", "brief_oxy_id": "283382"}
DIGITS = {"email": "z@example.com", "oxy_username": "646012345678"}


def one(
    customers: pa.Table,
    subuser: str,
    decisions: Mapping[str, str | None] = best.NO_DECISIONS,
) -> dict[str, Any]:
    table = best.match([subuser], customers, inserted=INSERTED, decisions=decisions)
    assert table.schema == MATCH_SCHEMA
    (row,) = table.to_pylist()
    return row


@pytest.mark.parametrize(
    ("subuser", "rule", "account", "account_id", "words"),
    [
        ("annakolb2edaklgg2", "exact_raw", "Pro", "11", "same name as oxyUsername"),
        (
            "annakolb2eda",
            "exact_clean",
            "Pro",
            "11",
            "same name as oxyUsername after removing klgg2",
        ),
        ("annakolb77aa", "exact_raw", "Basic", "12", "same name as briefOxyUsername"),
        ("AnnaKolb77aa", "exact_folded", "Basic", "12", "but for capitals"),
        ("annakolb77aa6", "stem", None, None, "but for the ending of its era"),
        ("annakolb77aazzxz", "stem", None, None, "but for the ending of its era"),
        ("annakolb9999", "handle", None, None, "same handle as oxyUsername"),
        ("annaAkolb9999zz", "handle", None, None, "same handle as the email, 9"),
        ("mariannesn0b1c", "cut_name", "Pro", "9", "14 of 15 characters as oxyUser"),
    ],
)
def test_sure_evidence_matches_and_account_follows_the_field(
    customers: Customers,
    subuser: str,
    rule: str,
    account: str | None,
    account_id: str | None,
    words: str,
) -> None:
    row = one(customers(ANNA, NAMELESS, CUT), subuser)
    assert (row["status"], row["rule"]) == ("matched", rule)
    assert (row["subuser_type"], row["subuser_id"]) == (account, account_id)
    assert words in row["explanation"]


@pytest.mark.parametrize(
    ("documents", "subuser", "rule", "words"),
    [
        ([NAMELESS, NAMESAKE], "jonAsmithson1234", "handle", "another customer fits"),
        ([NAMELESS], "jonasmithso1234", "cut_handle", "not enough to be sure"),
        ([{"email": "kevin@example.com"}], "kevin1234", "handle", "not enough"),
        ([ALIKE], "annakolb77ab9", "similar_name", "11 of 12 characters as oxyUser"),
        ([NUMBERED], "283382zz", "account_id", "its number is the briefOxyId"),
        ([DIGITS], "6.46E+11", "destroyed", "a spreadsheet would turn oxyUsername"),
        ([DIGITS], "6,46E+11", "destroyed", "a spreadsheet would turn oxyUsername"),
        (
            [CUT, CUT | {"email": "w@example.com"}],
            "marianneson0b1c",
            "exact_raw",
            "another customer fits as well",
        ),
        (
            [CUT, {"email": "w@example.com", "oxy_username": "marianneson0b1d"}],
            "mariannesn0b1c",
            "cut_name",
            "next best 90, too near",
        ),
    ],
)
def test_what_is_not_sure_goes_to_review(
    customers: Customers,
    documents: list[dict[str, str]],
    subuser: str,
    rule: str,
    words: str,
) -> None:
    row = one(customers(*documents), subuser)
    assert (row["status"], row["rule"]) == ("review", rule)
    assert row["email"] is not None
    assert words in row["explanation"]


def test_review_names_the_runner_up(customers: Customers) -> None:
    row = one(customers(NAMESAKE, NAMELESS), "jonAsmithson1234")
    assert row["email"] == "jon.smithson@example.com"
    assert row["runner_up_email"] == "jon.smithson@example.org"
    assert row["score"] == row["runner_up_score"] == 100


@pytest.mark.parametrize(
    ("subuser", "words"),
    [
        ("quuxquux1234", "no customer comes near"),
        ("7.83E+12", "a spreadsheet turned this name into a number; ask for it again"),
    ],
)
def test_strangers_are_unmatched(
    customers: Customers, subuser: str, words: str
) -> None:
    row = one(customers(ANNA, DIGITS), subuser)
    expected = {"subuser": subuser, "status": "unmatched", "rule": "none"}
    assert row == dict.fromkeys(MATCH_SCHEMA.names) | expected | {"explanation": words}


def test_a_weak_suggestion_is_none(customers: Customers) -> None:
    row = one(customers({"email": "abcdefghij@example.com"}), "abcdexfghyz1234")
    assert (row["status"], row["rule"], row["email"]) == ("unmatched", "none", None)
    assert 75 <= row["score"] < 80


def test_documents_of_one_email_are_one_customer(customers: Customers) -> None:
    again = ANNA | {"email": "anna.kolb@example.com", "oxy_id": None}
    row = one(customers(ANNA, again), "annakolb2eda")
    assert (row["status"], row["email_key"]) == ("matched", "anna.kolb@example.com")
    assert (row["email"], row["subuser_id"]) == ("Anna.Kolb@example.com", "11")


def test_ids_that_contradict_each_other_are_not_told(customers: Customers) -> None:
    row = one(customers(ANNA, ANNA | {"oxy_id": "13"}), "annakolb2eda")
    assert (row["status"], row["subuser_type"]) == ("matched", "Pro")
    assert row["subuser_id"] is None


def test_decisions_win_over_all_evidence(customers: Customers) -> None:
    table = customers(ANNA, NAMELESS)
    chosen = one(
        table, "annakolb2eda", decisions={"annakolb2eda": "JON.smithson@example.com"}
    )
    assert (chosen["status"], chosen["rule"]) == ("matched", "decision")
    assert chosen["email_key"] == "jon.smithson@example.com"
    assert chosen["subuser_type"] is None
    nobody = one(table, "annakolb2eda", decisions={"annakolb2eda": None})
    assert (nobody["status"], nobody["rule"]) == ("unmatched", "decision_none")
    agreed = one(
        table, "annakolb2eda", decisions={"annakolb2eda": "anna.kolb@example.com"}
    )
    assert (agreed["subuser_type"], agreed["subuser_id"]) == ("Pro", "11")


def test_a_decision_outlives_the_document(customers: Customers) -> None:
    row = one(customers(ANNA), "x", decisions={"x": "gone@example.com", "y": None})
    assert (row["status"], row["email"]) == ("matched", "gone@example.com")
    assert row["explanation"] == "a person chose this email; no customer has it now"


def test_no_customers_and_no_names_are_no_fault(customers: Customers) -> None:
    assert best.match([], customers(ANNA), inserted=INSERTED).num_rows == 0
    assert one(customers(), "annakolb2eda")["status"] == "unmatched"


handles = st.sampled_from(
    ["annakolb", "annakolbe", "anna.kolb", "annakolb1", "jonsmith", "kim", "jonsmit"]
)
suffixes = st.sampled_from(
    ["2eda", "77aa", "2eda6", "2edazz", "77aazzxz", "klgg22eda", ""]
)
usernames = st.none() | st.tuples(handles, suffixes).map("".join)
people = st.fixed_dictionaries(
    {
        "email": st.tuples(
            handles, st.sampled_from(["@example.com", "@example.org"])
        ).map("".join),
        "oxy_id": st.none() | st.sampled_from(["1", "2"]),
        "oxy_username": usernames,
        "brief_oxy_id": st.none() | st.sampled_from(["3", "4"]),
        "brief_oxy_username": usernames,
    }
)
subusers = st.lists(st.tuples(handles, suffixes).map("".join), max_size=6)


@settings(max_examples=20, deadline=None)
@given(names=subusers, found=st.lists(people, max_size=6), data=st.data())
def test_order_never_changes_a_result(
    customers: Customers,
    names: list[str],
    found: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    expected = best.match(names, customers(*found), inserted=INSERTED)
    shuffled = customers(*data.draw(st.permutations(found)))
    others = data.draw(st.permutations(names))
    assert best.match(others, shuffled, inserted=INSERTED).equals(expected)


@settings(max_examples=20, deadline=None)
@given(names=subusers, found=st.lists(people, max_size=6), newcomer=people)
def test_a_nameless_newcomer_can_only_send_a_match_to_review(
    customers: Customers,
    names: list[str],
    found: list[dict[str, Any]],
    newcomer: dict[str, Any],
) -> None:
    nameless = {"email": newcomer["email"]}
    before = best.match(names, customers(*found), inserted=INSERTED).to_pylist()
    after = best.match(
        names, customers(*found, nameless), inserted=INSERTED
    ).to_pylist()
    for old, new in zip(before, after, strict=True):
        if old["status"] == "matched" and new["status"] == "matched":
            assert new["email_key"] == old["email_key"]
        if old["status"] == "matched":
            assert new["status"] != "unmatched"


strange_names = st.none() | st.tuples(
    handles, st.sampled_from(["9f9f", "0c0c6", "9f9fzz", "0c0czzxz", "klgg29f9f"])
).map("".join)
unrelated = st.builds(
    lambda person, oxy, brief: (
        person | {"oxy_username": oxy, "brief_oxy_username": brief}
    ),
    people,
    strange_names,
    strange_names,
)


@settings(max_examples=20, deadline=None)
@given(names=subusers, found=st.lists(people, max_size=6), newcomer=unrelated)
def test_a_newcomer_whose_accounts_are_others_can_only_send_a_match_to_review(
    customers: Customers,
    names: list[str],
    found: list[dict[str, Any]],
    newcomer: dict[str, Any],
) -> None:
    stranger = newcomer | {"email": f"new.{newcomer['email']}"}
    before = best.match(names, customers(*found), inserted=INSERTED)
    table = customers(*found, stranger)
    after = best.match(names, table, inserted=INSERTED).to_pylist()
    for old, new in zip(before.to_pylist(), after, strict=True):
        if old["status"] == "matched":
            assert new["status"] in {"matched", "review"}
        if old["status"] == new["status"] == "matched":
            assert new["email_key"] == old["email_key"]


SAID = ["subuser", "status", "email_key", "subuser_type", "subuser_id", "rule", "score"]


@settings(max_examples=20, deadline=None)
@given(names=subusers, found=st.lists(people, max_size=8))
def test_index_gives_what_brute_force_over_all_pairs_gives(
    customers: Customers, names: list[str], found: list[dict[str, Any]]
) -> None:
    table = customers(*found)
    compared = best.match(names, table, inserted=INSERTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.matching.similarity.FEW_PAIRS", -1)
        indexed = best.match(names, table, inserted=INSERTED)
        patch.setattr("core.matching.similarity.MOST_PAIRS", 1)
        in_parts = best.match(names, table, inserted=INSERTED)
    assert indexed.equals(compared)
    assert in_parts.equals(compared)


def test_shop_matched_by_index_is_the_shop_matched_by_brute_force() -> None:
    shop = labelled_shop.made(11, subusers=300, customers=1_500)
    names, table = [*shop.owners], prepared(shop.customers, labelled_shop.INSERTED)
    indexed = best.match_prepared(names, lambda: table)
    queries = pa.array(sorted(names))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.matching.similarity.LEAST_INDEXED", 2)
        thorough = best.evidence(queries, table, is_thorough=True)
    compared = verdict.judged(queries, thorough, table).sort_by("subuser")
    assert indexed.select(SAID).equals(compared.select(SAID))


@settings(max_examples=20, deadline=None)
@given(names=subusers, found=st.lists(people, min_size=1, max_size=6))
def test_a_match_is_a_customer_with_the_handle_and_the_fields_own_id(
    customers: Customers, names: list[str], found: list[dict[str, Any]]
) -> None:
    for row in best.match(names, customers(*found), inserted=INSERTED).to_pylist():
        if row["status"] != "matched":
            continue
        theirs = [each for each in found if each["email"].lower() == row["email_key"]]
        assert theirs
        if row["subuser_id"]:
            field = {"Pro": "oxy_id", "Basic": "brief_oxy_id"}[row["subuser_type"]]
            assert row["subuser_id"] in [each[field] for each in theirs]


@settings(max_examples=20, deadline=None)
@given(
    names=subusers,
    earlier=subusers,
    found=st.lists(people, max_size=6),
    decisions=st.dictionaries(
        st.tuples(handles, suffixes).map("".join),
        st.none() | st.just("annakolb@example.com"),
        max_size=3,
    ),
)
def test_previous_results_change_nothing_but_time(
    customers: Customers,
    names: list[str],
    earlier: list[str],
    found: list[dict[str, Any]],
    decisions: dict[str, str | None],
) -> None:
    table = customers(*found)
    undecided = best.match(earlier, table, inserted=INSERTED)
    decided = best.match(earlier, table, inserted=INSERTED, decisions=decisions)
    options = {"inserted": INSERTED, "decisions": decisions}
    expected = best.match(names, table, **options)
    assert best.match(names, table, **options, previous=undecided).equals(expected)
    without = best.match(names, table, inserted=INSERTED)
    again = best.match(names, table, inserted=INSERTED, previous=decided)
    assert again.equals(without)


def test_margin_lets_no_similar_newcomer_take_a_match() -> None:
    assert near.SURE_SCORE + near.MARGIN > 100
    assert near.LEAST_SIMILAR * 100 == near.SURE_SCORE - near.MARGIN


def test_matches_of_a_labelled_shop_are_right_and_nearly_all() -> None:
    shop = labelled_shop.made(3)
    table = best.match([*shop.owners], shop.customers, inserted=labelled_shop.INSERTED)
    quality = labelled_shop.quality(shop, table)
    assert quality.precision >= 0.998
    assert quality.recall >= 0.98
    assert quality.recall_stored >= 0.995
