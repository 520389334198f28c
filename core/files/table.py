"""Text of a file to a table of text: rows, and the lines on which they begin.

Rows without any text (blank lines, `,,,`) are no rows. Line ends inside quoted
cells become LF. Nothing is trimmed, typed or renamed here but the header's edges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.errors import RowProblem, UnreadableFileError
from core.files.dialect import MAX_COLUMNS, Dialect, find_dialect
from core.files.records import MAX_CELL_CHARS, Records, WrongRow, read_records
from core.files.text import read_text
from core.files.textcolumns import coded, packed, plain
from core.progress import tell

if TYPE_CHECKING:
    from core.files.upload import Upload

MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<table")
"""How web pages and XML begin; some tools name them .csv or .xls."""

MAX_NAME_CHARS: Final = 1000
"""Longest name of a column; beyond it the first lines hold no header."""

MAX_LINES: Final = 50_000_000
"""Most lines of a text; the largest export that was seen has a fifth of them."""

SHOWN_CHARS: Final = 2000
"""Longest text of a refused row with a wrong number of cells that is reported."""


@dataclass(frozen=True)
class TextTable:
    """A table as text. Grain: one row of the file, in file order.

    header has the names as sent, blanks at their edges cut. columns has one string
    column per header name, named "0", "1", ... in header order, without nulls; of a
    large table those whose texts repeat are dictionary-coded. lines
    (int64) is the line on which each row begins, counted from 1. problems are the
    rows with too few or too many cells; they are not in columns, but in wrong_rows with
    the same lines. delimiter and encoding are empty for a sheet of a workbook. notes
    are sentences for staff.
    """

    file: str
    header: tuple[str, ...]
    columns: pa.Table
    lines: pa.Array
    problems: tuple[RowProblem, ...]
    delimiter: str
    encoding: str
    notes: tuple[str, ...] = ()
    wrong_rows: tuple[WrongRow, ...] = ()

    @property
    def rows_read(self) -> int:
        """Rows of the file below the header, good or refused."""
        return int(self.columns.num_rows) + len(self.problems)

    def column(self, index: int) -> pa.Array:
        """Return the cells of one column as one array of strings."""
        return plain(self.columns.column(index))

    def coded(self, index: int) -> pa.DictionaryArray:
        """Return the cells of one column as codes of its distinct texts."""
        return coded(self.columns.column(index))

    def top(self, rows: int) -> TextTable:
        """Return the first rows, without those that have a wrong number of cells."""
        first = self.columns.slice(0, rows)
        texts = {name: plain(first[name]) for name in first.column_names}
        return replace(
            self,
            columns=pa.table(texts) if texts else first,
            lines=self.lines.slice(0, rows),
            problems=(),
            wrong_rows=(),
        )


def read_table(upload: Upload) -> TextTable:
    """Read a delimited text file.

    Delimiter `,` `;` tab or `|`, line ends CRLF, LF or CR, cells quoted with `"`,
    titles above the header. A table may have no rows.

    Raises:
        UnreadableFileError: The file is empty, binary, damaged, a web page, has a
            quotation mark that is never closed, or a line too long for a row.
    """
    tell(0.0, "unpacking the text")
    text = read_text(upload)
    tell(0.1, "finding the rows")
    body = text.content
    if body.lstrip()[:9].lower().startswith(MARKUP):
        wrong = "is a web page or XML, whatever its name says"
        raise UnreadableFileError(upload.name, wrong, "Export it as CSV")
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if body.count(b"\n") > MAX_LINES:
        wrong = f"has more than {MAX_LINES:,} lines"
        raise UnreadableFileError(upload.name, wrong, "Export fewer months at a time")
    dialect = _dialect(body, upload.name)
    start = _line_offset(body, dialect.body_line)
    records = read_records(
        body, start, dialect.body_line, dialect.delimiter, len(dialect.header)
    )
    if isinstance(records, str):
        raise UnreadableFileError(upload.name, records, "Export it again")
    encoding = text.encoding
    # The columns hold it all: beside them a long text would double what is held.
    del body, text
    return _table(upload.name, dialect, encoding, records)


def _dialect(body: bytes, file: str) -> Dialect:
    """Find the dialect in the top of a file."""
    top = body[: 4 * MAX_CELL_CHARS].decode(errors="ignore")
    dialect = find_dialect(top)
    if dialect is None or max(map(len, dialect.header)) > MAX_NAME_CHARS:
        wrong = "has no header in its first lines"
        raise UnreadableFileError(file, wrong, "Export it again")
    if len(dialect.header) > MAX_COLUMNS:
        wrong = f"has {len(dialect.header):,} columns: no export is so wide"
        raise UnreadableFileError(file, wrong, "Export it again")
    return dialect


def _line_offset(body: bytes, line: int) -> int:
    """Return where a line begins, or the end of body when there is none."""
    offset = 0
    for _ in range(line - 1):
        offset = body.find(b"\n", offset) + 1
        if offset == 0:
            return len(body)
    return offset


def _table(file: str, dialect: Dialect, encoding: str, records: Records) -> TextTable:
    width = len(dialect.header)
    problems = tuple(
        _problem(file, row, width, dialect.delimiter) for row in records.wrong
    )
    return TextTable(
        file=file,
        header=dialect.header,
        columns=packed(records.columns),
        lines=records.lines,
        problems=problems,
        delimiter=dialect.delimiter,
        encoding=encoding,
        wrong_rows=records.wrong,
    )


def _problem(file: str, row: WrongRow, width: int, delimiter: str) -> RowProblem:
    reason = f"{len(row.cells)} cells where the header has {width}"
    if len(row.cells) > width and delimiter == ",":
        reason += "; a number with a decimal comma must stand in quotation marks"
    value = delimiter.join(row.cells)[:SHOWN_CHARS]
    return RowProblem(file, row.line, "whole row", value, reason)
