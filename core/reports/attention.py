"""What needs a person: unmatched usage, destroyed names, months without data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.matching import matches
from core.reports.frames import frame, with_gaps
from core.warehouse import figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Finding:
    """One thing that needs a person: what it is, in words, and the page to act on."""

    words: str
    page: str


def findings(warehouse: Warehouse) -> tuple[Finding, ...]:
    """List what needs attention now; empty when nothing does."""
    matches.refresh(warehouse)
    made = (_unmatched(warehouse), _destroyed(warehouse), _gaps(warehouse))
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
        f"{open_rows['subusers'].sum():,} subusers with "
        f"{open_rows['usage_gb'].sum():,.1f} GB have no customer yet.",
        "matching",
    )


def _destroyed(warehouse: Warehouse) -> Finding | None:
    rows = destroyed_names(warehouse)
    if rows.empty:
        return None
    return Finding(
        f"{rows['subuser'].nunique():,} names with {rows['usage_gb'].sum():,.1f} GB "
        "were destroyed by a spreadsheet. Ask the provider for these months again.",
        "matching",
    )


def _gaps(warehouse: Warehouse) -> Finding | None:
    rows = with_gaps(frame(figures.usage_months(warehouse, Scope())))
    gaps = rows.loc[~rows["has_data"].astype(bool), "month"]
    if gaps.empty:
        return None
    named = ", ".join(month.strftime("%Y-%m") for month in gaps[:6])
    more = f" and {len(gaps) - 6} more" if len(gaps) > 6 else ""
    return Finding(f"No usage is loaded for {named}{more}.", "add_files")
