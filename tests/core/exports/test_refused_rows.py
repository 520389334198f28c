"""Refused rows as a file: every field whole, whatever stands in it."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RowProblem
from core.exports import refused_rows


def test_columns_and_order_are_those_given() -> None:
    problems = [
        RowProblem("u.csv", 7, "Date", "2026-13", "there is no month 13"),
        RowProblem("u.csv", 3, "Date", "", "empty"),
    ]
    assert refused_rows.csv_bytes(problems).decode() == (
        "line,column,value,reason\n7,Date,2026-13,there is no month 13\n3,Date,,empty\n"
    )


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_value_is_read_back_as_it_was(value: str) -> None:
    problem = RowProblem("u.csv", 2, "Date", value, "odd")
    text = refused_rows.csv_bytes([problem]).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["value"] for row in rows] == [value]
