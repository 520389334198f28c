"""Charts: what they are given is what they draw, with fixed fields and names."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
import pytest

from core.warehouse.figures import Scope
from pages.parts import palette
from pages.parts.charts import axes, distribution, money, usage, waterfall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pages.parts.charts.drawing import Drawing

ROOT = Path(__file__).resolve().parents[2]
MONTHS = pd.to_datetime(["2025-11-01", "2025-12-01", "2026-01-01"])

USAGE = pd.DataFrame(
    {
        "month": MONTHS,
        "usage_gb": [14.0, None, 17.5],
        "matched_gb": [14.0, None, 15.5],
        "unmatched_gb": [0.0, None, 2.0],
        "active_subusers": [2.0, None, 3.0],
        "customers_with_usage": [2.0, None, 2.0],
        "has_data": [True, False, True],
        "is_partial": [False, False, True],
    }
)
MONEY = pd.DataFrame(
    {
        "month": MONTHS,
        "gross": [100.0, None, 50.0],
        "refunds": [0.0, None, -80.0],
        "disputes": [0.0, None, 0.0],
        "fees": [-3.2, None, -1.75],
        "other_fees": [0.0, None, -0.5],
        "net": [96.8, None, -31.75],
        "net_after_all": [96.8, None, -32.25],
        "has_data": [True, False, True],
    }
)
BINS = pd.DataFrame(
    {
        "bin_start_gb": range(11),
        "users": [5, *[0] * 8, 1, 4],
        "usage_gb": [2.5, *[0.0] * 8, 9.5, 200.0],
    }
)
STACKED = pd.DataFrame(
    {
        "place": [0, 0, 1],
        "month": MONTHS[[0, 2, 2]],
        "subuser": ["title", "title", ""],
        "usage_gb": [5.0, 4.0, 1.0],
    }
)
STEPS = pd.DataFrame(
    {
        "line": ["gross", "fees", "net"],
        "value": [100.0, -3.2, 96.8],
        "start": [0.0, 100.0, 0.0],
        "end": [100.0, 96.8, 96.8],
    }
)
PROFILE = USAGE[["month", "usage_gb", "has_data"]]

CHARTS = {
    "usage": usage.by_month(USAGE),
    "histogram": distribution.draw(BINS, Scope(), who="Customer", is_log=False),
    "customer": usage.of_customer(PROFILE, list(MONTHS)),
    "subusers": usage.by_subuser(STACKED, list(MONTHS)),
    "net volume": money.net_volume(MONEY, "usd"),
    "lines": money.lines(MONEY, "usd"),
    "waterfall": waterfall.steps(STEPS, "usd", date(2025, 11, 1)),
}


def encodings(spec: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Find the encodings of a chart and its layers."""
    for layer in (spec, *spec.get("layer", [])):
        if "encoding" in layer:
            yield layer["encoding"]


def rows(chart: Drawing) -> list[dict[str, Any]]:
    """Return every row that a chart draws from, of all its layers."""
    return [row for table in chart.to_dict()["datasets"].values() for row in table]


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_valid_and_says_what_it_shows(name: str) -> None:
    spec = CHARTS[name].to_dict()
    whole = alt.LayerChart if "layer" in spec else alt.Chart
    whole.validate(spec)
    assert spec["title"]["text"]
    for encoding in encodings(spec):
        assert encoding["x"]["axis"]["title"]
        assert encoding["y"]["axis"]["title"]
        assert encoding["y"]["scale"]["zero"] is True


@pytest.mark.parametrize("name", CHARTS)
def test_tooltips_have_own_fields_that_no_renderer_takes_for_markup(name: str) -> None:
    for encoding in encodings(CHARTS[name].to_dict()):
        shown = encoding["tooltip"]
        assert shown
        for part in shown:
            assert part["field"] not in {"image", "title", "href"}
            assert part["title"].lower() not in {"image", "title", "href"}
            assert part["type"] == "nominal"


@pytest.mark.parametrize("name", ["usage", "lines", "subusers"])
def test_legend_highlights_its_series(name: str) -> None:
    spec = CHARTS[name].to_dict()
    (parameter,) = [each for each in spec["params"] if each["name"] == "highlight"]
    assert parameter["bind"] == "legend"
    assert parameter["select"]["fields"] == ["series"]
    for encoding in encodings(spec):
        assert encoding["opacity"]["value"] == axes.DIMMED
        assert encoding["opacity"]["condition"] == {"param": "highlight", "value": 1}


