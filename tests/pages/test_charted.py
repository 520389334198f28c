"""The table of a chart: exactly what the chart draws, to read and to download."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any, Final

import pandas as pd
import pytest

from core.reports import handout
from core.warehouse.figures import Scope
from pages.parts.charts import (
    charted,
    coverage,
    distribution,
    money,
    usage,
    waterfall,
)

MONTHS = pd.to_datetime(["2025-11-01", "2025-12-01", "2026-01-01"])
MONEY = pd.DataFrame(
    {
        "month": MONTHS,
        "gross": [100.0, None, 50.0],
        "refunds": [0.0, None, -80.0],
        "disputes": [0.0, None, 0.0],
        "fees": [-3.2, None, -1.75],
        "other_fees": [0.0, None, -0.5],
        "net": [96.8, None, -31.75],
    }
)
USAGE = pd.DataFrame(
    {
        "month": MONTHS,
        "usage_gb": [14.0, None, 17.5],
        "matched_gb": [14.0, None, 15.5],
        "unmatched_gb": [0.0, None, 0.0000273],
        "active_subusers": [2.0, None, 3.0],
        "is_partial": [False, False, True],
    }
)
BINS = pd.DataFrame(
    {"bin_start_gb": [0, 1], "users": [5, 4], "usage_gb": [2.5, 200.125]}
)
STEPS = pd.DataFrame(
    {
        "line": ["gross", "fees", "net"],
        "value": [100.0, -3.2, 96.8],
        "start": [0.0, 100.0, 0.0],
        "end": [100.0, 96.8, 96.8],
    }
)
STATUSES = pd.DataFrame(
    {
        "month": MONTHS[[0, 0, 2]],
        "status": ["matched", "unmatched", "matched"],
        "usage_gb": [10.0, 4.0, 2.0],
    }
)
CASES: Final[list[tuple[Any, str]]] = [
    (
        money.net_volume(MONEY, "usd"),
        'Month,"Net volume, USD"\n2025-11-01,96.8\n2025-12-01,\n2026-01-01,-31.75\n',
    ),
    (
        usage.by_month(USAGE),
        'Month,"Bandwidth of customers, GB","Bandwidth, unmatched, GB",Active users\n'
        "2025-11-01,14,0,2\n2025-12-01,,,\n2026-01-01,15.5,0.0000273,3\n",
    ),
    (
        distribution.draw(BINS, Scope(), who="Customer", is_log=False),
        'Usage,Customers,"Usage together, GB"\n0 to 1 GB,5,2.5\n>= 1 GB,4,200.125\n',
    ),
    (
        waterfall.steps(STEPS, "usd", date(2025, 11, 1)),
        'Line,"Amount, USD"\nGross volume,100\nFees,-3.2\nNet volume,96.8\n',
    ),
    (
        coverage.by_month_gb(STATUSES),
        'Month,"Matched, GB","Unmatched, GB"\n'
        "2025-11-01,10,4\n2025-12-01,,\n2026-01-01,2,\n",
    ),
]


@pytest.mark.parametrize(
    ("chart", "expected"), CASES, ids=["net volume", "usage", "bins", "steps", "status"]
)
def test_download_has_what_the_chart_draws(chart: Any, expected: str) -> None:  # noqa: ANN401
    assert handout.csv(charted.table(chart.to_dict())).decode() == expected


def test_every_value_of_the_lines_is_in_the_table() -> None:
    spec = money.lines(MONEY, "usd").to_dict()
    drawn = {
        (row["month"], row["series"]): row["value"]
        for rows in spec["datasets"].values()
        for row in rows
        if row["value"] is not None
    }
    written = csv.DictReader(io.StringIO(handout.csv(charted.table(spec)).decode()))
    read = {
        (
            f"{date.fromisoformat(row['Month']):%b %Y}",
            name.removesuffix(", USD"),
        ): float(value)
        for row in written
        for name, value in row.items()
        if name != "Month" and value
    }
    assert read == drawn


def test_chart_without_months_has_a_table_without_rows() -> None:
    spec = money.net_volume(MONEY.iloc[:0], "usd").to_dict()
    assert charted.table(spec).empty
