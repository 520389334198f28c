"""Chart of how many users there are of each size; a brush in it chooses a range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette, words
from pages.parts.charts import axes, charted, selections
from pages.parts.charts.drawing import ROWS, Drawing, Shape, shaped, table

if TYPE_CHECKING:
    from core.warehouse.figures import Scope

MEANING: Final = (
    "How many stand in each step of 1 GB, by usage over the whole period. The last "
    "bar holds all from there on. Unmatched usage is nobody's and not counted here. "
    "Drag over bars to look at those users only."
)
"""Definition of the histogram."""


def draw(
    rows: pd.DataFrame,
    scope: Scope,
    *,
    who: str,
    is_log: bool = False,
    owner_gb: float | None = None,
) -> Drawing:
    """Draw how many users stand in each bin of 1 GB; the last bin holds the rest.

    Args:
        rows: As core.reports.bandwidth.histogram returns them.
        scope: Bins outside its GB are dimmed.
        who: What is counted: Customer or Subuser.
        is_log: Whether the count has a logarithmic scale.
        owner_gb: Usage of the one customer that staff look at; its bin alone is lit.
    """
    tail = int(rows["bin_start_gb"].max())
    bars = _table(rows, tail, who, _lit(rows, tail, scope, owner_gb))
    return Drawing(_bins(tail, who, is_log=is_log), {ROWS: bars})


@shaped
def _bins(tail: int, who: str, *, is_log: bool) -> Shape:
    scale = alt.Scale(type="symlog" if is_log else "linear", zero=True)
    count_axis = alt.Axis(title=f"{who}s", tickCount=4, format=",~r")
    brush = alt.selection_interval(
        name=selections.BRUSH,
        encodings=["x"],
        mark=alt.BrushConfig(fill=palette.USAGE, fillOpacity=0.12, strokeWidth=0),
    )
    drawn: Shape = (
        table()
        .mark_bar(color=palette.USAGE, binSpacing=1)
        .encode(
            x=alt.X(
                f"{selections.START}:Q",
                bin="binned",
                axis=_axis(tail),
                scale=_span(tail),
            ),
            x2="bin_end:Q",
            y=alt.Y("users:Q", axis=count_axis, scale=scale),
            opacity=axes.OPACITY,
            tooltip=axes.tooltip(
                bin="Usage", users_shown=f"{who}s", usage_shown="Together"
            ),
            description=axes.said("bin", "users_said", "usage_shown"),
        )
        .add_params(brush)
        .properties(
            title=axes.heading(f"{who}s by usage, bins of 1 GB", MEANING),
            usermeta=charted.columns(
                bin="Usage", users=f"{who}s", usage_gb="Usage together, GB"
            ),
        )
    )
    return drawn


def _axis(tail: int) -> alt.Axis:
    return alt.Axis(
        title="Usage over the period, GB",
        values=[*range(0, tail, max(tail // 5, 1)), tail],
        labelExpr=f"datum.value == {tail} ? '>= {tail}' : datum.label",
        labelAngle=0,
        labelPadding=4,
        labelFlush=False,
        titlePadding=5,
        grid=False,
    )


def _span(tail: int) -> alt.Scale:
    return alt.Scale(domain=[0, tail + 1], nice=False, zero=True)


def _lit(
    rows: pd.DataFrame, tail: int, scope: Scope, owner_gb: float | None
) -> pd.Series:
    """Mark the bins that the GB of a scope reach into, or that of one customer."""
    starts = rows["bin_start_gb"]
    if owner_gb is not None:
        return starts == min(math.floor(owner_gb), tail)
    least = float(scope.least_gb or 0)
    most = math.inf if scope.most_gb is None else float(scope.most_gb)
    reached = (starts < most) | (starts == least)
    return ((starts + 1 > least) | (starts == tail)) & reached


def _table(rows: pd.DataFrame, tail: int, who: str, is_lit: pd.Series) -> pd.DataFrame:
    starts = rows["bin_start_gb"]
    return pd.DataFrame(
        {
            selections.START: starts,
            "bin_end": starts + 1,
            "users": rows["users"],
            "bin": [f"{s} to {s + 1} GB" if s < tail else f">= {s} GB" for s in starts],
            "usage_gb": rows["usage_gb"],
            "users_shown": [formats.count(users) for users in rows["users"]],
            "users_said": [
                words.counted(users, who.lower()) for users in rows["users"]
            ],
            "usage_shown": [formats.gb(usage) for usage in rows["usage_gb"]],
            "opacity": is_lit.map({True: 1.0, False: axes.DIMMED}),
        }
    )
