"""Changes of documents in the log of a replica set."""

from __future__ import annotations

import copy
from typing import Any

import bson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mongo.delta import UnknownChangeError, changed


def after(document: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    return bson.decode(changed(bson.encode(document), bson.encode(delta)))


@pytest.mark.parametrize(
    ("document", "delta", "result"),
    [
        ({"a": 1, "b": 2}, {"d": {"a": False}}, {"b": 2}),
        ({"a": 1, "b": 2}, {"u": {"a": "x"}}, {"a": "x", "b": 2}),
        ({"a": 1, "b": 2}, {"i": {"a": 3}}, {"b": 2, "a": 3}),
        ({"a": 1}, {"d": {"a": False}, "i": {"c": [1]}}, {"c": [1]}),
        ({"s": {"a": 1, "b": 1}}, {"ss": {"u": {"b": 2}}}, {"s": {"a": 1, "b": 2}}),
        ({"": {"a": 1}}, {"s": {"d": {"a": False}}}, {"": {}}),
        ({"l": [1, 2]}, {"sl": {"a": True, "u1": 9}}, {"l": [1, 9]}),
        ({"l": [1, 2]}, {"sl": {"a": True, "u4": 9}}, {"l": [1, 2, None, None, 9]}),
        ({"l": [1, 2, 3]}, {"sl": {"a": True, "l": 1}}, {"l": [1]}),
        ({"l": [1]}, {"sl": {"a": True, "l": 2}}, {"l": [1, None]}),
        (
            {"l": [{"x": 1}]},
            {"sl": {"a": True, "s0": {"u": {"x": 2}}}},
            {"l": [{"x": 2}]},
        ),
    ],
)
def test_a_change_is_applied(
    document: dict[str, Any], delta: dict[str, Any], result: dict[str, Any]
) -> None:
    found = after(document, delta)
    assert list(found.items()) == list(result.items())


@pytest.mark.parametrize(
    ("document", "delta"),
    [
        ({"a": 1}, {"x": {"a": 2}}),
        ({"a": 1}, {"u": 5}),
        ({"a": 1}, {"sa": {"u": {"b": 1}}}),
        ({"a": 1}, {"sb": {"u": {"b": 1}}}),
        ({"a": {}}, {"sa": 5}),
        ({"a": {}}, {"sa": {"a": True, "u0": 1}}),
        ({"a": [1]}, {"sa": {"u": {"b": 1}}}),
        ({"a": [1]}, {"sa": {"a": True, "x0": 1}}),
        ({"a": [1]}, {"sa": {"a": True, "ux": 1}}),
        ({"a": [1]}, {"sa": {"a": True, "l": -1}}),
        ({"a": [1]}, {"sa": {"a": True, "l": "x"}}),
        ({"a": [1]}, {"sa": {"a": True, "u999999999": 1}}),
        ({"a": b"x"}, {"ba": {"o": 1}}),
    ],
)
def test_a_change_of_an_unknown_kind_is_refused(
    document: dict[str, Any], delta: dict[str, Any]
) -> None:
    with pytest.raises(UnknownChangeError):
        after(document, delta)


NAMES = st.sampled_from("abc")
LEAVES = st.integers(0, 9) | st.text("xy", max_size=2)
DOCUMENTS = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner | LEAVES, max_size=3),
    max_leaves=6,
)


def difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Write the change from one document to another, the slow and plain way."""
    delta: dict[str, Any] = {}
    if gone := {name: False for name in old if name not in new}:
        delta["d"] = gone
    for name, value in new.items():
        if name not in old:
            delta.setdefault("i", {})[name] = value
        elif isinstance(old[name], dict) and isinstance(value, dict):
            delta[f"s{name}"] = difference(old[name], value)
        elif old[name] != value:
            delta.setdefault("u", {})[name] = value
    return delta


@given(DOCUMENTS, DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_the_difference_of_two_documents_leads_from_one_to_the_other(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    before = copy.deepcopy(old)
    assert after(old, difference(old, new)) == new
    assert old == before
