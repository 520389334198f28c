"""One sheet of a workbook, cell by cell, to columns of text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, Final

from core.files.cell import (
    BLANK,
    FORMULA_TEXT,
    INLINE,
    MOMENT,
    NUMBER,
    NUMBERS,
    TEXT,
    VALUE,
    cell_of,
    column_number,
    worded,
)
from core.files.cellnumber import formed_number, plain_number
from core.files.dialect import MAX_COLUMNS
from core.files.numberformat import PLAIN
from core.files.plainrows import without_plain_rows
from core.files.xmlstream import XmlError, chunks, parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.files.numberformat import Form

MAX_ROW: Final = 1_048_576
"""Last row of a sheet. Source: Excel specifications and limits."""

MAX_CELL_CHARS: Final = 131_072
"""Longest cell; Excel's own limit is a quarter of it."""

MAX_TEXT_CHARS: Final = 256 * 1024**2
"""Most text of a sheet; one shared text may stand in a million cells."""

MAX_CELLS: Final = 50_000_000
"""Most cells of a sheet, those left empty inside rows included."""

FLUSHED_ROWS: Final = 20_000
"""Rows held as cells before they are packed as bytes."""

_BLANKS: Final = " \t\u00a0"
_TEXTS: Final = frozenset({"v", "t", "f"})
_MERGED = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True)
class Style:
    """What cells refer to: shared texts by position, forms of numbers by number."""

    texts: list[str]
    forms: dict[str, Form]
    epoch: datetime


@dataclass
class Sheet:
    """Rows that hold something, packed: each text in UTF-8 ends with a zero byte.

    columns has one entry per column, from A on, each with row_count texts. kinds has
    one text per row: the kind of each cell up to its last one. lines has the number
    of each row. merged lists column, first and last row of cells merged downwards.
    """

    columns: list[bytearray] = field(default_factory=list)
    kinds: bytearray = field(default_factory=bytearray)
    lines: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0


def read_sheet(stream: IO[bytes], style: Style) -> Sheet:
    """Read the cells of a sheet.

    Raises:
        XmlError: It is damaged or beyond the limits.
    """
    reader = SheetReader(style)
    parse(without_plain_rows(chunks(stream), reader.take), reader)
    reader.flush()
    return reader.sheet


