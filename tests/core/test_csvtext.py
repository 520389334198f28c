"""CSV as the product writes it: the same rule of safe text in Python and in SQL."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import csvtext
from core.warehouse.selection import Field, Selection

TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
RISKY = st.builds(str.__add__, st.sampled_from([*csvtext.DANGEROUS, "'", " "]), TEXT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=b", "a=b"),
        (" =1", " =1"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_marked(text: str, expected: str) -> None:
    assert csvtext.safe(text) == expected


@given(texts=st.lists(TEXT | RISKY, min_size=1, max_size=40))
@settings(max_examples=30, deadline=None)
def test_python_and_sql_mark_the_same_text(texts: list[str]) -> None:
    query = Selection("texts", (Field("text", "text"),)).text(is_safe=True)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE texts (text VARCHAR)")
        connection.execute("INSERT INTO texts SELECT unnest($1)", [texts])
        marked = [text or "" for (text,) in connection.execute(query).fetchall()]
    assert marked == [csvtext.safe(text) for text in texts]


@given(
    rows=st.lists(st.tuples(TEXT | RISKY, TEXT), max_size=5),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_read_again(
    rows: list[tuple[str, str]], delimiter: str
) -> None:
    text = csvtext.content(rows, delimiter=delimiter).decode()
    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    assert [tuple(row) for row in read] == rows