def test_month_without_data_keeps_its_place_and_breaks_the_line() -> None:
    for encoding in encodings(CHARTS["usage"].to_dict()):
        domain = encoding["x"]["scale"]["domain"]
        assert domain == ["Nov 2025", "Dec 2025", "Jan 2026"]
    line = [row for row in rows(CHARTS["usage"]) if row["series"] == usage.ACTIVE]
    assert [row["value"] for row in line] == [2, None, 3]


def test_incomplete_month_is_paler() -> None:
    bars = [row for row in rows(CHARTS["usage"]) if row["series"] == usage.MATCHED]
    assert [row["fill"] for row in bars] == [1, 1, axes.PARTIAL]


def test_bandwidth_and_users_have_scales_of_their_own() -> None:
    spec = CHARTS["usage"].to_dict()
    assert spec["resolve"]["scale"]["y"] == "independent"
    titles = [encoding["y"]["axis"]["title"] for encoding in encodings(spec)]
    assert titles == ["Bandwidth, GB", "Active users"]


@pytest.mark.parametrize(
    ("name", "series"),
    [
        (
            "usage",
            {
                usage.MATCHED: palette.USAGE,
                usage.UNMATCHED: palette.UNMATCHED,
                usage.ACTIVE: palette.ACTIVE_USERS,
            },
        ),
        ("lines", dict(money.LINES.values())),
        ("subusers", {"title": palette.SUBUSERS[0], usage.OTHERS: palette.SUBUSERS[1]}),
    ],
)
def test_each_series_has_its_colour(name: str, series: dict[str, str]) -> None:
    for encoding in encodings(CHARTS[name].to_dict()):
        scale = encoding["color"]["scale"]
        assert dict(zip(scale["domain"], scale["range"], strict=True)) == series


def test_histogram_counts_all_and_names_its_tail() -> None:
    drawn = rows(CHARTS["histogram"])
    assert sum(row["users"] for row in drawn) == BINS["users"].sum()
    assert drawn[0]["bin"] == "0 to 1 GB"
    assert drawn[-1]["bin"] == ">= 10 GB"
    assert drawn[-1]["users_shown"] == "4"


@pytest.mark.parametrize(
    ("least", "most", "lit"),
    [(None, None, list(range(11))), (3, 5, [3, 4]), (60, None, [10]), (0, 0, [0])],
)
def test_histogram_dims_what_the_filter_leaves_out(
    least: int | None, most: int | None, lit: list[int]
) -> None:
    scope = Scope(least_gb=least, most_gb=most)
    chart = distribution.draw(BINS, scope, who="Customer", is_log=False)
    drawn = [row["bin_start"] for row in rows(chart) if row["opacity"] == 1]
    assert drawn == lit


def test_logarithmic_scale_keeps_empty_bins_at_zero() -> None:
    chart = distribution.draw(BINS, Scope(), who="Subuser", is_log=True)
    (encoding,) = encodings(chart.to_dict())
    assert encoding["y"]["scale"]["type"] == "symlog"
    assert encoding["y"]["axis"]["title"] == "Subusers"


def test_lines_of_a_month_add_up_to_its_net() -> None:
    drawn = rows(CHARTS["lines"])
    for month in ("Nov 2025", "Jan 2026"):
        values = {row["series"]: row["value"] for row in drawn if row["month"] == month}
        net = values.pop("Net volume")
        values.pop("Other Stripe fees")
        assert sum(values.values()) == pytest.approx(net)


def test_labels_stand_on_all_bars_or_on_the_highest_and_last() -> None:
    told = axes.labels(pd.Series([3.0, None, 1500.0, 2.0]), str)
    assert list(told["label"]) == ["3.0", "", "1500.0", "2.0"]
    assert list(told["is_kept"]) == [False, False, True, True]
    nothing = axes.labels(pd.Series([None, None], dtype=float), str)
    assert list(nothing["label"]) == ["", ""]
    assert not nothing["is_kept"].any()


