"""Bandwidth: usage by month, by customer and by size of customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from core.matching import matches
from core.reports.frames import frame, with_gaps
from core.warehouse import figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from datetime import date

    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Extent:
    """What usage there is: first and last month, providers, largest customer in GB."""

    first_month: date
    last_month: date
    providers: tuple[str, ...]
    largest_gb: float


def extent(warehouse: Warehouse) -> Extent | None:
    """Say what usage is loaded; None when there is none."""
    matches.refresh(warehouse)
    months = figures.usage_months(warehouse, Scope())["month"].to_pylist()
    if not months:
        return None
    ranked = ranking(warehouse, Scope())
    largest = ranked.loc[ranked["rank"].notna(), "usage_gb"].max()
    return Extent(
        months[0],
        months[-1],
        tuple(figures.providers(warehouse)),
        0.0 if pd.isna(largest) else float(largest),
    )


def by_month(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return usage by calendar month, months without data included as gaps.

    Returns:
        month, usage_gb, unmatched_gb, active_subusers, customers_with_usage,
        has_data; in order of the month. A gap has month and has_data only.
    """
    matches.refresh(warehouse)
    return with_gaps(frame(figures.usage_months(warehouse, scope)))


def ranking(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return customers by usage, largest first; unmatched usage last, without a rank.

    Returns:
        rank, owner (key of the customer, or `(unmatched)`), email, usage_gb, share and
        cumulative_share (parts of 1, of all usage), subusers, months_active,
        first_month, last_month.
    """
    matches.refresh(warehouse)
    return frame(figures.ranking(warehouse, scope))


def distribution(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return customers by whole GB used over the scope: bin_start_gb, users, usage_gb.

    A bin without customers has no row. Bounds of the scope in GB are not applied.
    """
    matches.refresh(warehouse)
    return frame(figures.bins(warehouse, scope))


def by_subuser(warehouse: Warehouse) -> pd.DataFrame:
    """Return subusers by usage, largest first, with what matching says of each.

    Returns:
        subuser, usage_gb, months_active, first_month, last_month, is_destroyed,
        status, email_key, email, subuser_type, subuser_id, rule, score,
        runner_up_email, runner_up_score, explanation.
    """
    matches.refresh(warehouse)
    return frame(figures.subuser_ranking(warehouse))
