"""Columns chosen by hand: kept as JSON, checked against a table, asked for in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import OptionError
from core.models import Granularity
from core.sources.mapping import (
    Mapping,
    MappingNeededError,
    Question,
    Request,
    check,
)
from core.units import GB_PER_UNIT

MAPPINGS = st.builds(
    Mapping,
    usage=st.lists(st.integers(0, 9), min_size=1, max_size=2).map(tuple),
    subuser=st.none() | st.integers(0, 9),
    period=st.none() | st.integers(0, 9),
    parts=st.lists(st.integers(0, 9), max_size=2).map(tuple),
    unit=st.none() | st.sampled_from([*GB_PER_UNIT]),
    granularity=st.none() | st.sampled_from(Granularity),
    day_first=st.none() | st.booleans(),
    is_cumulative=st.booleans(),
    provider=st.text(max_size=8),
)


@given(MAPPINGS)
@settings(max_examples=50, deadline=None)
def test_json_reads_back(mapping: Mapping) -> None:
    assert Mapping.from_json(mapping.as_json()) == mapping


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"granularity": "year"}', '{"usage": 5}']
)
def test_damaged_json_is_told(text: str) -> None:
    with pytest.raises(OptionError, match="cannot be read"):
        Mapping.from_json(text)


def test_json_of_another_version_is_read_as_far_as_known() -> None:
    assert Mapping.from_json('{"usage": [2], "colour": 1}') == Mapping(usage=(2,))


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (Mapping(), "no column of usage is chosen"),
        (Mapping(usage=(3,)), "the file has 3 columns"),
        (Mapping(usage=(-1,)), "the file has 3 columns"),
        (Mapping(usage=(1,), subuser=1), "one column is chosen for two things"),
        (Mapping(usage=(1, 1)), "one column is chosen for two things"),
        (Mapping(usage=(1,), unit="PB"), "there is no unit 'PB'"),
        (Mapping(usage=(1,), gb_base=512), "a GB is 1000 or 1024 MB"),
        (Mapping(usage=(1,), time_zone="Mars"), "there is no time zone 'Mars'"),
        (Mapping(usage=(1,), time_zone="/etc"), "there is no time zone '/etc'"),
        (Mapping(usage=(1,), time_zone=""), "there is no time zone ''"),
    ],
)
def test_mapping_that_cannot_be_used_is_told(mapping: Mapping, told: str) -> None:
    with pytest.raises(OptionError) as raised:
        check(mapping, 3)
    assert told in str(raised.value)


def test_what_holds_for_one_file_is_not_for_the_layout() -> None:
    mapping = Mapping(usage=(1,), subuser_name="ann", period_text="2024-03", unit="MB")
    assert mapping.for_layout() == Mapping(usage=(1,), unit="MB")


def test_error_says_the_questions_and_the_columns() -> None:
    questions = (Question("unit", "which unit?"), Question("usage", ""))
    request = Request("f.csv", "", ("A", "B"), "a|b", (), Mapping(), questions)
    assert str(MappingNeededError(request)) == (
        "f.csv: a person must say how to read it. which unit? Columns found: 'A', 'B'."
    )
    assert {each.field for each in request.questions} == {"unit", "usage"}
