"""BSON taken apart and put together byte by byte."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import bson
import pytest
from bson import Decimal128, Int64
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mongo.element import elements, identity, joined
from core.mongo.namespace import Name
from core.mongo.source import open_source

if TYPE_CHECKING:
    from pathlib import Path


def test_a_document_of_every_type_keeps_every_byte(generated: Path) -> None:
    source = open_source(generated / "dump")
    for space in source.namespaces():
        for document in source.documents(space.name):
            parts = elements(document.raw)
            assert joined(parts.items()) == document.raw
            assert [name.decode() for name in parts] == list(document.fields)
    (every,) = source.documents(Name("shop", "alltypes"))
    assert len({value[0] for value in elements(every.raw).values()}) > 15


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (5, 5.0, True),
        (5, Int64(5), True),
        (5, Decimal128("5.0"), True),
        (5, 6, False),
        (5, "5", False),
        ({"a": 1}, {"a": 1}, True),
        (None, None, True),
        (float("nan"), float("nan"), True),
        (Decimal128("sNaN"), Decimal128("sNaN"), True),
        (Decimal128("NaN"), 5, False),
    ],
)
def test_equal_ids_are_one_identity(first: object, second: object, equal: bool) -> None:
    one = identity(bson.encode({"x": 1, "_id": first}))
    other = identity(bson.encode({"_id": second, "y": 2}))
    assert (one == other) is equal


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_document_or_an_error(data: bytes) -> None:
    framed = (len(data) + 5).to_bytes(4, "little") + data + b"\0"
    with contextlib.suppress(ValueError):
        assert isinstance(elements(framed), dict)
