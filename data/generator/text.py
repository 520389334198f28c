"""How numbers and tables are written."""

from __future__ import annotations

import csv
import io
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def rounded(value: Decimal) -> int:
    """Round to a whole number, halves away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def money(minor: int) -> str:
    """Write minor units as Stripe does: `-12.50`."""
    return str(Decimal(minor).scaleb(-2))


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str]], line_end: str = "\n"
) -> bytes:
    """Write a CSV file with as few quotes as its values allow."""
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end).writerows([header, *rows])
    return out.getvalue().encode()


def plain(value: Decimal) -> str:
    """Write a decimal without closing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
