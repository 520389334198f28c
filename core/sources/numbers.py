"""Texts to exact decimals, a column at a time.

How a column writes its numbers (decimal mark, thousands marks) is decided once, by
all its cells together; a cell that does not fit is refused, never read another way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import GB_TYPE
from core.sources.headers import UNIT_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUE_DECIMALS: Final = 25
"""Decimals of a value that was read: enough for a float written out in full."""

VALUE_DIGITS: Final = 20
"""Digits before the decimal mark of a value that was read."""

VALUE_TYPE: Final = pa.decimal256(VALUE_DIGITS + VALUE_DECIMALS, VALUE_DECIMALS)
"""Type of values: narrow enough to be multiplied by a unit in 256 bits."""

BLANKS: Final = " \t\n\u00a0\u2007\u202f"
"""Blanks at the edges of a number, plain and typographic."""

_DIGITS = rf"\d{{1,{VALUE_DIGITS}}}"
_TAIL = rf"\.\d{{0,{VALUE_DECIMALS}}}"
_PLAIN = rf"^[+-]?(?:{_DIGITS}(?:{_TAIL})?|\.\d{{1,{VALUE_DECIMALS}}})$"
_POWER = r"^[+-]?\d{1,10}(?:\.\d{0,10})?[eE](?:\+?0?\d|-0?\d|-1[0-5])$"
_ANY = r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,5})?$"
_BLANK = r"[ \x{a0}\x{202f}]"
_TICK = r"['\x{2019}]"
_MARKS = rf"(?:,|{_BLANK}|{_TICK})"
_GROUPS = rf"(?:(?:,\d{{3}})+|(?:{_BLANK}\d{{3}})+|(?:{_TICK}\d{{3}})+)"
_GROUPED = rf"^[+-]?\d{{1,3}}{_GROUPS}(?:\.\d*)?$"
_SURE = (
    r"^[+-]?(?:\d*\.(?:\d{0,2}|\d{4,})|\d{4,}\.\d+|0+\.\d+|\d+\.\d+[eE][+-]?\d+"
    rf"|\d{{1,3}}{_GROUPS}\.\d*|\d{{1,3}}(?:,\d{{3}}){{2,}})$"
)
_UNSURE = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_UNIT = r"^(?P<number>.*?[\d.,])[ \x{a0}\x{202f}]*(?P<unit>[A-Za-z]+)$"


@dataclass(frozen=True)
class Numbers:
    """A column of numbers, one entry per cell, in the order of the column.

    values is VALUE_TYPE, or GB_TYPE where each cell is digits with at most a dot and
    fits it; null where the cell is no number: is_empty and is_too_large tell why. units
    is the canonical unit written in the cell, null without. decimal_mark is `.` or `,`.
    is_unsure tells that every mark in the column could be a decimal or a thousands
    mark. rounded_count says how many values had more than VALUE_DECIMALS decimals (half
    even).
    """

    values: pa.Array
    units: pa.Array
    is_empty: pa.Array
    is_too_large: pa.Array
    decimal_mark: str
    is_unsure: bool
    rounded_count: int


@dataclass(frozen=True)
class _Writing:
    mark: str
    has_groups: bool
    is_unsure: bool


def decimals(column: pa.Array, *, comma_is_likely: bool = False) -> Numbers:
    """Read a column of strings as exact decimals.

    Read are `5`, `0.5`, `9.77E-07`, thousands marks (`,` `.` blank, apostrophe), a
    decimal comma, and a unit behind the number (`12.01 GB`). A mark is a decimal
    mark when some cell can be read in no other way; when none decides (`1,234`), a
    comma groups thousands and a dot is the decimal mark.

    Args:
        column: Strings without nulls.
        comma_is_likely: Take an undecided comma as the decimal mark: files with `;`
            are written where it is.
    """
    if not comma_is_likely and (simple := _simple(column)) is not None:
        return simple
    text = pc.utf8_trim(column, characters=BLANKS)
    text, units = _split_units(text)
    writing = _writing(text, comma_is_likely=comma_is_likely)
    plain = _with_dot(text, writing)
    values, is_too_large, rounded_count = _cast(plain)
    return Numbers(
        values=values,
        units=units,
        is_empty=pc.equal(text, ""),
        is_too_large=is_too_large,
        decimal_mark=writing.mark,
        is_unsure=writing.is_unsure,
        rounded_count=rounded_count,
    )


def _simple(column: pa.Array) -> Numbers | None:
    """Read digits with at most a dot, as most exports write them; None for others."""
    rest = pc.ascii_trim(column, characters="0123456789")
    if pc.max(pc.binary_length(rest)).as_py() not in (0, 1):
        return None
    is_digits = {*pc.unique(rest).to_pylist()} <= {"", "."}
    if not is_digits or pc.any(pc.is_in(column, value_set=pa.array(["", "."]))).as_py():
        return None
    try:
        values = pc.cast(column, GB_TYPE)
    except pa.ArrowInvalid:
        return None
    no = pa.repeat(pa.scalar(False), len(column))
    units = pa.nulls(len(column), pa.string())
    return Numbers(values, units, no, no, ".", is_unsure=False, rounded_count=0)


def added(columns: Sequence[Numbers]) -> Numbers:
    """Add columns row by row; a row counts when all its cells are numbers."""
    if len(columns) == 1:
        return columns[0]
    columns = [replace(each, values=each.values.cast(VALUE_TYPE)) for each in columns]
    total = columns[0]
    for other in columns[1:]:
        is_same = pc.fill_null(pc.equal(total.units, other.units), fill_value=False)
        both_null = pc.and_(pc.is_null(total.units), pc.is_null(other.units))
        values = pc.add(total.values, other.values)
        fits = pc.less(pc.abs(values), pa.scalar(Decimal(10) ** VALUE_DIGITS))
        none = pa.scalar(None, values.type)
        kept = pc.if_else(pc.and_(fits, pc.or_(is_same, both_null)), values, none)
        too_large = pc.and_(pc.is_valid(values), pc.invert(fits))
        total = Numbers(
            values=kept.cast(VALUE_TYPE),
            units=pc.coalesce(total.units, other.units),
            is_empty=pc.or_(total.is_empty, other.is_empty),
            is_too_large=pc.or_(
                pc.or_(total.is_too_large, other.is_too_large),
                pc.fill_null(too_large, fill_value=False),
            ),
            decimal_mark=total.decimal_mark,
            is_unsure=total.is_unsure or other.is_unsure,
            rounded_count=total.rounded_count + other.rounded_count,
        )
    return total


def _split_units(text: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Take known units off the ends of the cells."""
    if not pc.any(pc.match_substring_regex(text, "[A-Za-z]$")).as_py():
        return text, pa.nulls(len(text), pa.string())
    parts = pc.extract_regex(text, _UNIT)
    words = pc.utf8_lower(pc.struct_field(parts, "unit"))
    known = pa.array(list(UNIT_NAMES), pa.string())
    canonical = pa.array(list(UNIT_NAMES.values()), pa.string())
    units = canonical.take(pc.index_in(words, value_set=known, skip_nulls=True))
    numbers = pc.if_else(pc.is_valid(units), pc.struct_field(parts, "number"), text)
    return numbers, units


