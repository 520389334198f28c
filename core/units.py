"""Units: what a GB is, what a minor unit of money is.

GB is 1024 MB, as in the notebook that this product replaces (MiB x 0.0009765625).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

GB_SCALE: Final = 18
"""Decimal places of every stored GB value: 1e-18 GB is a billionth of a byte."""

GB_PRECISION: Final = 38
"""Digits of a stored GB value: the widest decimal of Arrow's and DuckDB's 128 bits."""

GB_PER_UNIT: Final[dict[str, Decimal]] = {
    "B": Decimal(1) / Decimal(1024**3),
    "KB": Decimal(1) / Decimal(1024**2),
    "KiB": Decimal(1) / Decimal(1024**2),
    "MB": Decimal(1) / Decimal(1024),
    "MiB": Decimal(1) / Decimal(1024),
    "GB": Decimal(1),
    "GiB": Decimal(1),
    "TB": Decimal(1024),
    "TiB": Decimal(1024),
}
"""GB in one unit. Every factor is exact: a power of two has a finite decimal."""

GB_PER_DECIMAL_UNIT: Final[dict[str, Decimal]] = {
    "B": Decimal("1e-9"),
    "KB": Decimal("1e-6"),
    "KiB": Decimal(1024) / Decimal(10**9),
    "MB": Decimal("1e-3"),
    "MiB": Decimal(1024**2) / Decimal(10**9),
    "GB": Decimal(1),
    "GiB": Decimal(1024**3) / Decimal(10**9),
    "TB": Decimal(1000),
    "TiB": Decimal(1024**4) / Decimal(10**9),
}
"""GB in one unit where the provider's GB is 1000 MB: its own GB, as it bills them."""

GB_BASES: Final = {1024: GB_PER_UNIT, 1000: GB_PER_DECIMAL_UNIT}
"""Factors by the number of MB that a provider calls a GB."""

ZERO_DECIMAL_CURRENCIES: Final = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split()
)
"""Currencies without minor unit. Source: Stripe documentation."""

THREE_DECIMAL_CURRENCIES: Final = frozenset("bhd jod kwd omr tnd".split())
"""Currencies with three decimals. Source: Stripe documentation."""


def currency_exponent(currency: str) -> int:
    """Tell how many decimals a currency has; 2 for a code that is not known."""
    code = currency.lower()
    if code in ZERO_DECIMAL_CURRENCIES:
        return 0
    return 3 if code in THREE_DECIMAL_CURRENCIES else 2


def plain(value: Decimal) -> str:
    """Write a decimal without exponent or closing zeros: `0.0000273`, `10`, `0`."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def major(amount_minor: int, currency: str) -> Decimal:
    """Turn minor units into major units of the currency, exactly."""
    return Decimal(amount_minor).scaleb(-currency_exponent(currency))
