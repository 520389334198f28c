"""Courses: who rises, falls, went quiet or is new in a month."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from core.matching import matches
from core.reports.frames import frame
from core.warehouse import courses

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.courses import Month
    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse


class Course(StrEnum):
    """How a customer went, usage of a month beside that of the months before.

    RISING: more than one and a half times that of the month before, also after one
    without usage. FALLING: less than half of that of the month before, and more than
    none. QUIET: none, and some in one of the three months before. NEW: the first usage
    of all loaded months. Usage is that of matched subusers, above 0.
    """

    RISING = "rising"
    FALLING = "falling"
    QUIET = "quiet"
    NEW = "new"


_ORDER: Final = {
    Course.RISING: ("change_gb", False),
    Course.FALLING: ("change_gb", True),
    Course.QUIET: ("recent_gb", False),
    Course.NEW: ("usage_gb", False),
}
"""What stands first in each list, and whether the least does."""


def month(warehouse: Warehouse, scope: Scope) -> Month | None:
    """Choose the month to compare: the last whole one of the scope; None without."""
    return courses.month(warehouse, scope)


def all_of(warehouse: Warehouse, at: Month) -> pd.DataFrame:
    """Return customers seen by a month, by owner.

    Returns:
        owner, email, usage_gb (of the month), before_gb (of the month before),
        recent_gb (of the three months before), change_gb, change (part of 1 of
        before_gb; missing from none), first_month, last_month, course (missing for
        who is in no list). GB also exactly, see frames.frame.
    """
    matches.refresh(warehouse)
    rows = frame(courses.course(warehouse, at.month), is_exact=True)
    had_usage = rows["before_gb"] > 0
    return rows.assign(
        change=(rows["change_gb"] / rows["before_gb"].where(had_usage)),
    )


def of(rows: pd.DataFrame, which: Course) -> pd.DataFrame:
    """Return one list of all_of: who gained, lost, had or used most GB first."""
    column, is_ascending = _ORDER[which]
    return rows[rows["course"] == which].sort_values(
        [column, "email", "owner"],
        ascending=[is_ascending, True, True],
        ignore_index=True,
    )