def _writing(text: pa.Array, *, comma_is_likely: bool) -> _Writing:
    """Decide how the column writes its numbers."""
    if not pc.any(pc.match_substring_regex(text, rf"{_MARKS}|\..*\.")).as_py():
        is_unsure = comma_is_likely and _all_unsure(text)
        return _Writing(".", has_groups=False, is_unsure=is_unsure)
    swapped = _swapped(text)
    dots, commas = _count(text, _SURE), _count(swapped, _SURE)
    if dots or commas:
        mark = "," if commas > dots else "."
        return _Writing(mark, has_groups=not (dots and commas), is_unsure=False)
    is_unsure = _count(text, _UNSURE) + _count(swapped, _UNSURE) > 0
    mark = "," if comma_is_likely else "."
    return _Writing(mark, has_groups=True, is_unsure=is_unsure)


def _all_unsure(text: pa.Array) -> bool:
    dotted = _count(text, r"\.")
    return dotted > 0 and dotted == _count(text, _UNSURE)


def _count(text: pa.Array, pattern: str) -> int:
    return int(pc.sum(pc.match_substring_regex(text, pattern)).as_py() or 0)


def _swapped(text: pa.Array) -> pa.Array:
    """Write dots for commas and commas for dots."""
    text = pc.replace_substring(text, ".", "\0")
    text = pc.replace_substring(text, ",", ".")
    return pc.replace_substring(text, "\0", ",")


def _with_dot(text: pa.Array, writing: _Writing) -> pa.Array:
    """Rewrite the column with a decimal dot and without thousands marks."""
    if writing.mark == ",":
        text = _swapped(text)
    if not writing.has_groups:
        return text
    bare = pc.replace_substring_regex(text, _MARKS, "")
    return pc.if_else(pc.match_substring_regex(text, _GROUPED), bare, text)


def _cast(text: pa.Array) -> tuple[pa.Array, pa.Array, int]:
    """Cast plain numbers; returns values, the cells that are too large, roundings."""
    none = pa.scalar(None, pa.string())
    is_plain = pc.match_substring_regex(text, f"{_PLAIN}|{_POWER}")
    if pc.all(is_plain).as_py():
        return pc.cast(text, VALUE_TYPE), pa.repeat(pa.scalar(False), len(text)), 0
    values = pc.cast(pc.if_else(is_plain, text, none), VALUE_TYPE)
    is_odd = pc.and_not(pc.match_substring_regex(text, _ANY), is_plain)
    read = [_exact(cell) for cell in text.filter(is_odd).to_pylist()]
    odd = pa.array([value for value, _ in read], VALUE_TYPE)
    values = pc.replace_with_mask(values, is_odd, odd)
    rounded_count = sum(is_rounded for _, is_rounded in read)
    return values, pc.and_(is_odd, pc.is_null(values)), rounded_count


def _exact(text: str) -> tuple[Decimal | None, bool]:
    """Read one number of unusual length; None when it is too large."""
    value = Decimal(text)
    if value and value.adjusted() >= VALUE_DIGITS:
        return None, False
    with localcontext(prec=VALUE_DIGITS + VALUE_DECIMALS + 1):
        kept = value.quantize(Decimal(1).scaleb(-VALUE_DECIMALS))
    if kept.adjusted() >= VALUE_DIGITS:
        return None, False
    return kept, kept != value
