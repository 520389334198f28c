"""`$set` and `$unset` of a log: what the server's update operators do."""

from __future__ import annotations

import copy
from typing import Any

import bson
import pytest
from bson import Int64
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mongo.delta import UnknownChangeError
from core.mongo.modifiers import MAX_STEPS, is_modifier, modified


def after(document: dict[str, Any], **change: dict[str, Any]) -> dict[str, Any]:
    named = {f"${name}": fields for name, fields in change.items()}
    changed = modified(bson.encode(document), bson.encode({"$v": 1, **named}))
    return bson.decode(changed)


@pytest.mark.parametrize(
    ("before", "change", "wanted"),
    [
        ({"a": 1, "b": 2}, {"set": {"a": 5}}, {"a": 5, "b": 2}),
        ({"a": 1}, {"set": {"b": 2, "c": 3}}, {"a": 1, "b": 2, "c": 3}),
        ({"a": 1, "b": 2}, {"unset": {"a": True, "x": 1}}, {"b": 2}),
        ({"a": {"b": 1, "c": 2}}, {"set": {"a.b": 9}}, {"a": {"b": 9, "c": 2}}),
        ({"a": {"b": 1, "c": 2}}, {"unset": {"a.b": 1}}, {"a": {"c": 2}}),
        ({}, {"set": {"a.b.0": 1}}, {"a": {"b": {"0": 1}}}),
        ({"a": [1, 2]}, {"set": {"a.1": 5}}, {"a": [1, 5]}),
        ({"a": [1]}, {"set": {"a.3": 5}}, {"a": [1, None, None, 5]}),
        ({"a": [{"b": 1}]}, {"set": {"a.0.b": 2}}, {"a": [{"b": 2}]}),
        ({"a": []}, {"set": {"a.1.b": 2}}, {"a": [None, {"b": 2}]}),
        ({"a": [1, 2]}, {"unset": {"a.0": 1, "a.7": 1}}, {"a": [None, 2]}),
        ({"a": 1}, {"unset": {"a.b": 1}}, {"a": 1}),
        ({"a": {"5": 1}}, {"set": {"a.5": 2}}, {"a": {"5": 2}}),
        ({"a": 1}, {"set": {"b": 1}, "unset": {"a": 1}}, {"b": 1}),
    ],
)
def test_fields_are_set_and_unset_by_their_paths(
    before: dict[str, Any], change: dict[str, Any], wanted: dict[str, Any]
) -> None:
    found = after(before, **change)
    assert found == wanted
    assert list(found) == list(wanted)


@pytest.mark.parametrize(
    ("before", "path"),
    [
        ({"a": 1}, "a.b"),
        ({"a": [1]}, "a.b"),
        ({"a": [1]}, "a.01"),
        ({"a": [1]}, "a.99999999999"),
        ({}, ".".join("a" * (MAX_STEPS + 1))),
    ],
)
def test_a_path_that_leads_nowhere_is_told(before: dict[str, Any], path: str) -> None:
    with pytest.raises(UnknownChangeError):
        after(before, set={path: 1})


@pytest.mark.parametrize(
    ("change", "is_known"),
    [
        ({"$set": {"a": 1}}, True),
        ({"$v": 1, "$unset": {"a": 1}}, True),
        ({"$v": Int64(1), "$set": {}, "$unset": {}}, True),
        ({"$v": 1}, False),
        ({"$v": 2, "$set": {}}, False),
        ({"$v": "1", "$set": {}}, False),
        ({"$set": 5}, False),
        ({"$set": {}, "$inc": {"a": 1}}, False),
        ({"a": {}}, False),
        ({}, False),
    ],
)
def test_only_fields_set_and_unset_are_known(
    change: dict[str, Any], is_known: bool
) -> None:
    assert is_modifier(bson.encode(change)) is is_known


NAMES = st.sampled_from(["a", "b", "0", "1"])
VALUES = st.recursive(
    st.integers(0, 9),
    lambda inner: (
        st.dictionaries(NAMES, inner, max_size=3) | st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=3)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)


def put(whole: dict[str, Any] | list[Any], steps: list[str], value: object) -> None:
    """Set what a path names, the slow and plain way."""
    step: Any = steps[0]
    if isinstance(whole, list):
        step = int(step)
        whole.extend([None] * (step + (len(steps) == 1) - len(whole)))
        if step == len(whole):
            whole.append({})
    if len(steps) == 1:
        whole[step] = value
    else:
        put(
            whole.setdefault(step, {}) if isinstance(whole, dict) else whole[step],
            steps[1:],
            value,
        )


@given(DOCUMENTS, st.dictionaries(PATHS, st.integers(10, 19), max_size=3))
@settings(max_examples=100, deadline=None)
def test_setting_equals_setting_in_plain_dictionaries(
    document: dict[str, Any], fields: dict[str, int]
) -> None:
    wanted = copy.deepcopy(document)
    try:
        for path, value in fields.items():
            put(wanted, path.split("."), value)
    except (TypeError, ValueError, AttributeError):
        with pytest.raises(UnknownChangeError):
            after(document, set=fields)
        return
    assert after(document, set=fields) == wanted
