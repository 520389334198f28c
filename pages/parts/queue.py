"""The queue of subusers that wait for a person, with a search over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.models import MatchStatus
from core.reports import bandwidth, review
from pages.parts import cache, meanings, tables, words
from pages.parts.coverage import month

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.store import Warehouse

COLUMNS: Final = (
    "subuser",
    "usage_gb",
    "cumulative_share",
    "months_active",
    "first_month",
    "last_month",
    "status",
    "email",
    "explanation",
)
"""What the queue shows of each subuser."""


def pick(warehouse: Warehouse) -> str | None:
    """Show the queue and return the chosen subuser, the first if none is chosen."""
    text = st.text_input(
        "Find a subuser",
        key="subuser",
        bind="query-params",
        type="search",
        placeholder="Part of a name; searches matched subusers, too",
    )
    rows = _found(warehouse, text or "")
    if rows.empty:
        st.info("No subuser has this in its name." if text else "Nothing waits.")
        return None
    rows = tables.paged(rows, "queue")
    event: Any = st.dataframe(
        _shown(rows),
        hide_index=True,
        # Another search has no row chosen yet: its first one is on the desk.
        key=f"queue_{text}" if text else "queue",
        height=35 * (min(len(rows), 8) + 1) + 3,
        on_select="rerun",
        selection_mode="single-row-required",
        column_config=_columns(),
        alt="Subusers by usage",
    )
    chosen = event.selection.rows
    place = chosen[0] if chosen and chosen[0] < len(rows) else 0
    return str(rows["subuser"].iloc[place])


def _found(warehouse: Warehouse, text: str) -> pd.DataFrame:
    if not text.strip():
        return cache.figure(review.waiting, warehouse)
    return cache.figure(bandwidth.named_like, warehouse, text.strip())


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    named = {str(status): word for status, word in words.STATUSES.items()}
    shown = rows[[name for name in COLUMNS if name in rows]]
    is_known = rows["status"] != MatchStatus.UNMATCHED
    return shown.assign(
        status=rows["status"].map(named), email=rows["email"].where(is_known, "")
    )


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "subuser": column.TextColumn("Subuser", pinned=True),
        "usage_gb": column.NumberColumn("GB", format=tables.GB, help=meanings.USAGE),
        "cumulative_share": column.NumberColumn(
            "Down to here",
            format="percent",
            help="Part of all waiting GB that this and the rows above hold.",
        ),
        "months_active": column.NumberColumn("Months", help=meanings.MONTHS_ACTIVE),
        "first_month": month("First month"),
        "last_month": month("Last month"),
        "status": "Status",
        "email": column.TextColumn(
            "Customer",
            help="Matched customer, or the nearest one if it is in review.",
        ),
        "explanation": column.TextColumn("Why", width="large"),
    }
