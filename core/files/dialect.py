"""How a text table is written: its delimiter, and where its header stands."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

DELIMITERS: Final = (",", ";", "\t", "|")
"""Delimiters of exports, the likelier first."""

HEADER_ROWS: Final = 10
"""A header is looked for in this many rows from the top; titles may stand above."""

SAMPLE_ROWS: Final = 200
"""Rows that the choice of delimiter rests on."""

MAX_COLUMNS: Final = 1000
"""Most columns of a table, and the last that may hold a value; exports have dozens."""

SAMPLE_BYTES: Final = 128 * 1024
"""Bytes of text that the sample is cut from."""

BLANKS: Final = " \t\u00a0\u200b\ufeff"
"""Characters that make no cell: they are cut from header names."""

_NUMBER_LIKE = re.compile(r"[\d\s.,:/+\-]*([eE][+-]?\d+)?")
_NO_NAME = BLANKS + "".join(DELIMITERS)
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """The writing of one text table.

    body_line is the line below the header, counted from 1.
    """

    delimiter: str
    header: tuple[str, ...]
    body_line: int


@dataclass(frozen=True)
class _Record:
    cells: tuple[str, ...]
    first_line: int
    next_line: int


@dataclass(frozen=True)
class _Guess:
    delimiter: str
    record: _Record
    is_header_like: bool
    share: float

    def rank(self) -> tuple[bool, bool, int, int]:
        line, width = self.record.first_line, len(self.record.cells)
        return self.is_header_like, self.share >= 0.5, -line, width


def find_dialect(text: str) -> Dialect | None:
    """Find delimiter and header in text with LF line ends; None if there is none.

    A first line `sep=;` names the delimiter. Otherwise it is the one that gives a
    header of words over rows of the same width.
    """
    sample = _sample(text)
    named = _SEP_LINE.fullmatch(sample.partition("\n")[0].strip(" "))
    marks = (named[1],) if named else DELIMITERS
    guesses = [_guess(sample, mark, skip=1 if named else 0) for mark in marks]
    found = [guess for guess in guesses if guess is not None]
    if not found:
        return None
    wide = [guess for guess in found if len(guess.record.cells) > 1]
    best = max(wide or found[:1], key=_Guess.rank)
    record = best.record
    header = tuple(cell.strip(BLANKS) for cell in record.cells)
    return Dialect(best.delimiter, header, record.next_line)


def _sample(text: str) -> str:
    """Cut whole lines from the top of text, as far as one cut allows."""
    if len(text) <= SAMPLE_BYTES:
        return text
    sample = text[:SAMPLE_BYTES]
    whole, newline, _ = sample.rpartition("\n")
    return whole if newline else sample


def _guess(sample: str, delimiter: str, *, skip: int) -> _Guess | None:
    """Find the header that a delimiter would give, below the skipped lines."""
    records = _records(sample, delimiter)
    records = [record for record in records if record.first_line > skip]
    if not records:
        return None
    place, is_likely = find_header([record.cells for record in records])
    header = records[place]
    below = [record for record in records if record.first_line > header.first_line]
    same = sum(len(record.cells) == len(header.cells) for record in below)
    return _Guess(delimiter, header, is_likely, same / len(below) if below else 0.0)


def _records(sample: str, delimiter: str) -> list[_Record]:
    """Read the first rows that are not blank."""
    reader = csv.reader(io.StringIO(sample, newline="\n"), delimiter=delimiter)
    found: list[_Record] = []
    begin = 1
    for cells in islice(reader, SAMPLE_ROWS):
        if any(cell.strip(_NO_NAME) for cell in cells):
            found.append(_Record(tuple(cells), begin, reader.line_num + 1))
        begin = reader.line_num + 1
    return found


def find_header(
    rows: Sequence[Sequence[str]], width: int | None = None
) -> tuple[int, bool]:
    """Find the header near the top of rows of which none is blank.

    Args:
        rows: The first rows.
        width: How many cells it should have; as many as most rows when None.

    Returns:
        Its place, and whether it reads like a header: it is the first row of names
        of that width, else the first of names, else the first of that width.
    """
    widths = [len(cells) for cells in rows]
    width = _usual_width(widths) if width is None else width
    top = range(min(len(rows), HEADER_ROWS))
    likely = [place for place in top if _is_header_like(rows[place])]
    wide = [place for place in top if widths[place] == width]
    both = [place for place in likely if place in wide]
    return (both or likely or wide or [0])[0], bool(likely)


def _usual_width(widths: list[int]) -> int:
    """Return the commonest number of cells, the larger of two as common."""
    return max(set(widths), key=lambda width: (widths.count(width), width))


def _is_header_like(cells: Sequence[str]) -> bool:
    """Tell whether a row holds names: two or more words, no number among them."""
    names = [cell.strip(BLANKS) for cell in cells if cell.strip(BLANKS)]
    if len(cells) < 2 or len(names) * 2 < len(cells):
        return False
    return not any(_NUMBER_LIKE.fullmatch(name) for name in names)
