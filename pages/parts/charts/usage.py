"""Charts of usage by month: of all, of one customer, of the subusers of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette
from pages.parts.charts import axes
from pages.parts.charts.drawing import ROWS, Drawing, Shape, shaped, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.warehouse.figures import Scope

MATCHED: Final = "Bandwidth of customers"
"""Series of usage that has a customer."""

UNMATCHED: Final = "Bandwidth, unmatched"
"""Series of usage that has none."""

ACTIVE: Final = "Active users"
"""Series of distinct subusers with a row."""

BARS: Final = "bars"
"""Name of the table of bandwidth."""

LINE: Final = "line"
"""Name of the table of active users."""

OTHERS: Final = "All others"
"""Series of the subusers that do not stand by themselves."""

MONTHLY: Final = (
    "Bandwidth is usage of all subusers; the grey part has no customer. Active users "
    "are subusers with a row in the month, whatever its usage. Pale months lack days; "
    "months without data have no bar. A click in the legend lights one series."
)
"""Definition of bandwidth and active users by month."""

OF_CUSTOMER: Final = (
    "Usage of the subusers that are the customer's. Months of which no usage is loaded "
    "are empty; pale months lack days."
)
"""Definition of a customer's usage."""


def by_month(rows: pd.DataFrame, scope: Scope | None = None) -> Drawing:
    """Draw bandwidth as bars and active users as a line, each on a scale of its own.

    Args:
        rows: As core.reports.bandwidth.by_month returns them.
        scope: What staff look at; months outside it are dimmed.
    """
    every = _by_month(rows, scope)
    is_line = every["series"] == ACTIVE
    tables = {BARS: every[~is_line], LINE: every[is_line]}
    return Drawing(_bars_and_line(tuple(axes.span(rows))), tables)


@shaped
def _bars_and_line(domain: tuple[pd.Timestamp, ...]) -> Shape:
    pick = axes.highlight()
    series = {
        MATCHED: palette.USAGE,
        UNMATCHED: palette.UNMATCHED,
        ACTIVE: palette.ACTIVE_USERS,
    }
    shared = {
        "x": axes.months(domain),
        "color": axes.colours(
            series, short={MATCHED: "Customers", UNMATCHED: "Unmatched"}
        ),
        "opacity": axes.dimmed(pick),
        "tooltip": axes.tooltip(
            told="Month", series="Series", shown="Value", whole="All bandwidth"
        ),
        "description": axes.said("told", "series", "shown"),
    }
    bars = (
        table(BARS)
        .mark_bar()
        .encode(
            y=axes.amounts("value", "Bandwidth, GB"),
            order=alt.Order("place:Q"),
            fillOpacity=alt.FillOpacity("fill:Q", scale=None, legend=None),
            **shared,
        )
    )
    line = (
        table(LINE)
        .mark_line(point=axes.POINT, strokeWidth=2)
        .encode(y=axes.amounts("value", "Active users", is_right=True), **shared)
    )
    title = axes.heading("Monthly bandwidth and active users", MONTHLY)
    drawn: Shape = alt.layer(
        bars.add_params(pick, axes.picked()), line, title=title
    ).resolve_scale(y="independent")
    return drawn


def of_customer(
    rows: pd.DataFrame,
    domain: Sequence[pd.Timestamp],
    *,
    is_unmatched: bool = False,
    scope: Scope | None = None,
    title: str = "Usage by month",
) -> Drawing:
    """Draw one customer's usage by month, labelled; months without a row stay empty.

    Args:
        rows: month, usage_gb, and is_partial where that is known.
        domain: Months to lay out.
        is_unmatched: Whether the usage belongs to nobody.
        scope: What staff look at; months outside it are dimmed.
        title: What the chart shows.
    """
    bars = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "told": axes.told(rows),
            "value": rows["usage_gb"],
            "shown": [formats.gb(usage) for usage in rows["usage_gb"]],
            "opacity": axes.lit(rows, scope),
        }
    ).join(axes.labels(rows["usage_gb"], formats.short))
    colour = palette.UNMATCHED if is_unmatched else palette.USAGE
    shape = _labelled_bars(tuple(domain), colour, title)
    return Drawing(shape, {ROWS: bars.dropna(subset=["value"])})


@shaped
def _labelled_bars(domain: tuple[pd.Timestamp, ...], colour: str, title: str) -> Shape:
    base = table().encode(
        x=axes.months(domain),
        y=axes.amounts("value", "Usage, GB"),
        tooltip=axes.tooltip(told="Month", shown="Usage"),
        description=axes.said("told", "shown"),
    )
    bars = base.mark_bar(color=colour).encode(opacity=axes.OPACITY)
    return alt.layer(
        bars.add_params(axes.picked()),
        axes.labelled(base, len(domain)),
        title=axes.heading(title, OF_CUSTOMER),
    )


def by_subuser(rows: pd.DataFrame, domain: Sequence[pd.Timestamp]) -> Drawing:
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
    bars = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "value": rows["usage_gb"],
            "series": rows["place"].map(titles),
            "place": rows["place"],
            "shown": [formats.gb(usage) for usage in rows["usage_gb"]],
        }
    )
    hues = tuple((name, _hue(place)) for place, name in titles.items())
    return Drawing(_stacked(tuple(domain), hues), {ROWS: bars})


@shaped
def _stacked(
    domain: tuple[pd.Timestamp, ...], hues: tuple[tuple[str, str], ...]
) -> Shape:
    pick = axes.highlight()
    drawn: Shape = (
        table()
        .mark_bar()
        .encode(
            x=axes.months(domain),
            y=axes.amounts("value", "Usage, GB"),
            color=axes.colours(dict(hues)),
            order=alt.Order("place:Q"),
            opacity=axes.dimmed(pick),
            tooltip=axes.tooltip(month="Month", series="Subuser", shown="Usage"),
            description=axes.said("month", "series", "shown"),
        )
        .add_params(pick)
        .properties(title=axes.heading("Usage by month and subuser", OF_CUSTOMER))
    )
    return drawn


def _hue(place: int) -> str:
    hues = palette.SUBUSERS
    return hues[place] if place < len(hues) else palette.UNMATCHED


def _by_month(rows: pd.DataFrame, scope: Scope | None) -> pd.DataFrame:
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
                "told": axes.told(rows),
                "series": name,
                "place": place,
                "value": values,
                "shown": [write(value) for value in values],
                "whole": [formats.gb(usage) for usage in rows["usage_gb"]],
                "fill": axes.lit(rows, scope),
            }
        )
        for name, place, values, write in parts
    ]
    return pd.concat(tables, ignore_index=True)
