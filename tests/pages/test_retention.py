"""Retention: its states, its cells, and the words on what it cannot tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.reports import handout
from pages.parts import cohorts
from pages.parts.charts import charted, retention

if TYPE_CHECKING:
    from conftest import Open

MONTHS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"])
ROWS = pd.DataFrame(
    {
        "first_month": [*[MONTHS[0]] * 4, MONTHS[2]],
        "month": [*MONTHS, MONTHS[2]],
        "months_after": [0, 1, 2, 3, 0],
        "customers": [4, 4, 4, 4, 2],
        "active": [4.0, None, 0.0, 1.0, 2.0],
        "share": [1.0, None, 0.0, 0.25, 1.0],
        "has_data": [True, False, True, True, True],
        "is_partial": [False, False, False, True, False],
    }
)
"""A cohort with everybody, a gap, nobody and a provisional month; and a second one."""


@pytest.mark.usefixtures("loaded_shop")
def test_page_draws_cohorts_and_says_what_the_first_month_cannot_tell(
    open_page: Open,
) -> None:
    app = open_page("retention.py")
    (chart,) = app.get("vega_lite_chart")
    assert json.loads(chart.proto.spec)["layer"]
    captions = "\n".join(caption.value for caption in app.caption)
    assert "Nov 2025, the first loaded month" in captions
    assert "Nothing can be told of who stayed yet" in captions
    assert not app.metric
    assert app.dataframe[0].value["0"].to_list() == ["100"]


def test_a_gap_a_zero_and_a_provisional_month_are_told_apart() -> None:
    spec = retention.cohorts(ROWS).to_dict()
    cells = next(iter(spec["datasets"].values()))
    told = {
        (cell["cohort"], cell["months_after"]): (cell["series"], cell["label"])
        for cell in cells
    }
    assert told == {
        ("Jan 2026", 0): (retention.ACTIVE, "100"),
        ("Jan 2026", 1): (retention.GAP, "\u2013"),
        ("Jan 2026", 2): (retention.NOBODY, "0"),
        ("Jan 2026", 3): (retention.ACTIVE, "25*"),
        ("Mar 2026", 0): (retention.ACTIVE, "100"),
    }
    drawn = spec["layer"][0]["encoding"]
    looks = {
        series: (
            drawn["fill"]["scale"]["range"][n],
            drawn["stroke"]["scale"]["range"][n],
        )
        for n, series in enumerate(drawn["fill"]["scale"]["domain"])
    }
    assert len(set(looks.values())) == 3
    months = {cell["months_after"]: cell["month"] for cell in cells[:4]}
    assert months[3] == "Apr 2026, provisional"


def test_the_csv_of_the_chart_has_no_share_where_nothing_is_loaded() -> None:
    table = charted.table(retention.cohorts(ROWS).to_dict())
    assert table["Months after"].to_list() == [0, 1, 2, 3, 0]
    lines = handout.csv(table).decode().splitlines()
    assert lines[2] == "Jan 2026,1,4,,"
    assert lines[3] == "Jan 2026,2,4,0,0"


def test_the_grid_has_a_row_for_each_cohort_and_nothing_where_the_future_is() -> None:
    grid = cohorts.grid(ROWS)
    assert list(grid) == ["First usage", "Customers", "0", "1", "2", "3"]
    assert grid.loc[0, ["0", "1", "2", "3"]].to_list() == [
        "100",
        "\u2013",
        "0",
        "25*",
    ]
    assert grid.loc[1, ["1", "2", "3"]].isna().all()
