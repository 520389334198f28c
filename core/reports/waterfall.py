"""Waterfall: one month from gross volume down to net, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.reports.frames import in_major_units

if TYPE_CHECKING:
    from datetime import date

STEPS: Final = (
    ("gross", False),
    ("refunds", False),
    ("disputes", False),
    ("fees", False),
    ("net", True),
    ("other_fees", False),
    ("net_after_all", True),
)
"""Lines of revenue.LINES in the order of the steps, and whether each is a sum."""


def months(rows: pd.DataFrame) -> tuple[date, ...]:
    """List the months that have data, newest first.

    Args:
        rows: As revenue.of_currency returns them.
    """
    kept = rows.loc[rows["has_data"], "month"]
    return tuple(month.date() for month in kept.iloc[::-1])


def steps(rows: pd.DataFrame, month: date) -> pd.DataFrame:
    """Return the steps of a month; sums begin at zero, others where one before ended.

    Args:
        rows: As revenue.of_currency returns them.
        month: First day of a month that has data.

    Returns:
        line, is_total, and value, start and end in minor units (`_minor`) and major
        units, one row for each of STEPS.
    """
    row = rows[rows["month"] == pd.Timestamp(month)].iloc[0]
    level, made = 0, []
    for line, is_total in STEPS:
        value = int(row[f"{line}_minor"])
        start = 0 if is_total else level
        level = start + value
        made.append((line, is_total, value, start, level))
    columns = ["line", "is_total", "value_minor", "start_minor", "end_minor"]
    table = pd.DataFrame(made, columns=columns).assign(currency=row["currency"])
    return in_major_units(table, columns[2:])
