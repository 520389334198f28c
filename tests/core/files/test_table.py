"""Files to tables of text."""

from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import AppError, UnreadableFileError
from core.files import table as tables
from core.files.table import TextTable, read_table
from core.files.upload import Upload

if TYPE_CHECKING:
    import pyarrow as pa

HEADER = ["Subuser", "Date", "Usage"]
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=8)


def read(content: bytes | str) -> TextTable:
    content = content.encode() if isinstance(content, str) else content
    return read_table(Upload("usage.csv", content))


def rows_of(table: TextTable) -> list[tuple[str, ...]]:
    return list(zip(*table.columns.to_pydict().values(), strict=True))


def told(content: bytes) -> str:
    """Return the message of the told error, or that there was none."""
    try:
        table = read(content)
    except AppError as error:
        return str(error)
    return f"usage.csv: {table.rows_read} rows"


@given(
    rows=ROWS,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    is_packed=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_a_table_written_in_any_dialect_reads_back(
    rows: list[tuple[str, str, str]],
    delimiter: str,
    line_end: str,
    encoding: str,
    quoting: int,
    is_packed: bool,
) -> None:
    rows = [row for row in rows if any(cell.strip(" \t\u00a0") for cell in row)]
    stream = io.StringIO()
    stream.write(f"sep={delimiter}{line_end}")
    if line_end == "\r":  # csv would leave a line feed in a cell without quotes.
        quoting = csv.QUOTE_ALL
    writer = csv.writer(
        stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting
    )
    writer.writerows([HEADER, *rows])
    content = stream.getvalue().encode(encoding)
    table = read(gzip.compress(content, mtime=0) if is_packed else content)
    assert table.header == tuple(HEADER)
    assert rows_of(table) == rows
    assert table.problems == ()


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_below_a_header_are_read_or_told(content: bytes) -> None:
    assert told(b"Subuser,Date,Usage\n" + content).startswith("usage.csv: ")


@given(st.integers(0, 80), st.integers(0, 255))
@settings(max_examples=50, deadline=None)
def test_a_changed_byte_is_read_or_told(place: int, byte: int) -> None:
    content = bytearray(b'Subuser,Date,Usage\r\n"ann",2024-01,5\r\nbob,2024-02,7\r\n')
    assume(place < len(content))
    content[place] = byte
    assert told(bytes(content)).startswith("usage.csv: ")


def test_table_tells_how_it_was_written() -> None:
    table = read("Subuser;Date\r\nann;2024-01\r\n".encode("utf-16"))
    assert (table.file, table.delimiter, table.encoding) == ("usage.csv", ";", "utf-16")
    assert table.columns.column_names == ["0", "1"]
    assert table.column(0).to_pylist() == ["ann"]
    assert table.lines.to_pylist() == [2]


def test_titles_above_the_header_keep_the_line_numbers() -> None:
    table = read("Usage report\n\nSubuser,Date\nann,2024-01\n\nbob,2024-02\n")
    assert table.header == ("Subuser", "Date")
    assert table.lines.to_pylist() == [4, 6]


def test_rows_of_a_wrong_width_are_refused_with_their_line() -> None:
    table = read("Subuser,Date,Usage\nann,2024-01,5\nbob,2024-01,0,5\ncid,2024-01\n")
    assert rows_of(table) == [("ann", "2024-01", "5")]
    too_many, too_few = table.problems
    assert (too_many.line, too_many.value) == (3, "bob,2024-01,0,5")
    assert "4 cells where the header has 3; a number with a decimal comma" in (
        too_many.reason
    )
    assert (too_few.line, too_few.reason) == (4, "2 cells where the header has 3")
    assert table.rows_read == 3


@pytest.mark.parametrize("content", ["Subuser,Date", "Subuser,Date\r\n\r\n,\r\n"])
def test_header_alone_is_a_table_without_rows(content: str) -> None:
    table = read(content)
    assert table.header == ("Subuser", "Date")
    assert table.rows_read == 0
    assert table.column(1).to_pylist() == []


def test_repeated_header_names_are_kept() -> None:
    table = read("Date,Date\n1,2\n")
    assert table.header == ("Date", "Date")
    assert rows_of(table) == [("1", "2")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "is a web page or XML"),
        (b"\n<?xml version='1.0'?>", "is a web page or XML"),
        (b",,\n,,\n", "has no header in its first lines"),
        (b'Subuser,Date\n"ann,2024-01\n', "quotation mark on line 2 that is never"),
        (b"Subuser,Date\n" + b"x" * 10_000_000 + b",1\n", "in one cell on line 2"),
        (b"x" * 10_000_000, "has no header in its first lines"),
        (gzip.compress(b"Subuser,Date\n" * 99, mtime=0)[:-9], "cut off"),
    ],
)
def test_what_is_no_table_is_told(content: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read(content)


def test_a_header_too_wide_for_an_export_is_told() -> None:
    names = ",".join(f"c{number}" for number in range(10_000))
    with pytest.raises(UnreadableFileError, match="has 10,000 columns: no export"):
        read_table(Upload("wide.csv", f"{names}\n1,2\n".encode()))


def test_text_is_let_go_before_its_columns_are_packed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content, held = b"Subuser,Usage\r\n" + b"ann,12345678\r\n" * 100_000, []

    def packed(columns: pa.Table) -> pa.Table:
        held.append(tracemalloc.get_traced_memory()[0])
        return columns

    monkeypatch.setattr(tables, "packed", packed)
    tracemalloc.start()
    assert read(content).rows_read == 100_000
    tracemalloc.stop()
    assert held[0] < len(content) / 2
