"""Money as text to integer minor units, exactly.

Files hold major units (dollars, yen). The decimal mark is decided once for a file,
from all its money columns: `1,234` alone can be thousands or decimals.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.sources.distinct import per_distinct
from core.sources.letters import Letters
from core.units import currency_exponent

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_MINOR: Final = 2**63 - 1
"""Largest amount that a 64-bit integer holds."""

_BULK_TYPE: Final = pa.decimal128(18, 3)
"""Widest amount read in bulk; anything else goes one by one."""

_USUAL_DECIMALS: Final = 2
"""Decimals of most currencies."""

_BLANKS: Final = str.maketrans("\u00a0\u202f\u2009\u2019\u2212", "   '-")
"""Blanks, apostrophe and minus of typesetting, and what is typed for them."""

_AMOUNT: Final = {
    mark: re.compile(
        rf"(?P<whole>\d+|\d{{1,3}}(?P<group>[{group} '])\d{{3}}(?:(?P=group)\d{{3}})*)?"
        rf"(?:{re.escape(mark)}(?P<part>\d*))?",
        re.ASCII,
    )
    for mark, group in ((".", ","), (",", "."))
}


class DecimalMark(StrEnum):
    """What stands before the decimals of every amount of a file."""

    POINT = "."
    COMMA = ","


def decimal_mark(
    columns: Iterable[pa.Array],
) -> tuple[DecimalMark, tuple[str, ...]]:
    """Decide the decimal mark of a file from all its money columns.

    Each distinct amount that can be read in one way only has a vote; the majority
    decides, and the point, which is Stripe's own, decides a tie.

    Returns:
        The mark, and warnings: what is unusual about it, or was not certain.
    """
    columns = list(columns)
    if not any(_is_marked(column) for column in columns):
        return DecimalMark.POINT, ()
    texts: set[str] = set()
    for column in columns:
        texts.update(column.unique().to_pylist())
    votes = Counter(_vote(text) for text in texts)
    points, commas = votes[DecimalMark.POINT], votes[DecimalMark.COMMA]
    mark = DecimalMark.COMMA if commas > points else DecimalMark.POINT
    return mark, tuple(_mark_warnings(mark, points, commas, texts))


def minor_units(texts: pa.Array, currencies: pa.Array, mark: DecimalMark) -> pa.Array:
    """Read amounts in major units of their currencies.

    Returns:
        int64 minor units; null where the text is empty or cannot be read exactly,
        of which `read_amount` tells the reason.
    """
    if mark is DecimalMark.POINT:
        bulk = _in_bulk(texts, currencies)
        if bulk is not None:
            return bulk
    pairs = pc.binary_join_element_wise(currencies, texts, "\n")

    def value(pair: str) -> int | None:
        currency, _, text = pair.partition("\n")
        try:
            return read_amount(text, currency, mark)
        except ValueError:
            return None

    return per_distinct(pairs, value, pa.int64())


def read_amount(text: str, currency: str, mark: DecimalMark) -> int:
    """Read one amount in major units into minor units of the currency.

    Raises:
        ValueError: The text is no amount, or not exact; str(error) says why.
    """
    digits, is_negative = _unsigned(text)
    found = _AMOUNT[mark.value].fullmatch(digits)
    whole, part = found.group("whole", "part") if found else (None, None)
    if not (whole or part):
        raise ValueError(_wrong(text))
    exponent = currency_exponent(currency)
    decimals = (part or "").rstrip("0")
    if len(decimals) > exponent:
        message = f"more decimals than {currency.upper()} has ({exponent})"
        raise ValueError(message)
    value = int(re.sub(r"\D", "", whole or "0") + decimals.ljust(exponent, "0"))
    if value > MAX_MINOR:
        message = "too large"
        raise ValueError(message)
    return -value if is_negative else value


def _in_bulk(texts: pa.Array, currencies: pa.Array) -> pa.Array | None:
    """Read plain amounts at once; None when any of them is not plain."""
    codes = pc.unique(currencies).drop_null().to_pylist()
    exponents = {currency_exponent(code) for code in codes}
    letters = Letters.of(texts)
    if letters and len(exponents) == 1 and (decimals := max(exponents)):
        whole = letters.unscaled(decimals)
        if whole is not None:
            return whole
    # Arrow would read 1.23E+05, of which a spreadsheet has lost digits.
    if any(pc.any(pc.match_substring(texts, letter)).as_py() for letter in "Ee"):
        return None
    numbers = pc.if_else(pc.equal(texts, ""), None, texts)
    try:
        if len(exponents) == 1:
            scaled = pc.cast(numbers, pa.decimal128(_BULK_TYPE.precision, *exponents))
            return _unscaled(scaled)
        factors = per_distinct(
            currencies, lambda code: 10 ** currency_exponent(code), pa.int16()
        )
        major_units = pc.cast(numbers, _BULK_TYPE)
        return pc.cast(pc.multiply(major_units, factors), pa.int64())
    except pa.ArrowInvalid:
        return None


def _unscaled(amounts: pa.Array) -> pa.Array:
    """Return decimals as whole numbers of their last place.

    A decimal of 128 bits with 18 digits or fewer is its lower 64 bits.
    """
    halves = np.frombuffer(amounts.buffers()[1], dtype="<i8")
    whole = pa.array(halves[::2][: len(amounts)])
    return pc.if_else(amounts.is_valid(), whole, None) if amounts.null_count else whole


def _unsigned(text: str) -> tuple[str, bool]:
    """Cut the sign or the brackets off an amount; `(5.00)` is negative."""
    bare = text.translate(_BLANKS).strip()
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1].strip(), True
    if bare[:1] in {"-", "+"}:
        return bare[1:].lstrip(), bare[0] == "-"
    return bare, False


def _wrong(text: str) -> str:
    if not text:
        return "is empty"
    if re.fullmatch(r"[-+]?\d+([.,]\d+)?[Ee][-+]?\d+", text):
        return "shortened by a spreadsheet: its digits are lost"
    return "not an amount of money"


def _is_marked(column: pa.Array) -> bool:
    """Tell whether any amount has a comma or several points."""
    letters = Letters.of(column)
    if letters and not letters.has(",") and letters.is_fixed_point(_USUAL_DECIMALS):
        return False
    if pc.any(pc.match_substring(column, ",")).as_py():
        return True
    most = pc.max(pc.count_substring(column, ".")).as_py()
    return most is not None and most > 1


def _vote(text: str) -> DecimalMark | None:
    """Tell the only mark with which an amount makes sense; None when both do."""
    digits, _ = _unsigned(text)
    makes_sense = [
        mark
        for mark in DecimalMark
        if (found := _AMOUNT[mark.value].fullmatch(digits))
        and (found["whole"] or found["part"])
    ]
    if len(makes_sense) == 1:
        return makes_sense[0]
    # 0,125 cannot have its comma between thousands.
    if makes_sense and re.fullmatch(r"0*[.,]\d{3}", digits):
        return DecimalMark.COMMA if "," in digits else DecimalMark.POINT
    return None


def _mark_warnings(
    mark: DecimalMark, points: int, commas: int, texts: Iterable[str]
) -> Iterable[str]:
    if mark is DecimalMark.COMMA:
        yield "Amounts are written with a decimal comma (1.234,56) and read so."
    if points and commas:
        yield (
            f"Amounts are written in two ways ({points} with a decimal point, {commas} "
            "with a decimal comma). The rows of the rarer way are refused."
        )
    unsure = sorted(text for text in texts if "," in text and _vote(text) is None)
    if unsure and not points and not commas:
        yield (
            f"Amounts such as {unsure[0]!r} do not tell whether the comma stands "
            "between thousands or before decimals; thousands is taken."
        )
