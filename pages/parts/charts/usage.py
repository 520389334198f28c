"""Charts of usage: by month, by size of customer, by subuser."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette
from pages.parts.charts import axes, charted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.warehouse.figures import Scope

MATCHED: Final = "Bandwidth of customers"
"""Series of usage that has a customer."""

UNMATCHED: Final = "Bandwidth, unmatched"
"""Series of usage that has none."""

ACTIVE: Final = "Active users"
"""Series of distinct subusers with a row."""

OTHERS: Final = "All others"
"""Series of the subusers that do not stand by themselves."""

MONTHLY: Final = (
    "Bandwidth is usage of all subusers; the grey part has no customer. Active users "
    "are subusers with a row in the month, whatever its usage. Pale months lack days; "
    "months without data have no bar. A click in the legend lights one series."
)
"""Definition of bandwidth and active users by month."""

BINS: Final = (
    "How many stand in each step of 1 GB, by usage over the whole period. The last "
    "bar holds all from there on. Unmatched usage is nobody's and not counted here."
)
"""Definition of the histogram."""

OF_CUSTOMER: Final = (
    "Usage of the subusers that are the customer's. Months without a row are empty."
)
"""Definition of a customer's usage."""


def by_month(rows: pd.DataFrame) -> axes.Drawing:
    """Draw bandwidth as bars and active users as a line, each on a scale of its own.

    Args:
        rows: As core.reports.bandwidth.by_month returns them.
    """
    table = _by_month(rows)
    pick = axes.highlight()
    series = {
        MATCHED: palette.USAGE,
        UNMATCHED: palette.UNMATCHED,
        ACTIVE: palette.ACTIVE_USERS,
    }
    shared = {
        "x": axes.months(axes.span(rows)),
        "color": axes.colours(series),
        "opacity": axes.dimmed(pick),
        "tooltip": axes.tooltip(
            month="Month", series="Series", shown="Value", whole="All bandwidth"
        ),
    }
    bars = (
        alt.Chart(table[table["series"] != ACTIVE])
        .mark_bar()
        .encode(
            y=axes.amounts("value", "Bandwidth, GB"),
            order=alt.Order("place:Q"),
            fillOpacity=alt.FillOpacity("fill:Q", scale=None, legend=None),
            **shared,
        )
    )
    line = (
        alt.Chart(table[table["series"] == ACTIVE])
        .mark_line(point=axes.POINT, strokeWidth=2)
        .encode(y=axes.amounts("value", "Active users", is_right=True), **shared)
    )
    drawn: axes.Drawing = (
        alt.layer(bars.add_params(pick), line)
        .resolve_scale(y="independent")
        .properties(title=axes.heading("Monthly bandwidth and active users", MONTHLY))
    )
    return drawn


