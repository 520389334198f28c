"""Cells of a sheet to a table of text: merged cells, header, formulas without value."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RowProblem
from core.files.cell import FORMULA, MOMENT, NUMBER, TEXT
from core.files.dialect import BLANKS, SAMPLE_ROWS, find_header
from core.files.records import WrongRow
from core.files.table import SHOWN_CHARS, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.files.workbookreader import SheetHead

NO_VALUE: Final = (
    "a formula whose value was not saved; open the file in a spreadsheet program and "
    "save it there"
)
"""Why a row with such a formula is refused."""


@dataclass(frozen=True)
class PackedSheet:
    """A sheet as workbookreader writes it."""

    head: SheetHead
    columns: tuple[memoryview, ...]
    kinds: memoryview


@dataclass(frozen=True)
class _Grid:
    """All rows of a sheet; positions are those of columns in the sheet, 0 for A."""

    columns: dict[int, pa.Array]
    kinds: pa.Array
    lines: pa.Array

    def rows(self, wanted: pa.Array | slice) -> _Grid:
        """Return some of the rows: those of a mask, or of a slice."""

        def part(array: pa.Array) -> pa.Array:
            if isinstance(wanted, slice):
                return array[wanted]
            return array.filter(wanted)

        columns = {position: part(cells) for position, cells in self.columns.items()}
        return _Grid(columns, part(self.kinds), part(self.lines))


def sheet_table(sheet: PackedSheet, file: str) -> TextTable:
    """Make a table of a sheet; titles may stand above its header.

    Columns without any text from the header on are left out. lines are row numbers of
    the sheet. Rows with a formula whose value was not saved are refused.
    """
    columns = [_texts(piece) for piece in sheet.columns]
    kinds, lines = _texts(sheet.kinds), sheet.head["lines"]
    filled = _fill(columns, kinds, lines, sheet.head["merged"])
    grid = _Grid(dict(enumerate(columns)), kinds, pa.array(lines, pa.int64()))
    place = _header_place(grid)
    header = {
        position: cells[place].as_py().strip(BLANKS)
        for position, cells in grid.columns.items()
        if pc.any(pc.not_equal(cells[place:], "")).as_py()
    }
    below = grid.rows(slice(place + 1, None))
    is_open = pc.match_substring(below.kinds, FORMULA)
    good, refused = below.rows(pc.invert(is_open)), below.rows(is_open)
    table = [good.columns[position] for position in header]
    return TextTable(
        file=file,
        header=tuple(header.values()),
        columns=pa.table(table, names=[str(number) for number in range(len(header))]),
        lines=good.lines,
        problems=_problems(refused, header, file),
        wrong_rows=_wrong_rows(refused, header),
        delimiter="",
        encoding="",
        notes=(*_notes(sheet.head["hidden_rows"], filled), *_typed(good.kinds, header)),
    )


def _texts(piece: memoryview) -> pa.Array:
    """Unpack texts that each end with a zero byte."""
    whole = pa.array([bytes(piece[:-1])], pa.binary())
    return pc.split_pattern(whole, b"\0").flatten().cast(pa.string())


def _fill(
    columns: list[pa.Array],
    kinds: pa.Array,
    lines: list[int],
    merged: Iterable[tuple[int, int, int]],
) -> int:
    """Repeat texts and dates of cells merged downwards; return how many cells."""
    filled = 0
    for position, areas in groupby(sorted(merged), key=itemgetter(0)):
        if position >= len(columns):
            continue
        sources = list(range(len(lines)))
        done = 0
        for _, first, last in areas:
            start, end = bisect_left(lines, first), bisect_right(lines, last)
            if start < done or start == len(lines) or lines[start] != first:
                continue
            if kinds[start].as_py()[position : position + 1] in {TEXT, MOMENT}:
                sources[start:end] = [start] * (end - start)
                filled += end - start > 1
            done = end
        cells = columns[position]
        is_blank = pc.equal(cells, "")
        columns[position] = pc.if_else(is_blank, cells.take(pa.array(sources)), cells)
    return filled


def _header_place(grid: _Grid) -> int:
    """Find the row that is the header."""
    top = [cells[:SAMPLE_ROWS].to_pylist() for cells in grid.columns.values()]
    used = [cells for cells in top if any(cells)]
    rows = [_without_end(cells) for cells in zip(*used, strict=True)]
    # Each column has a name, but any row may end in blank cells.
    return find_header(rows, max(map(len, rows)))[0]


def _without_end(cells: Sequence[str]) -> Sequence[str]:
    """Cut blank cells off the end of a row."""
    width = len(cells)
    while width and not cells[width - 1].strip(BLANKS):
        width -= 1
    return cells[:width]


def _problems(rows: _Grid, header: dict[int, str], file: str) -> tuple[RowProblem, ...]:
    """Refuse rows by their first formula without a value."""
    found = []
    for index, kinds in enumerate(rows.kinds.to_pylist()):
        position = kinds.index(FORMULA)
        value = rows.columns[position][index].as_py()[:SHOWN_CHARS]
        line = rows.lines[index].as_py()
        found.append(RowProblem(file, line, header[position], value, NO_VALUE))
    return tuple(found)


def _wrong_rows(rows: _Grid, header: dict[int, str]) -> tuple[WrongRow, ...]:
    cells = [rows.columns[position].to_pylist() for position in header]
    return tuple(map(WrongRow, rows.lines.to_pylist(), zip(*cells, strict=True)))


def _notes(hidden_rows: int, filled: int) -> list[str]:
    notes = []
    if hidden_rows:
        notes.append(f"{hidden_rows:,} hidden rows of the sheet were read as well.")
    if filled:
        notes.append(
            f"{filled:,} cells are merged over several rows: "
            "their text was taken for each of these rows."
        )
    return notes


def _typed(kinds: pa.Array, header: dict[int, str]) -> list[str]:
    """Tell of columns of text in which some cells are numbers or dates."""
    counts: Counter[tuple[int, str]] = Counter()
    for entry in pc.value_counts(kinds).to_pylist():
        for position, kind in enumerate(entry["values"]):
            counts[position, kind] += entry["counts"]
    notes = []
    for position, name in header.items():
        typed = counts[position, NUMBER] + counts[position, MOMENT]
        if 0 < typed < counts[position, TEXT]:
            notes.append(
                f"Column {name!r}: {typed:,} cells hold a number or a date, the others "
                "text. A spreadsheet may have changed them: zeros in front, digits "
                "beyond 15, names like 22E1 or Mar-20."
            )
    return notes
