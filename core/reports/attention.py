"""What needs a person: usage without a customer, gaps, differences, refused rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.matching import matches
from core.reports import reconciliation
from core.reports.frames import frame, with_gaps
from core.warehouse import batches, figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from core.warehouse.store import Warehouse


NAMED: Final = 3
"""Months that are named; of more, their number is told."""


@dataclass(frozen=True)
class Finding:
    """One thing that needs a person.

    words say what it is, in few of them; action says what to do; page is where.
    """

    words: str
    page: str
    action: str


def findings(warehouse: Warehouse) -> tuple[Finding, ...]:
    """List what needs attention now; empty when nothing does."""
    matches.refresh(warehouse)
    made = (
        _unmatched(warehouse),
        _destroyed(warehouse),
        _gaps(warehouse),
        _unpaid_gaps(warehouse),
        _mixed(warehouse),
        _differences(warehouse),
        _refused(warehouse),
    )
    return tuple(finding for finding in made if finding)


def coverage(warehouse: Warehouse) -> pd.DataFrame:
    """Return status, subusers, usage_gb and share (of all usage); by status."""
    matches.refresh(warehouse)
    rows = frame(figures.coverage(warehouse))
    return rows.assign(share=rows["usage_gb"] / (rows["usage_gb"].sum() or 1.0))


def destroyed_names(warehouse: Warehouse) -> pd.DataFrame:
    """Return names that a spreadsheet destroyed: provider, subuser, month, usage_gb."""
    return frame(figures.destroyed_names(warehouse))


def _unmatched(warehouse: Warehouse) -> Finding | None:
    rows = coverage(warehouse)
    open_rows = rows[rows["status"] != "matched"]
    if open_rows.empty or not figures.customers(warehouse).num_rows:
        return None
    return Finding(
        f"{_counted(int(open_rows['subusers'].sum()), 'subuser')} without a customer, "
        f"{open_rows['usage_gb'].sum():,.1f} GB",
        "matching",
        "Accept one of the candidates, or say that a subuser is no customer's.",
    )


def _destroyed(warehouse: Warehouse) -> Finding | None:
    rows = destroyed_names(warehouse)
    if rows.empty:
        return None
    return Finding(
        f"{_counted(rows['subuser'].nunique(), 'name')} destroyed by a spreadsheet, "
        f"{rows['usage_gb'].sum():,.1f} GB",
        "matching",
        "Ask the provider for these months again, as CSV.",
    )


def _gaps(warehouse: Warehouse) -> Finding | None:
    rows = with_gaps(frame(figures.loaded_months(warehouse)))
    gaps = list(rows.loc[~rows["has_data"].astype(bool), "month"])
    if not gaps:
        return None
    return Finding(
        f"No usage loaded for {_named(gaps)}",
        "add_files",
        "Add the provider's export of these months, if there was any usage.",
    )


def _unpaid_gaps(warehouse: Warehouse) -> Finding | None:
    gaps = reconciliation.gaps(warehouse)
    months = sorted({gap.month for gap in gaps if gap.reason == "no_data"})
    if not months:
        return None
    return Finding(
        f"No payments loaded for {_named(months)}",
        "add_files",
        "Add Stripe's All activity of these months, if anything was paid.",
    )


def _differences(warehouse: Warehouse) -> Finding | None:
    verdict = reconciliation.verdict(warehouse)
    count = verdict.differing + verdict.differing_payments
    if not count:
        return None
    return Finding(
        _counted(count, "difference to Stripe", "differences to Stripe"),
        "revenue",
        "See under Reconciliation which totals or payments differ, and by how much.",
    )


def _refused(warehouse: Warehouse) -> Finding | None:
    live = [each for each in batches.history(warehouse) if each.withdrawn_at is None]
    partly = [each.rows_refused for each in live if each.rows_refused]
    if not partly:
        return None
    return Finding(
        f"{_counted(sum(partly), 'row')} refused in {_counted(len(partly), 'load')}",
        "history",
        "Download the refused rows of these loads, correct them and add them again.",
    )


def mixed_months(warehouse: Warehouse) -> pd.DataFrame:
    """Return months that a provider sent by day and by month, and which counts.

    Columns: provider, month, has_all_days, granularity (the one that counts); by
    provider and month.
    """
    return frame(figures.mixed_months(warehouse))


def _mixed(warehouse: Warehouse) -> Finding | None:
    rows = mixed_months(warehouse)
    rows = rows.loc[~rows["has_all_days"].astype(bool)]
    if rows.empty:
        return None
    return Finding(
        f"{_counted(len(rows), 'month')} with some days beside the whole month",
        "add_files",
        "The month counts until every one of its days is loaded; then the days do.",
    )


def _named(months: Sequence[date]) -> str:
    names = ", ".join(f"{month:%Y-%m}" for month in months[:NAMED])
    more = len(months) - NAMED
    return f"{names} and {more} more" if more > 0 else names


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
