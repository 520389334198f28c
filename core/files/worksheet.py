"""One sheet of a workbook, cell by cell, to columns of text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, Final

from core.files.cellnumber import formed_number, plain_number
from core.files.numberformat import PLAIN
from core.files.xmlstream import XmlError, parse

if TYPE_CHECKING:
    from datetime import datetime

    from core.files.numberformat import Form

MAX_COLUMNS: Final = 1000
"""Last column that may hold a value; exports have some dozens."""

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

TEXT: Final = "t"
NUMBER: Final = "n"
MOMENT: Final = "d"
FORMULA: Final = "f"
BLANK: Final = " "
"""What a cell holds, one letter each; FORMULA is one whose value was not saved."""

_BLANKS: Final = " \t\u00a0"
_DIGITS: Final = "0123456789"
_TEXTS: Final = frozenset({"v", "t", "f"})
_VALUE: Final = "=v"
_FORMULA: Final = "=f"
_INLINE: Final = "=t"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
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
    reader = _Reader(style)
    parse(stream, reader)
    reader.flush()
    return reader.sheet


def column_number(letters: str) -> int:
    """Return the position of a column, 0 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def unescaped(text: str) -> str:
    """Resolve `_x000D_` and the like, as workbooks write what XML cannot hold."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    paired = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")


class _Reader:
    """Collects cells to rows, rows to packed columns.

    A cell is the dict of its attributes; what stands inside is added under _VALUE,
    _FORMULA and _INLINE.
    """

    def __init__(self, style: Style) -> None:
        self.text: list[str] = []
        self.sheet = Sheet()
        self._style = style
        self._positions: dict[str, int] = {}
        self._cells: list[dict[str, str]] = []
        self._rows: list[list[str]] = []
        self._kinds: list[str] = []
        self._line = 0
        self._is_hidden = False
        self._is_phonetic = False
        self._chars = 0
        self._width = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cells.append(attributes)
        elif name in _TEXTS:
            self.text.clear()
        elif name == "row":
            self._begin_row(attributes)
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name == "c":
            return
        if name in _TEXTS:
            if self._cells:
                self._add_text(name)
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._is_phonetic = False

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
        line = attributes.get("r")
        following = self._line + 1
        self._line = int(line) if line and line.isdecimal() else following
        if not following <= self._line <= MAX_ROW:
            raise XmlError(f"is damaged: row {self._line} stands below row {following}")
        self._is_hidden = attributes.get("hidden") in {"1", "true"}
        self._cells.clear()

    def _add_text(self, name: str) -> None:
        cell = self._cells[-1]
        if name == "v":
            cell[_VALUE] = "".join(self.text)
        elif name == "f":
            cell[_FORMULA] = "".join(self.text)
        elif not self._is_phonetic:
            cell[_INLINE] = cell.get(_INLINE, "") + "".join(self.text)

    def _end_row(self) -> None:
        row, kinds = self._row()
        self.text.clear()
        self._cells.clear()
        if not any(text.strip(_BLANKS) for text in row):
            return
        self._rows.append(row)
        self._kinds.append("".join(kinds))
        if len(row) > MAX_COLUMNS:
            place = f"column {len(row):,} of row {self._line:,}"
            raise XmlError(f"holds a value in {place}: no export is so wide")
        self._width = max(self._width, len(row))
        chars = sum(map(len, row))
        if chars > MAX_CELL_CHARS:
            self._check_longest(row)
        self._chars += chars
        self.sheet.lines.append(self._line)
        self.sheet.hidden_rows += self._is_hidden
        cells = self._width * len(self.sheet.lines)
        if self._chars > MAX_TEXT_CHARS or cells > MAX_CELLS:
            raise XmlError("holds more cells or text than any export")
        if len(self._rows) == FLUSHED_ROWS:
            self.flush()

    def _row(self) -> tuple[list[str], list[str]]:
        """Return texts and kinds of the cells of a row, up to the last one."""
        row: list[str] = []
        kinds: list[str] = []
        position = -1
        for cell in self._cells:
            letters = cell["r"].rstrip(_DIGITS) if "r" in cell else ""
            before = position
            position = self._positions.get(letters, -1)
            if position <= before:
                position = self._slow_position(letters, before)
            text, kind = self._content(cell)
            if not text:
                continue
            if position > len(row):
                row += [""] * (position - len(row))
                kinds += [BLANK] * (position - len(kinds))
            row.append(text)
            kinds.append(kind)
        return row, kinds

    def _check_longest(self, row: list[str]) -> None:
        if max(map(len, row)) > MAX_CELL_CHARS:
            wrong = f"has more than {MAX_CELL_CHARS:,} characters in one cell"
            raise XmlError(f"{wrong} of row {self._line:,}: no export does")

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

    def _content(self, cell: dict[str, str]) -> tuple[str, str]:
        """Return the text of a cell, and its kind."""
        kind, value = cell.get("t", "n"), cell.get(_VALUE)
        if kind == "n" and value and not value.isspace():
            return self._number(value, cell.get("s", "0"))
        if kind == "s" and value:
            return self._shared(value), TEXT
        if kind == "inlineStr":
            return unescaped(cell.get(_INLINE, "")), TEXT
        if value is None or kind == "n":
            return (f"={cell[_FORMULA]}", FORMULA) if _FORMULA in cell else ("", BLANK)
        return _worded(kind, value)

    def _shared(self, value: str) -> str:
        texts = self._style.texts
        if value.isdecimal() and int(value) < len(texts):
            return texts[int(value)]
        raise XmlError(f"is damaged: row {self._line} refers to a text that is missing")

    def _number(self, value: str, style: str) -> tuple[str, str]:
        form = self._style.forms.get(style, PLAIN)
        if form is PLAIN:
            return plain_number(value), NUMBER
        text = formed_number(value, form, self._style.epoch)
        return text, MOMENT if "-" in text[1:] or ":" in text else NUMBER

    def _merge(self, reference: str) -> None:
        match = _MERGED.fullmatch(reference)
        if match and int(match[4]) > int(match[2]):
            position = column_number(match[1])
            self.sheet.merged.append((position, int(match[2]), int(match[4])))


def _worded(kind: str, value: str) -> tuple[str, str]:
    """Return text and kind of a cell of a rarer type."""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value), TEXT
    if kind == "d":
        return value.removesuffix("T00:00:00").replace("T", " "), MOMENT
    return unescaped(value), TEXT
