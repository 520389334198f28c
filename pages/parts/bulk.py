"""Many decisions at once, where one rule explains them: shown first, then recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.matching.schemas import Ground
from core.models import Choice, NoCustomer
from core.reports import review
from pages.parts import cache, formats, outcome, tables, verdicts, words

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.store import Warehouse

GROUNDS: Final = {
    Ground.RAW_NAME: "Same username",
    Ground.CLEAN_NAME: "Same username, cleaned",
    Ground.FOLDED_NAME: "Same username but for capitals",
    Ground.STEM: "Same username but for the ending",
    Ground.HANDLE: "Same handle",
    Ground.CUT_NAME: "Username that was cut",
    Ground.CUT_HANDLE: "Handle that was cut",
    Ground.SIMILAR_NAME: "Similar username",
    Ground.SIMILAR_HANDLE: "Similar handle",
    Ground.ACCOUNT_ID: "Account number",
    Ground.DESTROYED: "Destroyed name",
}
"""What speaks for a customer, by ground."""

PLACE: Final = "bulk"
"""Where outcomes are told."""


def draw(warehouse: Warehouse, *, is_off: bool) -> None:
    """Offer to accept suggestions by ground, and to set names aside by a text."""
    outcome.show(PLACE)
    verdicts.undo_button(warehouse, PLACE)
    st.subheader("Accept suggestions that rest on the same evidence", anchor=False)
    _accept(warehouse, is_off=is_off)
    st.subheader("Set aside names that are no customers", anchor=False)
    _set_aside(warehouse, is_off=is_off)


def _accept(warehouse: Warehouse, *, is_off: bool) -> None:
    grounds = cache.figure(review.grounds, warehouse)
    if grounds.empty:
        st.caption("No subuser in review has a nearest customer.")
        return
    counts = dict(zip(grounds["rule"], grounds["subusers"], strict=True))
    ground, score, alone = st.columns([2, 1, 1.4], vertical_alignment="bottom")
    rule = ground.selectbox(
        "Evidence",
        list(counts),
        format_func=lambda code: _evidence(code, counts.get(code, 0)),
        key="bulk_ground",
        bind="query-params",
    )
    least = score.number_input(
        "Score at least", 0, 100, 0, key="bulk_score", bind="query-params"
    )
    is_alone = alone.checkbox(
        "Only if nobody else comes near",
        value=True,
        key="bulk_alone",
        bind="query-params",
    )
    rows = cache.figure(
        review.suggested, warehouse, rule, least_score=float(least), is_alone=is_alone
    )
    _preview(rows, "bulk_suggested")
    choices = [
        Choice(subuser, email_key)
        for subuser, email_key in zip(rows["subuser"], rows["email_key"], strict=True)
    ]
    _button(warehouse, "Accept", "bulk_accept", choices, rows, is_off=is_off)


def _set_aside(warehouse: Warehouse, *, is_off: bool) -> None:
    name, reason = st.columns([2, 2.4], vertical_alignment="bottom")
    text = name.text_input(
        "Name holds",
        key="bulk_text",
        bind="query-params",
        type="search",
        placeholder="Part of a name",
    )
    why = reason.segmented_control(
        "They are",
        list(verdicts.REASONS),
        default=NoCustomer.TEST,
        required=True,
        format_func=verdicts.REASONS.__getitem__,
        key="bulk_reason",
    )
    rows = cache.figure(review.named_like, warehouse, text or "")
    if not text:
        return
    _preview(rows, "bulk_named")
    choices = [Choice(subuser, None, NoCustomer(why)) for subuser in rows["subuser"]]
    _button(warehouse, "Set aside", "bulk_set_aside", choices, rows, is_off=is_off)


def _evidence(code: str, count: int) -> str:
    return f"{GROUNDS.get(Ground(code), code)}, {words.counted(count, 'subuser')}"


def _preview(rows: pd.DataFrame, key: str) -> None:
    number = st.column_config.NumberColumn
    st.dataframe(
        tables.paged(rows, key),
        key=key,
        hide_index=True,
        column_order=[
            "subuser",
            "usage_gb",
            "email",
            "score",
            "runner_up_email",
            "runner_up_score",
            "explanation",
        ],
        column_config={
            "subuser": st.column_config.TextColumn("Subuser", pinned=True),
            "usage_gb": number("GB", format=tables.GB),
            "email": "Nearest customer",
            "score": number("Score", format="%.0f"),
            "runner_up_email": "Next best",
            "runner_up_score": number("Its score", format="%.0f"),
            "explanation": st.column_config.TextColumn("Why", width="large"),
        },
        placeholder="",
        alt="What would be decided",
    )


def _button(
    warehouse: Warehouse,
    verb: str,
    key: str,
    choices: list[Choice],
    rows: pd.DataFrame,
    *,
    is_off: bool,
) -> None:
    counted = words.counted(len(choices), "subuser")
    st.button(
        f"{verb} {counted} with {formats.gb(rows['usage_gb'].sum())}",
        key=key,
        type="primary",
        disabled=is_off or not choices,
        on_click=_record,
        args=(warehouse, choices),
    )


def _record(warehouse: Warehouse, choices: list[Choice]) -> None:
    verdicts.take(warehouse, choices, PLACE)
