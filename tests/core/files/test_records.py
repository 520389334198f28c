"""Rows in bulk and one by one give the same."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.files import records
from core.files.records import Records, WrongRow, read_one_by_one, read_records


def read(text: str, width: int = 2, mark: str = ",") -> Records | str:
    return read_records(text.encode(), 0, 1, mark, width)


def rows_of(found: Records | str) -> list[tuple[str, ...]]:
    assert isinstance(found, Records)
    columns = found.columns.to_pydict().values()
    return list(zip(*columns, strict=True))


def contents(found: Records | str) -> object:
    if isinstance(found, str):
        return found
    return found.columns.to_pydict(), found.lines.to_pylist(), found.wrong


@given(st.text(alphabet='a0 ,;"\n\u00e4\u00a0\ufeff', max_size=60), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_both_ways_agree_on_any_text(text: str, width: int) -> None:
    assert contents(read(text, width)) == contents(read_one_by_one(text, 1, ",", width))


@given(st.lists(st.text(alphabet='ab,"\u00e4', max_size=5), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_blocks_join_to_the_same_rows(cells: list[str]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([c, "x"] for c in cells)
    whole = read(stream.getvalue())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK_BYTES", 7)
        assert contents(read(stream.getvalue())) == contents(whole)
    assert rows_of(whole) == [(cell, "x") for cell in cells]


lines = st.lists(
    st.sampled_from(
        ["a,1", '"a",1', '"a,b",2', '"a"b,3', 'a"b,4', '"a""b",5', '"",6', '"a', 'b",7']
    ),
    min_size=1,
    max_size=40,
)


@given(lines, st.sampled_from(["\n", "\n\n"]), st.integers(40, 120))
@settings(max_examples=100, deadline=None)
def test_text_taken_at_once_in_small_pieces_is_what_it_is_one_by_one(
    rows: list[str], end: str, size: int
) -> None:
    text = end.join(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK_BYTES", size)
        assert contents(read(text)) == contents(read_one_by_one(text, 1, ",", 2))


def test_rows_with_plain_quotation_marks_are_taken_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "_bulk", None)
    assert rows_of(read('"a,b","1"\n"",2')) == [("a,b", "1"), ("", "2")]


def test_line_is_the_one_on_which_the_row_begins() -> None:
    found = read('a,1\n\n"b\nc",2\nd,3\n')
    assert rows_of(found) == [("a", "1"), ("b\nc", "2"), ("d", "3")]
    assert isinstance(found, Records)
    assert found.lines.to_pylist() == [1, 3, 5]


@pytest.mark.parametrize("quote", ["", '"'])
def test_rows_of_another_width_are_set_aside(quote: str) -> None:
    found = read(f"{quote}a{quote},1\nb\nc,2,3\n,\n ,\u00a0\n")
    assert isinstance(found, Records)
    assert rows_of(found) == [("a", "1")]
    assert found.wrong == (WrongRow(2, ("b",)), WrongRow(3, ("c", "2", "3")))


def test_byte_order_mark_inside_the_text_is_a_part_of_its_cell() -> None:
    assert rows_of(read("\ufeffa,1\n")) == [("\ufeffa", "1")]
    assert contents(read("\ufeff")) == contents(read_one_by_one("\ufeff", 1, ",", 2))


def test_rows_without_text_are_no_rows() -> None:
    assert rows_of(read("\n,\n , \n,,,\n\u00a0,\t\na,\n")) == [("a", "")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('a,1\nb,"2\nc,3\n', "quotation mark on line 2 that is never closed"),
        (f"a,1\n{'x' * 200_000},1\n", "in one cell on line 2"),
        (f'a,1\n"{"x,1" * 60_000}', "in one cell on line 2"),
        ('a,1\n"' + "x\n" * 100_000, "in one cell on line 2"),
    ],
)
def test_text_that_holds_no_rows_is_told(text: str, told: str) -> None:
    found = read(text)
    assert isinstance(found, str)
    assert told in found


def test_rows_are_read_one_by_one_when_the_bulk_reader_counts_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = records._parsed
    monkeypatch.setattr(
        records, "_parsed", lambda *args, **kw: parsed(*args, **kw).slice(1)
    )
    assert rows_of(read("a,1\n\nb,2\n")) == [("a", "1"), ("b", "2")]
