"""Ids and usernames become text in one way only."""

from __future__ import annotations

import pytest
from bson import Decimal128, Int64, ObjectId
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mongo.identifier import RefusedValueError, id_text, name_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        (5, "5"),
        (5.0, "5"),
        (-0.0, "0"),
        (Int64(802838), "802838"),
        (2**80, str(2**80)),
        (Decimal128("802838.00"), "802838"),
        ("802838", "802838"),
        (" 802838 ", "802838"),
        ("802838.0", "802838"),
        ("00802838.000", "00802838"),
        ("802838.5", "802838.5"),
        ("abc", "abc"),
    ],
)
def test_an_id_becomes_text(value: object, text: str | None) -> None:
    assert id_text(value, "oxyId") == text


@pytest.mark.parametrize(
    "value",
    [
        True,
        5.5,
        2.0**53,
        float("nan"),
        float("inf"),
        [],
        {},
        ObjectId("65a000000000000000000001"),
        Decimal128("NaN"),
        Decimal128("1E+6000"),
        Decimal128("0.5"),
        "\ud800",
    ],
)
def test_what_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(RefusedValueError) as raised:
        id_text(value, "oxyId")
    assert raised.value.field == "oxyId"
    assert raised.value.reason


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", ""),
        (" Klgg2x ", " Klgg2x "),
        ("5.0", "5.0"),
        (5, "5"),
        (5.0, "5"),
        (5.5, "5.5"),
        ("é", "é"),
    ],
)
def test_a_username_stays_as_sent(value: object, text: str | None) -> None:
    assert name_text(value, "oxyUsername") == text


@pytest.mark.parametrize("value", [False, [], {"a": 1}, float("nan"), "a\udc00"])
def test_what_is_no_username_is_refused(value: object) -> None:
    with pytest.raises(RefusedValueError):
        name_text(value, "oxyUsername")


@given(st.integers(-(2**53) + 1, 2**53 - 1))
@settings(max_examples=50, deadline=None)
def test_every_type_of_number_gives_the_same_id(number: int) -> None:
    forms = (number, float(number), Int64(number), Decimal128(str(number)))
    assert {id_text(form, "x") for form in forms} == {str(number)}
