"""Waterfall: each step begins where the one before ended, and ends at both nets."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.reports import waterfall

MINOR = st.integers(-(10**9), 10**9)


def month(gross: int, refunds: int, disputes: int, fees: int, other: int) -> dict:
    """Make the lines of a month out of what they are made of."""
    net = gross + refunds + disputes + fees
    return {
        "month": pd.Timestamp("2026-01-01"),
        "currency": "usd",
        "has_data": True,
        "gross_minor": gross,
        "refunds_minor": refunds,
        "disputes_minor": disputes,
        "fees_minor": fees,
        "net_minor": net,
        "other_fees_minor": other,
        "net_after_all_minor": net + other,
    }


@settings(max_examples=30, deadline=None)
@given(st.tuples(MINOR, MINOR, MINOR, MINOR, MINOR))
def test_steps_follow_on_each_other_and_end_at_the_sums(
    amounts: tuple[int, int, int, int, int],
) -> None:
    rows = waterfall.steps(pd.DataFrame([month(*amounts)]), date(2026, 1, 1))
    ends = [0, *rows["end_minor"]]
    for place, row in enumerate(rows.to_dict("records")):
        assert row["end_minor"] == row["start_minor"] + row["value_minor"]
        if row["is_total"]:
            assert row["start_minor"] == 0
            assert row["value_minor"] == ends[place]
        else:
            assert row["start_minor"] == ends[place]


def test_amounts_are_major_units_too_and_gaps_are_no_choice() -> None:
    gap = {"month": pd.Timestamp("2025-12-01"), "has_data": False}
    rows = pd.DataFrame([gap, month(10000, -2000, 0, -320, -50)])
    assert waterfall.months(rows) == (date(2026, 1, 1),)
    steps = waterfall.steps(rows, date(2026, 1, 1)).set_index("line")
    assert steps.loc["net", "value"] == pytest.approx(76.8)
    assert steps.loc["net_after_all", "end"] == pytest.approx(76.3)