@pytest.mark.parametrize(("bars", "angle", "room"), [(6, None, 24), (36, 270, 10)])
def test_labels_that_have_no_room_leave_the_kept_ones(
    bars: int, angle: int | None, room: int
) -> None:
    months = pd.date_range("2024-01-01", periods=bars, freq="MS")
    rows = pd.DataFrame({"month": months, "net": range(1, bars + 1)})
    _, text = money.net_volume(rows, "usd").to_dict()["layer"]
    assert text["mark"].get("angle") == angle
    shown = f"width >= {bars * room} || datum.is_kept ? 1 : 0"
    assert text["mark"]["opacity"] == {"expr": shown}


def test_months_outside_the_period_are_dimmed() -> None:
    scope = Scope(date(2025, 12, 1), date(2025, 12, 1))
    drawn = rows(usage.by_month(USAGE, scope))
    assert {row["fill"] for row in drawn if row["month"] != "Dec 2025"} == {axes.DIMMED}
    paid = rows(money.net_volume(MONEY, "usd", scope=Scope(date(2026, 1, 1))))
    assert [row["opacity"] for row in paid] == [axes.DIMMED, 1]


def test_month_that_is_not_whole_says_so() -> None:
    told = {row["told"] for row in rows(CHARTS["usage"])}
    assert told == {"Nov 2025", "Dec 2025", "Jan 2026, provisional"}


def test_one_customer_lights_its_bin() -> None:
    chart = distribution.draw(BINS, Scope(), who="Customer", owner_gb=9.5)
    lit = [row["bin_start"] for row in rows(chart) if row["opacity"] == 1]
    assert lit == [9]


def test_text_below_zero_stands_below_its_bar_and_has_room_there() -> None:
    _, text = CHARTS["net volume"].to_dict()["layer"]
    assert text["mark"]["dy"] == {"expr": "datum.value < 0 ? 9 : -7"}
    assert text["encoding"]["y"]["scale"]["padding"] == axes.LABEL_ROOM
    above = money.net_volume(MONEY.iloc[:1], "usd").to_dict()["layer"][1]
    assert "padding" not in above["encoding"]["y"]["scale"]


@pytest.mark.parametrize("name", CHARTS)
def test_marks_are_named_by_what_people_read_and_labels_not_twice(name: str) -> None:
    spec = CHARTS[name].to_dict()
    for layer in spec.get("layer", [spec]):
        if layer["mark"]["type"] == "text":
            assert layer["mark"]["aria"] is False
            continue
        words = layer["encoding"]["description"]["value"]["expr"].split(" + ', ' + ")
        for row in rows(CHARTS[name]):
            texts = [row[word.removeprefix("datum.")] for word in words]
            assert all(isinstance(text, str) for text in texts)


def test_a_choice_that_changes_rows_only_shares_the_shape() -> None:
    one = usage.by_month(USAGE, Scope(date(2025, 12, 1), date(2025, 12, 1)))
    assert one.shape is CHARTS["usage"].shape
    assert one.to_dict() != CHARTS["usage"].to_dict()


def test_unmatched_usage_has_no_hue() -> None:
    chart = usage.of_customer(PROFILE, list(MONTHS), is_unmatched=True)
    marks = [layer["mark"].get("color") for layer in chart.to_dict()["layer"]]
    assert palette.UNMATCHED in marks


@pytest.mark.parametrize("months", [1, 7, 8, 20, 36, 90])
def test_ticks_are_few_however_many_months(months: int) -> None:
    domain = list(pd.date_range("2019-03-01", periods=months, freq="MS"))
    ticks = axes.months(domain).to_dict()["axis"]["values"]
    assert len(ticks) <= 9


def test_span_holds_every_month_of_all_tables() -> None:
    early = pd.DataFrame({"month": pd.to_datetime(["2025-09-01"])})
    nothing = early.iloc[:0]
    assert len(axes.span(early, nothing, USAGE)) == 5
    assert axes.span(nothing) == []


def test_no_month_draws_an_empty_chart() -> None:
    assert money.net_volume(MONEY.iloc[:0], "usd").to_dict()["title"]


def test_charts_do_not_load_streamlit() -> None:
    code = "import sys, pages.parts.charts.usage as u, pages.parts.charts.money as m"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}; sys.exit('streamlit' in sys.modules)"],
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0
