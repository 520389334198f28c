"""Bandwidth: usage by month, by customer and by size of customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.matching import matches
from core.reports.frames import frame, with_gaps
from core.warehouse import figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

TAILS: Final = (10, 20, 30, 40, 50)
"""GB at which the histogram may be cut: at most 51 bars can be told apart."""

TAIL_SHARE: Final = 0.05
"""Part of the users that may stand in the last bin of the histogram."""


def by_month(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return usage by calendar month, months without data included as gaps.

    Every month there is; those of scope say over which time its GB are meant.

    Returns:
        month, usage_gb, matched_gb, unmatched_gb, active_subusers,
        customers_with_usage, has_data, is_partial (the month is not whole); in order of
        the month. A gap has month, has_data and is_partial only.
    """
    matches.refresh(warehouse)
    rows = with_gaps(frame(figures.usage_months(warehouse, scope)))
    return rows.assign(is_partial=_partial(warehouse, rows, scope))


def of_owner(warehouse: Warehouse, scope: Scope, owner: str) -> pd.DataFrame:
    """Return one customer's usage as by_month returns that of all.

    Months are those of by_month, so that a customer without usage in the last of them
    has a gap there. The GB of scope say nothing.

    Args:
        warehouse: Where to read.
        scope: Provider and type of subuser.
        owner: Key of the customer, or `(unmatched)`.
    """
    months = by_month(warehouse, Scope())[["month"]]
    mine = frame(figures.usage_months(warehouse, scope, owner))
    rows = months.merge(
        mine.assign(has_data=True), on="month", how="left", validate="one_to_one"
    )
    return rows.assign(
        has_data=rows["has_data"].notna(),
        is_partial=_partial(warehouse, rows, scope),
    )


def _partial(warehouse: Warehouse, rows: pd.DataFrame, scope: Scope) -> pd.Series:
    partial = pd.to_datetime(figures.partial_months(warehouse, scope.provider))
    return rows["month"].isin(partial)


def ranking(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return customers by usage, largest first; unmatched usage last, without a rank.

    Returns:
        rank, owner (key of the customer, or `(unmatched)`), email, usage_gb (also
        exactly, see frames.frame), share and cumulative_share (parts of 1, of all
        usage), subusers, months_active, first_month, last_month.
    """
    matches.refresh(warehouse)
    return frame(figures.ranking(warehouse, scope), is_exact=True)


def distribution(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return customers by whole GB used over the scope: bin_start_gb, users, usage_gb.

    A bin without customers has no row. Bounds of the scope in GB are not applied.
    """
    matches.refresh(warehouse)
    return frame(figures.bins(warehouse, scope))


def subuser_ranking(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return subusers as ranking returns customers, for usage without customers."""
    return frame(figures.subusers(warehouse, scope), is_exact=True)


def subuser_distribution(warehouse: Warehouse, scope: Scope) -> pd.DataFrame:
    """Return subusers as distribution returns customers."""
    return frame(figures.subuser_bins(warehouse, scope))


def histogram(
    warehouse: Warehouse, scope: Scope, *, of_customers: bool, tail_gb: int = 0
) -> pd.DataFrame:
    """Return the folded distribution of customers, or of subusers, for a chart.

    Args:
        warehouse: Where to read.
        scope: What part of the usage.
        of_customers: Whether customers are counted, or subusers.
        tail_gb: Where the last bin begins; 0 leaves that to tail_start.

    Returns:
        As folded.
    """
    of = distribution if of_customers else subuser_distribution
    bins = of(warehouse, scope)
    return folded(bins, tail_gb or tail_start(bins))


def tail_start(bins: pd.DataFrame) -> int:
    """Choose the GB from which bins are shown as one: a ten that few users reach.

    Args:
        bins: As distribution returns them.

    Returns:
        The least of TAILS with at most TAIL_SHARE of the users at or above it, else
        the last of them.
    """
    total = bins["users"].sum()
    for start in TAILS:
        reached = bins.loc[bins["bin_start_gb"] >= start, "users"].sum()
        if reached <= total * TAIL_SHARE:
            return start
    return TAILS[-1]


def folded(bins: pd.DataFrame, tail_gb: int) -> pd.DataFrame:
    """Fold a distribution: every bin of 1 GB below tail_gb, and one for the rest.

    Args:
        bins: As distribution returns them.
        tail_gb: Where the last bin begins, at least 1.

    Returns:
        bin_start_gb (0 to tail_gb), users, usage_gb; empty bins have 0. Sums are those
        of bins.
    """
    starts = bins["bin_start_gb"].clip(upper=tail_gb)
    sums = bins.assign(bin_start_gb=starts).groupby("bin_start_gb")
    every = pd.RangeIndex(tail_gb + 1, name="bin_start_gb")
    return sums[["users", "usage_gb"]].sum().reindex(every, fill_value=0).reset_index()


def named_like(warehouse: Warehouse, text: str) -> pd.DataFrame:
    """Return the subusers whose name holds a text, in capitals or not.

    Columns and order are those of by_subuser, but one of exactly this name is first.
    """
    rows = by_subuser(warehouse)
    wanted = text.strip()
    found = rows[rows["subuser"].str.contains(wanted, case=False, regex=False)]
    is_other = (found["subuser"] != wanted).sort_values(kind="stable")
    return found.loc[is_other.index].reset_index(drop=True)


def by_subuser(warehouse: Warehouse) -> pd.DataFrame:
    """Return subusers by usage, largest first, with what matching says of each.

    Returns:
        subuser, usage_gb, months_active, first_month, last_month, is_destroyed,
        status, email_key, email, subuser_type, subuser_id, rule, score,
        runner_up_email, runner_up_score, explanation.
    """
    matches.refresh(warehouse)
    return frame(figures.subuser_ranking(warehouse))
