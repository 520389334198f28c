"""Names are taken apart and cleaned as the shop and the provider made them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.matching import names
from core.models import CleaningRule, Where


def column(*texts: str | None) -> pa.Array:
    return pa.array(texts, pa.string())


@pytest.mark.parametrize(
    ("stored", "where", "expected"),
    [
        ("xjoxbox", Where.START, "joxbox"),
        ("xjoxbox", Where.END, "xjoxbo"),
        ("xjoxbox", Where.ANYWHERE, "jobo"),
        ("jo", Where.START, "jo"),
        ("jo", Where.END, "jo"),
        ("x", Where.END, None),
        (None, Where.START, None),
    ],
)
def test_a_rule_removes_its_text_only_where_it_says(
    stored: str | None, where: Where, expected: str | None
) -> None:
    rules = [CleaningRule("x", where)]
    assert names.cleaned(column(stored), rules).to_pylist() == [expected]


def test_rules_are_applied_in_their_order() -> None:
    end, anywhere = CleaningRule("zz", Where.END), CleaningRule("y")
    assert names.cleaned(column("jozzy"), [anywhere, end]).to_pylist() == ["jo"]
    assert names.cleaned(column("jozzy"), [end, anywhere]).to_pylist() == ["jozz"]


@pytest.mark.parametrize(
    ("stored", "inserted", "expected"),
    [
        ("jo2edaklgg2", ["klgg2"], "jo2eda"),
        ("klgg2jo2eda", ["klgg2"], "jo2eda"),
        ("joklgg22eda", ["klgg2"], "jo2eda"),
        ("klgg2joklgg2", ["klgg2"], "jo"),
        ("klgklgg2g2", ["klgg2"], "klgg2"),
        ("jo", ["klgg2"], "jo"),
        ("jo", [""], "jo"),
        ("aXbY", ["X", "Y"], "ab"),
        ("klgg2", ["klgg2"], None),
        ("", [], None),
        (None, ["klgg2"], None),
    ],
)
def test_inserted_strings_are_removed_wherever_they_stand(
    stored: str | None, inserted: list[str], expected: str | None
) -> None:
    assert names.cleaned(column(stored), inserted).to_pylist() == [expected]


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("Jo.Ko@example.com", "Jo.Ko"),
        ("jo@ko@example.com", "jo"),
        ("jo", "jo"),
        ("jo\n@example.com", "jo\n"),
        ("@example.com", None),
    ],
)
def test_local_part_stands_before_the_first_at(email: str, expected: str) -> None:
    assert names.local_parts(column(email)).to_pylist() == [expected]


def test_dots_of_an_email_become_a_letter_or_nothing() -> None:
    letter, nothing = names.email_handles(column("Jo.Ko.x", None))
    assert letter.to_pylist() == ["joakoax", None]
    assert nothing.to_pylist() == ["jokox", None]


@pytest.mark.parametrize(
    ("name", "stems", "handles"),
    [
        ("jon2eda", {"jon2eda"}, {"jon"}),
        ("jon2eda6", {"jon2eda6", "jon2eda"}, {"jon2", "jon"}),
        ("jon2edazz", {"jon2eda"}, {"jon"}),
        ("jon2edazzxz", {"jon2eda"}, {"jon"}),
        ("jon2edaxz", {"jon2eda"}, {"jon"}),
        ("louAjobsc8d8z", {"louajobsc8d8"}, {"louajobs"}),
        ("123456zz", {"123456"}, set()),
        ("2eda", set(), set()),
        ("somebody", set(), set()),
        ("jon2EDA", set(), set()),
        ("\n2eda", {"\n2eda"}, {"\n"}),
    ],
)
def test_every_reading_of_a_name_is_given(
    name: str, stems: set[str], handles: set[str]
) -> None:
    read = names.readings(column(name))
    assert {each[0].as_py() for each in read.stems} - {None} == stems
    assert {each[0].as_py() for each in read.handles} - {None} == handles


def test_suffixes_can_be_chosen() -> None:
    read = names.readings(column("jon-ab"), [names.Suffix(2, ""), names.Suffix(1, "b")])
    assert [each.to_pylist() for each in read.handles] == [["jon-"], ["jon-"]]


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("jo2eda", "2eda"),
        ("jo2eda6", "2eda6"),
        ("jo2edazzxz", "2edazzxz"),
        ("jo", None),
    ],
)
def test_suffix_is_read_as_long_as_it_can_be(name: str, suffix: str | None) -> None:
    assert names.suffixes(column(name)).to_pylist() == [suffix]


@pytest.mark.parametrize(
    ("name", "number"),
    [("283382zz", "283382"), ("283382zzxz", "283382"), ("283382", None), ("1zz", None)],
)
def test_account_number_stands_before_a_late_tail(
    name: str, number: str | None
) -> None:
    assert names.numbers(column(name)).to_pylist() == [number]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("6.46E+11", True),
        ("6,46E+11", True),
        ("1E+12", True),
        ("1.90E-14", True),
        ("6.46e+11", False),
        ("jo6.46E+11", False),
        ("12E5", False),
    ],
)
def test_destroyed_names_are_seen(name: str, *, expected: bool) -> None:
    assert names.are_destroyed(column(name)).to_pylist() == [expected]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("646012345678", "6.46E+11"),
        ("22e10", "2.20E+11"),
        ("0", "0.00E+00"),
        ("jo", None),
        ("1e", None),
        (None, None),
    ],
)
def test_spreadsheet_number_is_what_a_spreadsheet_exports(
    name: str | None, number: str | None
) -> None:
    assert names.spreadsheet_numbers(column(name)).to_pylist() == [number]


def test_distinct_names_are_sorted_by_their_characters() -> None:
    texts = ["b", "a", "B", "é", "b", "\U0001f600", "\uffee"]
    expected = ["B", "a", "b", "é", "\uffee", "\U0001f600"]
    assert names.distinct(texts) == names.distinct(column(*texts)) == expected
