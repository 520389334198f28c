"""Packed integers."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.mongo.wiredtiger.packing import pack, unpack

NUMBERS = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize(
    ("number", "packed"),
    [
        (0, "80"),
        (63, "bf"),
        (64, "c000"),
        (8255, "dfff"),
        (8256, "e100"),
        (8256 + 255, "e1ff"),
        (8256 + 256, "e20100"),
    ],
)
def test_borders_of_each_length(number: int, packed: str) -> None:
    assert pack(number).hex() == packed
    assert unpack(bytes.fromhex(packed), 0) == (number, len(packed) // 2)


@given(NUMBERS)
@example(2**64 - 1)
@settings(max_examples=80, deadline=None)
def test_a_number_survives(number: int) -> None:
    data = b"x" + pack(number) + b"y"
    assert unpack(data, 1) == (number, len(data) - 1)


@given(NUMBERS, NUMBERS)
@settings(max_examples=80, deadline=None)
def test_bytes_are_ordered_like_the_numbers(first: int, second: int) -> None:
    assert (pack(first) < pack(second)) == (first < second)


@given(st.binary(max_size=12))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_a_number_or_an_error(data: bytes) -> None:
    with contextlib.suppress(ValueError, IndexError):
        number, end = unpack(data, 0)
        assert number >= 0
        assert 0 < end <= len(data)