def distribution(
    rows: pd.DataFrame, scope: Scope, *, who: str, is_log: bool
) -> axes.Drawing:
    """Draw how many users stand in each bin of 1 GB; the last bin holds the rest.

    Args:
        rows: As core.reports.bandwidth.histogram returns them.
        scope: Bins outside its GB are dimmed.
        who: What is counted: Customer or Subuser.
        is_log: Whether the count has a logarithmic scale.
    """
    tail = int(rows["bin_start_gb"].max())
    axis = alt.Axis(
        title="Usage over the period, GB",
        values=[*range(0, tail, max(tail // 5, 1)), tail],
        labelExpr=f"datum.value == {tail} ? '>= {tail}' : datum.label",
        labelAngle=0,
        labelPadding=4,
        titlePadding=2,
        grid=False,
    )
    scale = alt.Scale(type="symlog" if is_log else "linear", zero=True)
    count_axis = alt.Axis(title=f"{who}s", tickCount=4, format=",~r")
    drawn: axes.Drawing = (
        alt.Chart(_distribution(rows, tail, scope))
        .mark_bar(color=palette.USAGE)
        .encode(
            x=alt.X("bin_start:O", axis=axis, sort=None),
            y=alt.Y("users:Q", axis=count_axis, scale=scale),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
            tooltip=axes.tooltip(
                bin="Usage", users_shown=f"{who}s", usage_shown="Together"
            ),
        )
        .properties(
            title=axes.heading(f"{who}s by usage, bins of 1 GB", BINS),
            usermeta=charted.columns(
                bin="Usage", users=f"{who}s", usage_gb="Usage together, GB"
            ),
        )
    )
    return drawn


def of_customer(
    rows: pd.DataFrame, domain: Sequence[pd.Timestamp], *, is_unmatched: bool = False
) -> axes.Drawing:
    """Draw one customer's usage by month, labelled; months without a row stay empty.

    Args:
        rows: As core.reports.customer.usage_months returns them.
        domain: Months to lay out.
        is_unmatched: Whether the usage belongs to nobody.
    """
    table = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "value": rows["usage_gb"],
            "shown": [formats.gb(usage) for usage in rows["usage_gb"]],
            "label": axes.labels(rows["usage_gb"], formats.short),
        }
    ).dropna(subset=["value"])
    colour = palette.UNMATCHED if is_unmatched else palette.USAGE
    base = alt.Chart(table).encode(
        x=axes.months(domain),
        y=axes.amounts("value", "Usage, GB"),
        tooltip=axes.tooltip(month="Month", shown="Usage"),
    )
    text = base.mark_text(dy=-7, fontSize=11).encode(text="label:N")
    return alt.layer(base.mark_bar(color=colour), text).properties(
        title=axes.heading("Usage by month", OF_CUSTOMER)
    )


def by_subuser(rows: pd.DataFrame, domain: Sequence[pd.Timestamp]) -> axes.Drawing:
    """Draw one customer's usage by month, stacked by subuser, the largest below.

    Args:
        rows: As core.reports.customer.stacked returns them.
        domain: Months to lay out.
    """
    named = rows.drop_duplicates("place")
    titles = {
        int(place): str(name) or OTHERS
        for place, name in zip(named["place"], named["subuser"], strict=True)
    }
    pick = axes.highlight()
    table = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "value": rows["usage_gb"],
            "series": rows["place"].map(titles),
            "place": rows["place"],
            "shown": [formats.gb(usage) for usage in rows["usage_gb"]],
        }
    )
    drawn: axes.Drawing = (
        alt.Chart(table, title=axes.heading("Usage by month and subuser", OF_CUSTOMER))
        .mark_bar()
        .encode(
            x=axes.months(domain),
            y=axes.amounts("value", "Usage, GB"),
            color=axes.colours({name: _hue(place) for place, name in titles.items()}),
            order=alt.Order("place:Q"),
            opacity=axes.dimmed(pick),
            tooltip=axes.tooltip(month="Month", series="Subuser", shown="Usage"),
        )
        .add_params(pick)
    )
    return drawn


def _hue(place: int) -> str:
    hues = palette.SUBUSERS
    return hues[place] if place < len(hues) else palette.UNMATCHED


def _distribution(rows: pd.DataFrame, tail: int, scope: Scope) -> pd.DataFrame:
    starts = rows["bin_start_gb"]
    least = float(scope.least_gb or 0)
    most = math.inf if scope.most_gb is None else float(scope.most_gb)
    is_chosen = ((starts + 1 > least) | (starts == tail)) & (starts <= most)
    return pd.DataFrame(
        {
            "bin_start": starts,
            "users": rows["users"],
            "bin": [f"{s} to {s + 1} GB" if s < tail else f">= {s} GB" for s in starts],
            "usage_gb": rows["usage_gb"],
            "users_shown": [formats.count(users) for users in rows["users"]],
            "usage_shown": [formats.gb(usage) for usage in rows["usage_gb"]],
            "opacity": is_chosen.map({True: 1.0, False: axes.DIMMED}),
        }
    )


def _by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Write one row for each month and series; a gap keeps the row of the line."""
    months = [formats.month(month) for month in rows["month"]]
    parts = [
        (MATCHED, 0, rows["matched_gb"], formats.gb),
        (UNMATCHED, 1, rows["unmatched_gb"], formats.gb),
        (ACTIVE, 2, rows["active_subusers"], formats.count),
    ]
    tables = [
        pd.DataFrame(
            {
                "month": months,
                "series": name,
                "place": place,
                "value": values,
                "shown": [write(value) for value in values],
                "whole": [formats.gb(usage) for usage in rows["usage_gb"]],
                "fill": [
                    axes.PARTIAL if partial else 1 for partial in rows["is_partial"]
                ],
            }
        )
        for name, place, values, write in parts
    ]
    return pd.concat(tables, ignore_index=True)