class SheetReader:
    """Collects cells to rows, rows to packed columns; flush when all are taken."""

    def __init__(self, style: Style) -> None:
        self.text: list[str] = []
        self.sheet = Sheet()
        self._style = style
        self._positions: dict[str, int] = {}
        self._cells: list[tuple[str, ...]] = []
        self._cell: dict[str, str] = {}
        self._rows: list[list[str]] = []
        self._kinds: list[str] = []
        self._line = 0
        self._is_hidden = False
        self._is_phonetic = False
        self._chars = 0
        self._width = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element of a sheet of Excel."""
        if name == "c":
            self._cell = attributes
        elif name in _TEXTS:
            self.text.clear()
        elif name == "row":
            self._begin_row(attributes)
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        """End an element of a sheet of Excel."""
        if name == "c":
            self._cells.append(cell_of(self._cell))
        elif name in _TEXTS:
            self._add_text(name)
        elif name == "row":
            self._end_row(self._cells)
        elif name == "rPh":
            self._is_phonetic = False

    def take(
        self, line: int, cells: Sequence[tuple[str, ...]], *, is_hidden: bool = False
    ) -> None:
        """Add a row that was not parsed; cells in the order of Cell.

        Raises:
            XmlError: It is out of order or beyond the limits.
        """
        self._move_to(line)
        self._is_hidden = is_hidden
        self._end_row(cells)

    def flush(self) -> None:
        """Pack the rows that were collected."""
        columns, rows = self.sheet.columns, self._rows
        if not rows:
            return
        done = len(self.sheet.lines) - len(rows)
        for _ in range(len(columns), self._width):
            columns.append(bytearray(done))
        padded = zip_longest(*rows, fillvalue="")
        for column, cells in zip(columns, padded, strict=False):
            column.extend("\0".join(cells).encode() + b"\0")
        for column in columns[max(map(len, rows)) :]:
            column.extend(bytes(len(rows)))
        self.sheet.kinds += "\0".join(self._kinds).encode() + b"\0"
        rows.clear()
        self._kinds.clear()

    def _begin_row(self, attributes: dict[str, str]) -> None:
        line = attributes.get("r", "")
        self._move_to(int(line) if line.isdecimal() else self._line + 1)
        self._is_hidden = attributes.get("hidden") in {"1", "true"}
        self._cells.clear()

    def _move_to(self, line: int) -> None:
        if not self._line < line <= MAX_ROW:
            wrong = f"row {line} comes after row {self._line}"
            raise XmlError(f"is damaged: {wrong}")
        self._line = line

    def _add_text(self, name: str) -> None:
        """Keep the text that ended beside the attributes of its cell."""
        if name == "v":
            self._cell[VALUE] = "".join(self.text)
        elif name == "f":
            self._cell[FORMULA_TEXT] = "".join(self.text)
        elif not self._is_phonetic:
            self._cell[INLINE] = self._cell.get(INLINE, "") + "".join(self.text)

    def _end_row(self, cells: Sequence[tuple[str, ...]]) -> None:
        row, kinds = self._row(cells)
        self.text.clear()
        whole = "".join(row)
        if not whole.strip(_BLANKS):
            return
        self._rows.append(row)
        self._kinds.append("".join(kinds))
        self.sheet.lines.append(self._line)
        self.sheet.hidden_rows += self._is_hidden
        self._check(row, len(whole))
        if len(self._rows) == FLUSHED_ROWS:
            self.flush()

    def _check(self, row: list[str], chars: int) -> None:
        """Refuse a row, or a sheet, beyond the limits."""
        if len(row) > MAX_COLUMNS:
            place = f"column {len(row):,} of row {self._line:,}"
            raise XmlError(f"holds a value in {place}: no export is so wide")
        if chars > MAX_CELL_CHARS and max(map(len, row)) > MAX_CELL_CHARS:
            wrong = f"has more than {MAX_CELL_CHARS:,} characters in one cell"
            raise XmlError(f"{wrong} of row {self._line:,}: no export does")
        self._chars += chars
        self._width = max(self._width, len(row))
        size = self._width * len(self.sheet.lines)
        if self._chars > MAX_TEXT_CHARS or size > MAX_CELLS:
            raise XmlError("holds more cells or text than any export")

    def _row(self, cells: Sequence[tuple[str, ...]]) -> tuple[list[str], list[str]]:
        """Return texts and kinds of the cells of a row, up to the last one."""
        row: list[str] = []
        kinds: list[str] = []
        position = -1
        positions, forms = self._positions, self._style.forms
        for _, letters, style, kind, value, inline in cells:
            before = position
            position = positions.get(letters, -1)
            if position <= before:
                position = self._slow_position(letters, before)
            if kind == "s" and value:
                text, what = self._shared(value), TEXT
            elif kind in NUMBERS:
                form = forms.get(style or "0", PLAIN)
                if form is PLAIN:
                    text, what = plain_number(value), NUMBER
                else:
                    text, what = self._formed(value, form)
            else:
                text, what = worded(kind, value, inline)
            if not text:
                continue
            if position > len(row):
                row += [""] * (position - len(row))
                kinds += [BLANK] * (position - len(kinds))
            row.append(text)
            kinds.append(what)
        return row, kinds

    def _slow_position(self, letters: str, before: int) -> int:
        """Tell the position of a new column; the next one when it has no name."""
        if not letters:
            return before + 1
        if len(letters) > 3 or not (letters.isascii() and letters.isupper()):
            raise XmlError(f"is damaged: there is no column {letters[:20]!r}")
        self._positions[letters] = position = column_number(letters)
        if position <= before:
            raise XmlError(f"is damaged: row {self._line} is out of order")
        return position

    def _shared(self, value: str) -> str:
        texts = self._style.texts
        if value.isdecimal() and int(value) < len(texts):
            return texts[int(value)]
        raise XmlError(f"is damaged: row {self._line} refers to a text that is missing")

    def _formed(self, value: str, form: Form) -> tuple[str, str]:
        text = formed_number(value, form, self._style.epoch)
        return text, MOMENT if "-" in text[1:] or ":" in text else NUMBER

    def _merge(self, reference: str) -> None:
        match = _MERGED.fullmatch(reference)
        if match and int(match[4]) > int(match[2]):
            position = column_number(match[1])
            self.sheet.merged.append((position, int(match[2]), int(match[4])))
