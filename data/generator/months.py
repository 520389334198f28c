"""The shop's calendar: 36 whole months, in UTC, counted from 0."""

from __future__ import annotations

from datetime import datetime
from typing import Final

MONTHS: Final = tuple((2023 + n // 12, n % 12 + 1) for n in range(10, 46))
"""The 36 months of the shop, as (year, month): 2023-11 to 2026-10."""

END: Final = datetime(2026, 11, 1)
"""The moment of all exports, UTC: the month before it is whole."""

GAP: Final = 16
"""Index of the month without usage (2025-03); account names change their form there."""

SECOND_START: Final = 18
"""Index of the second provider's first month (2025-05)."""


def first_day(month: int) -> datetime:
    """Give the first moment of a month; the index may be one past the end."""
    return END if month == len(MONTHS) else datetime(*MONTHS[month], 1)


def month_text(month: int) -> str:
    """Write a month as `2026-10`."""
    return "{}-{:02}".format(*MONTHS[month])
