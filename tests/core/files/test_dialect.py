"""Delimiter and header found in the top of a text."""

from __future__ import annotations

import pytest

from core.files.dialect import find_dialect


@pytest.mark.parametrize(
    ("text", "delimiter", "header", "body_line"),
    [
        ("Subuser,Date,GB\nann,2024-01,5\n", ",", ("Subuser", "Date", "GB"), 2),
        ("Subuser;Date;GB\nann;2024-01;0,5\n", ";", ("Subuser", "Date", "GB"), 2),
        ("Subuser\tDate\nann\t2024-01\n", "\t", ("Subuser", "Date"), 2),
        ("Subuser|Date\nann|2024-01\n", "|", ("Subuser", "Date"), 2),
        ("sep=;\nSubuser;Date\nann;2024-01\n", ";", ("Subuser", "Date"), 3),
        ('"SEP=\t"\na\tb,c\n1\t2\n', "\t", ("a", "b,c"), 3),
        ("\n\nSubuser,Date\nann,2024-01\n", ",", ("Subuser", "Date"), 4),
        (
            "Report of use\n\nSubuser,Date,GB\na,2,3\n",
            ",",
            ("Subuser", "Date", "GB"),
            4,
        ),
        ("Report,,\nSubuser,Date,GB\na,2,3\n", ",", ("Subuser", "Date", "GB"), 3),
        ("From, 2024-01\nSubuser;GB\nann;5\nbob;6\n", ";", ("Subuser", "GB"), 3),
        ("Subuser,Date,GB\na,2024-01,0,5\nb,2024-01,1,5\n", ",", None, 2),
        ('"Sub\nuser",Date\nann,1\n', ",", ("Sub\nuser", "Date"), 3),
        (" Subuser ,\ufeffDate\nann,1\n", ",", ("Subuser", "Date"), 2),
        ("Name,Note\nann,a; b; c\nbob,d; e; f\n", ",", ("Name", "Note"), 2),
        ("Subuser,Date", ",", ("Subuser", "Date"), 2),
        ("Subuser\nann\n", ",", ("Subuser",), 2),
        ("1,2\n3,4\n", ",", ("1", "2"), 2),
    ],
)
def test_header_and_delimiter_are_found(
    text: str, delimiter: str, header: tuple[str, ...] | None, body_line: int
) -> None:
    dialect = find_dialect(text)
    assert dialect is not None
    assert dialect.delimiter == delimiter
    assert dialect.header == (header or ("Subuser", "Date", "GB"))
    assert dialect.body_line == body_line


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n,,", "sep=;\n"])
def test_text_without_any_name_has_no_dialect(text: str) -> None:
    assert find_dialect(text) is None


def test_header_beyond_the_first_ten_rows_is_not_looked_for() -> None:
    text = "1,2\n" * 10 + "Subuser,Date\n"
    dialect = find_dialect(text)
    assert dialect is not None
    assert dialect.header == ("1", "2")
