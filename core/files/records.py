"""Rows of delimited text, in bulk where lines are rows, one by one where not.

The fastest way takes all text at once, where every line is a good row and quotation
marks do nothing but open and close cells. The fast way needs each line to be a row by
itself; it is taken block by block, and proved by a pattern when there are quotation
marks. The slow way is Python's csv module. All give the same.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_CELL_CHARS: Final = 131_072
"""Longest cell, and longest line. Source: the limit of Python's csv module."""

BLOCK_BYTES: Final = 16 * 1024**2
"""Text that is read at a time."""

BLANKS: Final = " \t\u00a0"
"""Characters that make no text: a row of them is no row."""

_END: Final = "\0end"


@dataclass(frozen=True)
class WrongRow:
    """A row whose number of cells is not the header's."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """Rows of text: columns and lines of the good ones, and the wrong ones."""

    columns: pa.Table
    lines: pa.Array
    wrong: tuple[WrongRow, ...]


def read_records(
    body: bytes, start: int, line: int, delimiter: str, width: int
) -> Records | str:
    """Read the rows of body, UTF-8 with LF line ends and without zero bytes.

    Args:
        body: The text.
        start: Where the rows begin in body.
        line: The number of the line that begins there.
        delimiter: One character.
        width: Cells of a good row.

    Returns:
        The rows in file order, or what is wrong, as a part of a sentence.
    """
    if (plain := _plain(body, start, line, delimiter, width)) is not None:
        return plain
    parts: list[Records] = []
    for block, first_line in _blocks(body, start, line):
        part = _bulk(block, first_line, delimiter, width)
        if part is None:
            text = body[start:].decode()
            return read_one_by_one(text, line, delimiter, width)
        if isinstance(part, str):
            return part
        parts.append(part)
    return _joined(parts, width)


def _plain(body: bytes, start: int, line: int, mark: str, width: int) -> Records | None:
    """Read text of which every line is a good row; None when some line may not be."""
    if body.startswith(codecs.BOM_UTF8, start):
        return None
    text = pa.BufferReader(pa.py_buffer(body).slice(start))
    quotes = body.count(b'"', start)
    odd: list[object] = []

    def skip(row: object) -> str:
        odd.append(row)
        return "skip"

    try:
        table = _read_csv(
            text, mark, width, BLOCK_BYTES // 4, skip, is_quoted=quotes > 0
        )
    except pa.ArrowInvalid:
        return None
    ends = body.count(b"\n", start)
    count = ends if body.endswith(b"\n") else ends + 1
    if odd or table.num_rows != count or not pc.all(_has_text(table)).as_py():
        return None
    sizes = [_longest_and_all(column) for column in table.columns]
    if sum(longest for longest, _ in sizes) + width > MAX_CELL_CHARS:
        return None
    # A mark that is doubled, or stands for itself, would be in a cell and counted too.
    cells = sum(size for _, size in sizes)
    is_all = cells + quotes + count * (width - 1) + ends == len(body) - start
    if quotes % 2 or not is_all:
        return None
    return Records(table, pa.arange(line, line + count), ())


def _longest_and_all(column: pa.ChunkedArray) -> tuple[int, int]:
    """Return the bytes of the longest cell, and of all cells."""
    lengths = pc.binary_length(column)
    return pc.max(lengths).as_py(), pc.sum(lengths).as_py()


def _blocks(body: bytes, start: int, line: int) -> Iterator[tuple[bytes, int]]:
    """Cut body into blocks of whole lines, with the number of their first line."""
    while start < len(body):
        end = start + BLOCK_BYTES
        if end < len(body):
            end = body.find(b"\n", end) + 1 or len(body)
        block = body[start:end]
        yield block, line
        line += block.count(b"\n")
        start = end


def _joined(parts: list[Records], width: int) -> Records:
    tables = [part.columns for part in parts] or [_schema(width).empty_table()]
    lines = [part.lines for part in parts] or [pa.array([], pa.int64())]
    wrong = tuple(chain.from_iterable(part.wrong for part in parts))
    columns = pa.concat_tables(tables).combine_chunks()
    return Records(columns, pa.concat_arrays(lines), wrong)


def _schema(width: int) -> pa.Schema:
    return pa.schema([(str(index), pa.string()) for index in range(width)])


def _bulk(block: bytes, first_line: int, mark: str, width: int) -> Records | str | None:
    """Read a block whose lines are rows; None when some line may not be one."""
    rows = pc.split_pattern(pa.array([block.removesuffix(b"\n")]), b"\n").flatten()
    rows = rows.cast(pa.string())
    longest = pc.max(pc.binary_length(rows)).as_py()
    if longest > MAX_CELL_CHARS:
        at = pc.index(pc.binary_length(rows), longest).as_py()
        return _too_long(first_line + at)
    is_quoted = b'"' in block
    if is_quoted and not _lines_are_rows(rows, mark):
        return None
    cells = _cell_counts(rows, mark, is_quoted=is_quoted)
    has_text = pc.not_equal(rows, "")
    is_good = pc.and_(has_text, pc.equal(cells, width))
    if not pc.any(is_good).as_py():
        table = _schema(width).empty_table()
    else:
        table = _parsed(block, mark, width, is_quoted=is_quoted)
    numbers = pa.arange(first_line, first_line + len(rows))
    lines = numbers.filter(is_good)
    if table.num_rows != len(lines):
        return None
    is_wrong = pc.and_(has_text, pc.not_equal(cells, width))
    wrong = _wrong_rows(rows.filter(is_wrong), numbers.filter(is_wrong), mark)
    is_row = _has_text(table).combine_chunks()
    if not pc.all(is_row).as_py():
        table, lines = table.filter(is_row), lines.filter(is_row)
    return Records(table, lines, wrong)


def _too_long(line: int) -> str:
    return (
        f"has more than {MAX_CELL_CHARS} characters in one cell on line {line}: "
        "no export does, perhaps a quotation mark is never closed"
    )


def _lines_are_rows(rows: pa.Array, mark: str) -> bool:
    """Tell whether each quotation mark opens, closes or is doubled in its line."""
    delimiter = re.escape(mark)
    cell = f'(?:[^"{delimiter}]*|"(?:[^"]|"")*")'
    pattern = f"^{cell}(?:{delimiter}{cell})*$"
    return bool(pc.all(pc.match_substring_regex(rows, pattern)).as_py())


def _cell_counts(rows: pa.Array, mark: str, *, is_quoted: bool) -> pa.Array:
    if is_quoted:
        rows = pc.replace_substring_regex(rows, '"[^"]*"', "")
    return pc.add(pc.count_substring(rows, mark), 1)


def _parsed(block: bytes, mark: str, width: int, *, is_quoted: bool) -> pa.Table:
    """Parse the rows of the right width."""
    if block.startswith(codecs.BOM_UTF8):
        # The reader would cut the mark off, which here is a part of a cell.
        block = b"\n" + block
    return _read_csv(
        io.BytesIO(block),
        mark,
        width,
        len(block) + 1,
        lambda _: "skip",
        is_quoted=is_quoted,
    )


def _read_csv(
    source: io.BytesIO | pa.BufferReader,
    mark: str,
    width: int,
    block_bytes: int,
    skip: Callable[[object], str],
    *,
    is_quoted: bool = False,
) -> pa.Table:
    """Parse the rows of the right width; the others are given to skip."""
    schema = _schema(width)
    return arrow_csv.read_csv(
        source,
        arrow_csv.ReadOptions(column_names=schema.names, block_size=block_bytes),
        arrow_csv.ParseOptions(
            delimiter=mark,
            quote_char='"' if is_quoted else False,
            invalid_row_handler=skip,
        ),
        arrow_csv.ConvertOptions(
            column_types=schema, strings_can_be_null=False, check_utf8=False
        ),
    )


def _has_text(table: pa.Table) -> pa.ChunkedArray:
    """Tell for each row whether a cell of it has text."""
    found = pc.not_equal(pc.utf8_trim(table.column(0), characters=BLANKS), "")
    for column in table.columns[1:]:
        if pc.all(found).as_py():
            return found
        has_text = pc.not_equal(pc.utf8_trim(column, characters=BLANKS), "")
        found = pc.or_(found, has_text)
    return found


def _wrong_rows(rows: pa.Array, lines: pa.Array, mark: str) -> tuple[WrongRow, ...]:
    cells = csv.reader(rows.to_pylist(), delimiter=mark)
    return tuple(
        WrongRow(line, tuple(row))
        for line, row in zip(lines.to_pylist(), cells, strict=True)
        if any(cell.strip(BLANKS) for cell in row)
    )


def read_one_by_one(
    text: str, first_line: int, delimiter: str, width: int
) -> Records | str:
    """Read rows whose quoted cells may hold line ends; as read_records else."""
    source = chain(io.StringIO(text, newline="\n"), ["\n", _END])
    reader = csv.reader(source, delimiter=delimiter)
    good: list[list[str]] = []
    lines: list[int] = []
    wrong: list[WrongRow] = []
    begin = first_line
    try:
        for row in reader:
            line, begin = begin, first_line + reader.line_num
            if row == [_END]:
                return _collected(good, lines, wrong, width)
            if not any(cell.strip(BLANKS) for cell in row):
                continue
            if len(row) == width:
                good.append(row)
                lines.append(line)
            else:
                wrong.append(WrongRow(line, tuple(row)))
    except csv.Error:
        return _too_long(begin)
    return f"has a quotation mark on line {line} that is never closed"


def _collected(
    good: list[list[str]], lines: list[int], wrong: list[WrongRow], width: int
) -> Records:
    columns = list(zip(*good, strict=True)) or [()] * width
    schema = _schema(width)
    arrays = [pa.array(column, pa.string()) for column in columns]
    table = pa.Table.from_arrays(arrays, schema=schema)
    return Records(table, pa.array(lines, pa.int64()), tuple(wrong))
