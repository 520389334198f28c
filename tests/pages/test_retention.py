"""Retention: its states, its cells, and the words on what it cannot tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pages.parts.charts import charted, retention

if TYPE_CHECKING:
    from conftest import Open

MONTHS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])
ROWS = pd.DataFrame(
    {
        "first_month": [MONTHS[0]] * 3,
        "month": MONTHS,
        "months_after": [0, 1, 2],
        "customers": [4, 4, 4],
        "active": [4.0, None, 1.0],
        "share": [1.0, None, 0.25],
        "has_data": [True, False, True],
        "is_partial": [False, False, True],
    }
)


@pytest.mark.usefixtures("loaded_shop")
def test_page_draws_cohorts_and_says_what_the_first_month_cannot_tell(
    open_page: Open,
) -> None:
    app = open_page("retention.py")
    (chart,) = app.get("vega_lite_chart")
    assert json.loads(chart.proto.spec)["layer"]
    assert len(app.metric) == 4
    assert any("Nov 2025, the first loaded month" in c.value for c in app.caption)


def test_gap_has_no_cell_and_month_that_lacks_days_has_a_star() -> None:
    table = charted.table(retention.cohorts(ROWS).to_dict())
    assert table["Months after"].to_list() == [0, 2]
    assert table["Share active"].to_list() == [1.0, 0.25]
    cells = next(iter(retention.cohorts(ROWS).to_dict()["datasets"].values()))
    assert [cell["label"] for cell in cells] == ["100%", "25%*"]
