"""Cells of a sheet: what they hold, as written and as text."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

TEXT: Final = "t"
NUMBER: Final = "n"
MOMENT: Final = "d"
FORMULA: Final = "f"
BLANK: Final = " "
"""What a cell holds, one letter each; FORMULA is one whose value was not saved."""

NUMBERS: Final = frozenset({"n", ""})
"""Types of a cell that mean a number."""

VALUE: Final = "=v"
FORMULA_TEXT: Final = "=f"
INLINE: Final = "=t"
"""Keys for what stands inside a cell, beside its attributes: no attribute has them."""

_OPEN: Final = "="
_DIGITS: Final = "0123456789"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Cell(NamedTuple):
    """A cell as written: an absent attribute or content is empty text.

    xml is the whole of it. kind and style are its attributes t and s, value and
    inline what stands in its v and in its is.
    """

    xml: str
    letters: str
    style: str
    kind: str
    value: str
    inline: str


def cell_of(found: dict[str, str]) -> Cell:
    """Make a cell of its attributes and of what stands inside."""
    kind, value = found.get("t", ""), found.get(VALUE)
    is_open = value is None or (kind in NUMBERS and not value.strip())
    if is_open and FORMULA_TEXT in found:
        kind, value = _OPEN, f"={found[FORMULA_TEXT]}"
    letters = found.get("r", "").rstrip(_DIGITS)
    inline = found.get(INLINE, "")
    return Cell("", letters, found.get("s", ""), kind, value or "", inline)


def worded(kind: str, value: str, inline: str) -> tuple[str, str]:
    """Return text and kind of a cell that is no number and no shared text."""
    if kind == "inlineStr":
        return unescaped(inline), TEXT
    if kind == _OPEN:
        return value, FORMULA
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value), TEXT
    if kind == "d":
        return value.removesuffix("T00:00:00").replace("T", " "), MOMENT
    return unescaped(value), TEXT


def column_number(letters: str) -> int:
    """Return the position of a column, 0 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


@cache
def column_letters(position: int) -> str:
    """Return the letters of a column, `A` for 0."""
    letters = ""
    position += 1
    while position:
        position, last = divmod(position - 1, 26)
        letters = chr(65 + last) + letters
    return letters


def unescaped(text: str) -> str:
    """Resolve `_x000D_` and the like, as workbooks write what XML cannot hold."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    paired = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
