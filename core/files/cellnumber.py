"""Numbers of a workbook to text: plain digits, ISO dates, never float noise."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.files.numberformat import Shape

if TYPE_CHECKING:
    from core.files.numberformat import Form

DOUBLE_DIGITS: Final = 15
"""Digits that every double keeps; a text as short is what was typed."""

EPOCH: Final = datetime(1899, 12, 30)
"""Day 0 of a workbook, right from 1 March 1900 on. Source: ECMA-376, 18.17.4.1."""

EPOCH_1904: Final = datetime(1904, 1, 1)
"""Day 0 of a workbook that counts from 1904."""

LAST_DAY: Final = datetime(9999, 12, 31)
"""The last day that a workbook can tell."""

_LEAP_1900: Final = 60
_SHORT = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?")
_WHOLE = re.compile(r"-?\d+")


def plain_number(raw: str) -> str:
    """Write a number without exponent and with the fewest digits that tell it.

    Whole numbers keep every digit. Text that is no number stays as it is.
    """
    if len(raw) <= DOUBLE_DIGITS and _SHORT.fullmatch(raw):
        return raw
    raw = raw.strip()
    if _WHOLE.fullmatch(raw):
        return raw
    number = _finite(raw)
    if number is None:
        return raw
    text = repr(number)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def formed_number(raw: str, form: Form, epoch: datetime) -> str:
    """Write a number as its form means it.

    Dates are `2024-06-01`, with a time `2024-06-01 05:30:00`, a time of day alone
    `05:30:00`; a month is `2024-06` when its day is the first. A number that is no
    possible date stays a number. PADDED and SCIENTIFIC apply only where the text
    says exactly the same number.
    """
    raw = raw.strip()
    if form.shape is Shape.PADDED:
        return raw.zfill(form.digits) if raw.isdigit() else plain_number(raw)
    number = _finite(raw)
    if number is None:
        return raw
    if form.shape is Shape.SCIENTIFIC:
        shown = f"{number:.{form.digits}E}"
        is_same = number.is_integer() and float(shown) == number
        return shown if is_same else plain_number(raw)
    if form.shape is Shape.PLAIN or not 0 <= number <= (LAST_DAY - epoch).days:
        return plain_number(raw)
    if form.shape is Shape.DURATION:
        return _duration(number)
    return _moment(number, epoch, is_month=form.shape is Shape.MONTH)


def _finite(raw: str) -> float | None:
    try:
        number = float(raw)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _duration(days: float) -> str:
    minutes, seconds = divmod(round(days * 86_400), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _moment(serial: float, epoch: datetime, *, is_month: bool) -> str:
    """Write a serial as a date, a time, or both; to the second."""
    days, seconds = divmod(round(serial * 86_400), 86_400)
    if not days and seconds:
        return f"{EPOCH + timedelta(seconds=seconds):%H:%M:%S}"
    if epoch == EPOCH and days <= _LEAP_1900:
        # Serial 60 is a day that never was, 29 February 1900.
        days += days < _LEAP_1900
    moment = epoch + timedelta(days=days, seconds=seconds)
    if seconds:
        return f"{moment:%Y-%m-%d %H:%M:%S}"
    is_first = is_month and moment.day == 1
    return f"{moment:%Y-%m}" if is_first else f"{moment:%Y-%m-%d}"
