"""Cohorts: customers by the month of their first usage, and who of them stayed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.matching import matches
from core.reports.frames import frame
from core.warehouse import courses, figures

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

AFTER: Final = (1, 3, 6, 12)
"""Months after the first of which the share that stayed is told by itself."""


@dataclass(frozen=True)
class Stayed:
    """How many customers had usage some months after their first.

    Of the cohorts of which that month is loaded and whole. The cohort of the first
    loaded month is left out: its customers may have begun long before.
    """

    months_after: int
    active: int
    customers: int

    @property
    def share(self) -> float | None:
        """Part of 1; None where no cohort is old enough."""
        return self.active / self.customers if self.customers else None


def by_month(warehouse: Warehouse) -> pd.DataFrame:
    """Return the customers of each first month, and who had usage in each month after.

    A customer's first month is the first with usage above 0 of a matched subuser.
    Active has usage above 0 in the month.

    Returns:
        first_month, month, months_after (0 for the first), customers (of the cohort),
        active, share (part of 1), has_data, is_partial (days of the month are missing),
        is_first_loaded (the cohort of the first loaded month); by first_month, then
        month. A month without loaded usage has no active and no share.
    """
    matches.refresh(warehouse)
    rows = frame(courses.cohorts(warehouse))
    if rows.empty:
        return rows.assign(share=[], has_data=[], is_partial=[], is_first_loaded=[])
    full = _with_gaps(rows)
    partial = pd.to_datetime(figures.partial_months(warehouse, None))
    return full.assign(
        share=full["active"] / full["customers"],
        has_data=full["active"].notna(),
        is_partial=full["month"].isin(partial),
        is_first_loaded=full["first_month"] == rows["month"].min(),
    )


def stayed(rows: pd.DataFrame) -> tuple[Stayed, ...]:
    """Say how many customers had usage 1, 3, 6 and 12 months after their first.

    Args:
        rows: As by_month returns them.
    """
    told = rows[
        rows["has_data"].astype(bool)
        & ~rows["is_partial"].astype(bool)
        & ~rows["is_first_loaded"].astype(bool)
    ]
    sums = told.groupby("months_after")[["active", "customers"]].sum()
    return tuple(
        Stayed(
            after,
            int(sums["active"].get(after, 0)),
            int(sums["customers"].get(after, 0)),
        )
        for after in AFTER
    )


def _with_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """Add a row for each cohort and month without loaded usage."""
    months = pd.date_range(rows["month"].min(), rows["month"].max(), freq="MS")
    sizes = rows.drop_duplicates("first_month")[["first_month", "customers"]]
    every = sizes.merge(pd.DataFrame({"month": months.as_unit("us")}), how="cross")
    every = every[every["month"] >= every["first_month"]]
    known = rows[["first_month", "month", "active"]]
    keys = ["first_month", "month"]
    full = every.merge(known, on=keys, how="left", validate="1:1")
    first, month = full["first_month"].dt, full["month"].dt
    after = (month.year - first.year) * 12 + month.month - first.month
    full.insert(2, "months_after", after.astype("int64"))
    return full.sort_values(keys, ignore_index=True)
