"""How much usage has a customer, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.exports import downloads
from core.models import MatchStatus, Rule
from core.reports import handout
from pages.parts import formats, meanings, tables, words

if TYPE_CHECKING:
    import pandas as pd

    from core.reports.review import Effort


MEANINGS: Final = {
    MatchStatus.MATCHED: meanings.MATCHED,
    MatchStatus.REVIEW: meanings.REVIEW,
    MatchStatus.UNMATCHED: meanings.UNMATCHED,
}
"""What the share of each status is."""


def rule_in_force(rule: Rule) -> None:
    """Say in words how subusers are matched now."""
    st.caption(
        f"Rule in force: {words.RULES[rule].lower()}. {words.RULE_MEANINGS[rule]}"
    )
    if rule is Rule.NOTEBOOK:
        st.info(
            "Decisions are kept, but do not count under the notebook rule. "
            "The rule is chosen in the settings."
        )


def shares(rows: pd.DataFrame) -> None:
    """Show subusers and GB by status.

    Args:
        rows: As attention.coverage gives them.
    """
    found = rows.set_index("status")
    for column, status in zip(st.columns(3), MatchStatus, strict=True):
        known = status in found.index
        share = found["share"].get(status, 0.0)
        subusers = int(found["subusers"].get(status, 0)) if known else 0
        usage_gb = found["usage_gb"].get(status, 0.0)
        with column.container(border=True):
            st.metric(
                f"{words.STATUSES[status]}, of all GB",
                formats.share(share),
                help=MEANINGS[status],
            )
            counted = words.counted(subusers, "subuser")
            st.caption(f"{counted} with {formats.gb(usage_gb)}")


def effort(needed: Effort | None) -> None:
    """Say how few decisions win back most of the GB that wait."""
    if needed is None:
        st.success("No subuser waits for a decision.", icon=":material/check:")
        return
    decisions = words.counted(needed.decisions, "decision")
    subusers = words.counted(needed.open_subusers, "subuser")
    recover = "recovers" if needed.decisions == 1 else "recover"
    st.markdown(
        f"**{decisions} {recover} {formats.share(needed.recovered_share)}** of the "
        f"{formats.gb(needed.open_gb)} of {subusers} without a sure customer."
    )


def destroyed(rows: pd.DataFrame) -> None:
    """Show destroyed names with the months to ask the provider for again.

    Args:
        rows: As review.destroyed gives them.
    """
    st.subheader("Names destroyed by a spreadsheet", anchor=False)
    if rows.empty:
        st.caption("No name in the loaded usage was destroyed by a spreadsheet.")
        return
    st.caption(
        "A spreadsheet turned these account names into numbers, so that several "
        "accounts may share one. Their usage counts in every total. Ask the provider "
        "for these months again, as CSV, and drop the file unopened."
    )
    st.dataframe(
        tables.shown(tables.paged(rows, "destroyed")),
        hide_index=True,
        key="destroyed",
        column_config={
            "provider": "Provider",
            "subuser": "Name as sent",
            "months": st.column_config.NumberColumn(
                "Months", help=meanings.MONTHS_ACTIVE
            ),
            "first_month": month("First month"),
            "last_month": month("Last month"),
            "usage_gb": st.column_config.NumberColumn(
                "GB", format=tables.GB, help=meanings.USAGE
            ),
        },
        alt="Destroyed names",
    )
    data = handout.csv(rows)
    st.download_button(
        "Download this list",
        data,
        file_name=downloads.browser_name("destroyed_names.csv", data),
        mime="text/csv",
        key="download_destroyed_names",
        icon=":material/download:",
        on_click="ignore",
    )


def month(label: str) -> Any:  # noqa: ANN401
    """Make a column of months."""
    return st.column_config.DateColumn(label, format=tables.MONTH)
