"""What the number format of a cell makes of its number: a date, an id, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Shape(Enum):
    """How the number of a cell is meant.

    MONTH is a date shown without its day. DURATION counts hours beyond a day.
    PADDED is a whole number shown with leading zeros. SCIENTIFIC is shown as
    `6.46E+11`.
    """

    PLAIN = auto()
    DATE = auto()
    MONTH = auto()
    DURATION = auto()
    PADDED = auto()
    SCIENTIFIC = auto()


@dataclass(frozen=True)
class Form:
    """The shape of a number; digits is the width of PADDED, decimals of SCIENTIFIC."""

    shape: Shape
    digits: int = 0


PLAIN: Final = Form(Shape.PLAIN)
"""The number as it is."""

DATE: Final = Form(Shape.DATE)
"""A date, a time of day, or both."""

MONTH: Final = Form(Shape.MONTH)
"""A date shown by its month and year."""

DURATION: Final = Form(Shape.DURATION)
"""Hours, minutes and seconds, without end."""

BUILT_IN: Final = {
    11: Form(Shape.SCIENTIFIC, 2),
    **dict.fromkeys((14, 15, 16, *range(18, 23), *range(27, 37)), DATE),
    17: MONTH,
    **dict.fromkeys((45, 47, *range(50, 59)), DATE),
    46: DURATION,
}
"""Formats that a workbook names by number alone. Source: ECMA-376, 18.8.30."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"0\.?(0*)[eE][+-]?0+")
_PADDED = re.compile(r"0{2,}")


def form(format_id: int, codes: dict[int, str]) -> Form:
    """Tell the form of a number format.

    Args:
        format_id: Its number; those of codes are the workbook's own.
        codes: Format codes by number, such as `yyyy-mm` or `0.00%`.
    """
    if format_id in codes:
        return form_of_code(codes[format_id])
    return BUILT_IN.get(format_id, PLAIN)


def form_of_code(code: str) -> Form:
    """Tell the form of a format code; that of its part for positive numbers."""
    bare = _LITERAL.sub("", code).partition(";")[0]
    if _ELAPSED.search(bare):
        return DURATION
    bare = _BRACKETS.sub("", bare).strip()
    if bare.casefold() == "general":
        return PLAIN
    if match := _SCIENTIFIC.fullmatch(bare):
        return Form(Shape.SCIENTIFIC, len(match[1]))
    if _PADDED.fullmatch(bare):
        return Form(Shape.PADDED, len(bare))
    letters = set(bare.casefold()) & set("ymdhs")
    if letters and letters <= {"y", "m"}:
        return MONTH
    return DATE if letters else PLAIN
