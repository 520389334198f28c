"""Ids and usernames as text, whatever type a document holds them in."""

from __future__ import annotations

import re
from math import isfinite
from typing import Final

from bson.decimal128 import Decimal128

_EXACT_FLOAT: Final = 2**53
"""From here on a floating-point number no longer holds every whole number."""

_MOST_DIGITS: Final = 40
"""More than a Decimal128 holds; `1E+6000` is no id."""

_FLOAT_TEXT: Final = re.compile(r"\s*(\d+)\.0+\s*")
"""A whole number that was text of a floating-point number: `802838.0`."""


class RefusedValueError(ValueError):
    """A value for which its document is refused."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def id_text(value: object, field: str) -> str | None:
    """Bring an id to text: `5` for 5, 5.0 and `5.0`; other text is only trimmed.

    Returns:
        None for an id that is absent or empty.

    Raises:
        RefusedValueError: It is no id, or has lost digits.
    """
    if isinstance(value, str):
        whole = _FLOAT_TEXT.fullmatch(value)
        return whole.group(1) if whole else _encodable(value, field).strip() or None
    return _number_text(value, field)


def name_text(value: object, field: str) -> str | None:
    """Give a username as it was sent, a number as its text.

    Raises:
        RefusedValueError: It is neither text nor a number.
    """
    if isinstance(value, str):
        return _encodable(value, field)
    if isinstance(value, float) and isfinite(value) and not value.is_integer():
        return repr(value)
    return _number_text(value, field)


def is_float_text(value: object) -> bool:
    """Tell whether an id is text of the form `802838.0`."""
    return isinstance(value, str) and _FLOAT_TEXT.fullmatch(value) is not None


def _number_text(value: object, field: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        if abs(value) >= _EXACT_FLOAT:
            reason = "stored as a floating-point number too large to be exact"
            raise RefusedValueError(field, reason)
        return str(int(value))
    if isinstance(value, Decimal128):
        number = value.to_decimal()
        small = number.is_finite() and number.adjusted() < _MOST_DIGITS
        if small and number == number.to_integral_value():
            return str(int(number))
    raise RefusedValueError(field, "this is neither text nor a whole number")


def _encodable(text: str, field: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            reason = "half a character: the text was cut or wrongly converted"
            raise RefusedValueError(field, reason) from error
    return text
