"""Values as people read them: GB, money, counts, shares, months."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

from core.units import currency_exponent

if TYPE_CHECKING:
    from datetime import date

NOTHING: Final = "\u2013"
"""Stands where there is no value."""

_STEPS: Final = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


def gb(value: float | None) -> str:
    """Write gigabytes: `1,234.5 GB`; more decimals below 10, up to nine."""
    if value is None or isnan(value):
        return NOTHING
    return f"{_signed(value, _gb_decimals(abs(value)))} GB"


def money(value: float | None, currency: str) -> str:
    """Write major units of a currency with the decimals it has: `1,234.50 USD`."""
    if value is None or isnan(value):
        return NOTHING
    return f"{_signed(value, currency_exponent(currency))} {currency.upper()}"


def per_gb(value: float | None, currency: str) -> str:
    """Write major units for one GB, with two decimals more: `1.2345 USD`."""
    if value is None or isnan(value):
        return NOTHING
    return f"{_signed(value, currency_exponent(currency) + 2)} {currency.upper()}"


def count(value: float | None) -> str:
    """Write a whole number: `12,345`."""
    return NOTHING if value is None or isnan(value) else _signed(value, 0)


def share(value: float | None) -> str:
    """Write a part of 1 in percent: `12.3 %`."""
    return NOTHING if value is None or isnan(value) else f"{_signed(value * 100, 1)} %"


def change(value: float | None) -> str:
    """Write a change, a part of 1, with its sign: `+12.3 %`."""
    if value is None or isnan(value):
        return NOTHING
    sign = "+" if round(value * 100, 1) > 0 else ""
    return f"{sign}{share(value)}"


def month(value: date) -> str:
    """Write a month: `Mar 2025`."""
    return value.strftime("%b %Y")


def short(value: float | None) -> str:
    """Write a number in few characters, for labels of bars: `1.2k`, `640`, `0.4`."""
    if value is None or isnan(value):
        return ""
    for size, letter in _STEPS:
        if abs(value) >= size * 0.9995:
            scaled = value / size
            return f"{_signed(scaled, 0 if abs(scaled) >= 99.95 else 1)}{letter}"
    return _signed(value, 0 if abs(value) >= 9.95 or value == 0 else 1)


def by_unit(value: float | None, unit: str) -> str:
    """Write a figure in its unit: GB, a currency in capitals, or a count of things."""
    if unit == "GB":
        return gb(value)
    return money(value, unit) if unit.isupper() else count(value)


def _gb_decimals(size: float) -> int:
    if size >= 10 or size == 0:
        return 1
    return next((n for n in (2, 4, 6) if round(size, n)), 9)


def _signed(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    is_zero = not text.strip("-0.,")
    return text.removeprefix("-") if is_zero else text
