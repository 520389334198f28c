"""Concentration: how much of the usage a part of the customers makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.matching import matches
from core.reports.frames import frame
from core.warehouse import courses

if TYPE_CHECKING:
    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse

POINTS: Final = 100
"""Points of the curve at most: more cannot be told apart."""

HALF: Final = 0.5
"""Share of the usage of which it is said how few customers make it."""


@dataclass(frozen=True)
class Half:
    """The fewest customers who make half of the usage, of how many."""

    customers: int
    of_customers: int
    share_of_usage: float


def curve(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return the share of the GB that the largest customers make, from 0 to all.

    Of customers with usage above 0 in the months of the scope. Each point is exact; of
    many customers every hundredth part has one.

    Returns:
        customers (how many of the largest), share_of_customers, usage_gb (theirs),
        share_of_usage (of the usage of all customers); in order. Empty without usage.
    """
    rows = _all(warehouse, scope)
    if rows.empty:
        return rows
    step = max(len(rows) / POINTS, 1)
    ranks = sorted({min(round(step * n), len(rows)) for n in range(POINTS + 1)})
    kept = rows[rows["customers"].isin(ranks)]
    start = pd.DataFrame({name: [0] for name in rows}).astype(rows.dtypes)
    return pd.concat([start, kept], ignore_index=True)


def half(warehouse: Warehouse, scope: Scope) -> Half | None:
    """Say how few customers make half of the usage of all; None without usage."""
    rows = _all(warehouse, scope)
    if rows.empty:
        return None
    first = rows[rows["share_of_usage"] >= HALF].iloc[0]
    return Half(int(first["customers"]), len(rows), float(first["share_of_usage"]))


def _all(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    matches.refresh(warehouse)
    rows = frame(courses.concentration(warehouse, scope))
    return pd.DataFrame(
        {
            "customers": rows["rank"],
            "share_of_customers": rows["rank"] / rows["customers"],
            "usage_gb": rows["running_gb"],
            "share_of_usage": rows["running_gb"] / rows["total_gb"],
        }
    )
