"""mongoexport JSON: every shape gives the same documents; damage is told."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from bson import Binary, DatetimeMS, Int64, ObjectId
from bson.json_util import CANONICAL_JSON_OPTIONS, RELAXED_JSON_OPTIONS, dumps
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import RowProblem, UnreadableFileError
from core.mongo.document import Document
from core.mongo.export import documents, shape

DOCUMENTS = [
    {"_id": ObjectId("65a000000000000000000001"), "email": "a@example.com", "n": 1},
    {"_id": ObjectId("65a000000000000000000002"), "email": "b@example.com", "l": []},
    {"_id": 3, "at": datetime(2024, 1, 2), "o": {"x": Int64(5)}, "t": "} , {"},
]


def fields(text: str) -> list[object]:
    return [document.fields for document in documents(text, "x.json")]


def text_of(options: object, indent: int | None) -> list[str]:
    return [dumps(d, json_options=options, indent=indent) for d in DOCUMENTS]


@pytest.mark.parametrize("options", [CANONICAL_JSON_OPTIONS, RELAXED_JSON_OPTIONS])
@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        ("", "\n", "\n"),
        ("", "\r\n", ""),
        ("", "\n\n", "\n\n"),
        ("", "", ""),
        ("", ",\n", ""),
        ("[", ",", "]"),
        ("[\n", ",\n", "\n]\n"),
        ("  [ ", " , ", " ] "),
    ],
)
def test_every_shape_gives_the_same_documents(
    options: object, indent: int | None, before: str, between: str, after: str
) -> None:
    text = before + between.join(text_of(options, indent)) + after
    assert fields(text) == DOCUMENTS


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('{"$date": "2016-01-02T03:04:05.006Z"}', datetime(2016, 1, 2, 3, 4, 5, 6000)),
        ('{"$date": "2016-01-02T03:04:05+0200"}', datetime(2016, 1, 2, 1, 4, 5)),
        ('{"$date": 1000}', datetime(1970, 1, 1, 0, 0, 1)),
        ('{"$date": {"$numberLong": "253402300800000"}}', DatetimeMS(253402300800000)),
        ('{"$numberLong": "5"}', 5),
        ('{"$numberInt": "5"}', 5),
        ('{"$numberDouble": "5.0"}', 5.0),
        ('{"$binary": "AQI=", "$type": "03"}', Binary(b"\1\2", 3)),
        ('{"$undefined": true}', None),
        ('{"$gt": 1}', {"$gt": 1}),
    ],
)
def test_extended_json_of_every_age_is_read(written: str, value: object) -> None:
    assert fields(f'{{ "v" : {written} }}') == [{"v": value}]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('{"$date": "2016-01-02"}', '{"$date": "2016-01-02"}'),
        ('{"$oid": "abc"}', '{"$oid": "abc"}'),
        ('{"$oid": "65a000000000000000000001", "x": 1}', None),
        ('{"$numberDecimal": "abc"}', '{"$numberDecimal": "abc"}'),
        ('{"$numberLong": "abc"}', '{"$numberLong": "abc"}'),
        ('{"$regularExpression": 5}', None),
    ],
)
def test_a_bad_value_costs_one_document_and_names_its_field(
    written: str, value: str | None
) -> None:
    text = f'{{"v": 1}}\n{{"a": 2,\n "v": {written}}}\n{{"v": 3}}\n'
    first, bad, last = documents(text, "x.json")
    assert isinstance(bad, RowProblem)
    assert (bad.file, bad.line, bad.column) == ("x.json", 2, "v")
    assert bad.reason.startswith("not Extended JSON: ")
    assert value is None or bad.value == value
    assert (first, last) == (Document(1, {"v": 1}), Document(4, {"v": 3}))


def test_a_number_of_endless_digits_costs_one_document() -> None:
    bad, last = documents('{"v": ' + "1" * 5000 + '}\n{"v": 3}', "x.json")
    assert isinstance(bad, RowProblem)
    assert "not Extended JSON: Exceeds the limit" in bad.reason
    assert last == Document(2, {"v": 3})


def test_an_element_that_is_no_document_is_refused() -> None:
    found = list(documents('[{"v": 1},\n[2],\n"x"]', "x.json"))
    assert [(d.line, d.value) for d in found[1:]] == [(2, "[2]"), (3, "x")]
    assert found[2].reason == "this is no document: a document begins with {"


def test_documents_know_the_line_they_begin_on() -> None:
    text = '\n[\n{"v": 1},\n\n{"v":\n2}, {"v": 3}\n]'
    assert [d.line for d in documents(text, "x.json")] == [3, 5, 6]


@pytest.mark.parametrize("broken", ['{"v": }', '{"v": "x', '{"v": 1', "x" * 9, "}"])
def test_a_broken_line_costs_one_document(broken: str) -> None:
    text = f'{{"v": 1}}\n{broken}\r\n{{"v": 3}}\n{{"v": 4}}'
    found = list(documents(text, "x.json"))
    assert found[0] == Document(1, {"v": 1})
    assert found[1] == RowProblem("x.json", 2, "", broken, "this line is not JSON")
    assert found[2:] == [Document(3, {"v": 3}), Document(4, {"v": 4})]


@pytest.mark.parametrize(
    "text",
    [
        '[{"v": 1},\n{"v": ',
        '[{"v": 1},\n{"v": "abc',
        '[{"v": 1},\n{"v": tr',
        '[{"v": 1},\n',
        '[{"v": 1}\n',
        '{"v": 1}\n{"v": ',
        '{"v": 1}\n{"v": "a',
        '{"v": 1}\n{',
        "[\n",
    ],
)
def test_a_cut_file_is_told_with_its_last_line(text: str) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        fields(text)
    assert "x.json: the JSON is cut: it ends on line 2" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"v": 1}]\n{"v": 2}', 'line 2 has text behind the end of the list: \'{"v"'),
        ('[{"v": 1} {"v": 2}]', "line 1 is not JSON: found '{"),
        ('[{"v": 1},\n{"v" 2}]', "line 2 is not JSON: found '2}]'"),
        ("email,oxyId\n1,2}", "line 1 is not JSON: found 'email,oxyId"),
        ('{"v": ' + "[" * 5000 + "]" * 5000 + "}", "nested deeper than MongoDB allows"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, words: str) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        fields(text)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "value",
    [
        'ObjectId("65a000000000000000000001")',
        "ObjectId('65a000000000000000000001')",
        'ISODate("2024-01-01T00:00:00Z")',
        "NumberLong(5)",
        'new Date("2024-01-01")',
        "'text'",
    ],
)
@pytest.mark.parametrize(
    "text", ['{"_id": %s}', '[{"a": 1,\n"_id": %s}]', '{_id: %s}\n{"v": 1}\n']
)
def test_text_of_the_shell_is_explained(value: str, text: str) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        fields(text % value)
    assert "text of the MongoDB shell, which is not JSON" in str(raised.value)
    assert "mongoexport" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "lines"), (" \n[", "array"), ('{"a": []}', "lines"), ("[]", "array")],
)
def test_shape_is_told(text: str, expected: str) -> None:
    assert shape(text) == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$oid", "$date", "$binary", "$type", "$numberLong"])
            | st.sampled_from(["$numberDecimal", "$regularExpression", "$code", "a"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUES), max_size=4))
@example([{"a": {"$binary": {"base64": "x", "subType": "00"}}}])
@settings(max_examples=50, deadline=None)
def test_any_json_gives_one_result_for_each_document(values: list[object]) -> None:
    lines = "\n".join(json.dumps(value) for value in values)
    found = list(documents(lines, "x.json"))
    assert [d.line for d in found] == list(range(1, len(values) + 1))
    again = list(documents(json.dumps(values, indent=1), "x.json"))
    assert [type(d) for d in again] == [type(d) for d in found]


@given(st.text(alphabet='[]{}",:$ \nae1\\', max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_told(text: str) -> None:
    try:
        found = list(documents(text, "x.json"))
    except UnreadableFileError as error:
        told = str(error)
    else:
        told = f"x.json: {len(found)} documents"
    assert told.startswith("x.json: ")


def test_a_deep_value_is_refused_with_a_short_text() -> None:
    deep = "[" * 900 + "]" * 900
    (bad,) = documents(f"[{deep}]", "x.json")
    assert isinstance(bad, RowProblem)
    assert bad.value == "(nested too deep to show)"
