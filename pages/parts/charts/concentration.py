"""Chart of concentration: what share of the usage the largest customers make."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette
from pages.parts.charts import axes, charted
from pages.parts.charts.drawing import ROWS, Drawing, Shape, shaped, table

MEANING: Final = (
    "Customers with usage in the period, the largest first: how much of the usage of "
    "all customers the first of them make together. The straight line is where the "
    "curve would be if all used the same. Unmatched usage is nobody's and not in it."
)
"""Definition of the curve."""


EVEN: Final = "even"
"""Name of the table of the straight line."""


def curve(rows: pd.DataFrame) -> Drawing:
    """Draw the share of the usage by the share of the customers, the largest first.

    Args:
        rows: As core.reports.concentration.curve returns them.
    """
    even = pd.DataFrame({"part": [0.0, 1.0], "value": [0.0, 1.0]})
    return Drawing(_curve(), {ROWS: _table(rows), EVEN: even})


@shaped
def _curve() -> Shape:
    shared = {"x": _share("part", "Customers, largest first"), "y": _upwards()}
    line = (
        table()
        .mark_area(
            color=palette.USAGE,
            fillOpacity=0.15,
            line={"color": palette.USAGE, "strokeWidth": 2},
        )
        .encode(tooltip=axes.tooltip(who="Customers", shown="Usage"), **shared)
    )
    straight = (
        table(EVEN)
        .mark_line(color=palette.UNMATCHED, strokeDash=[4, 4], strokeWidth=1)
        .encode(**shared)
    )
    return alt.layer(
        line,
        straight,
        title=axes.heading("Share of usage by share of customers", MEANING),
        usermeta=charted.columns(
            customers="Customers",
            part="Share of customers",
            usage_gb="Usage, GB",
            value="Share of usage",
        ),
    )


def _share(field: str, title: str) -> alt.X:
    axis = alt.Axis(title=title, format="%", tickCount=5, grid=False, titlePadding=5)
    scale = alt.Scale(domain=[0, 1], nice=False)
    return alt.X(f"{field}:Q", axis=axis, scale=scale)


def _upwards() -> alt.Y:
    axis = alt.Axis(title="Share of usage", format="%", tickCount=5, titlePadding=8)
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=True, domain=[0, 1]))


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Write each point with the words of its tooltip."""
    return pd.DataFrame(
        {
            "customers": rows["customers"],
            "part": rows["share_of_customers"],
            "value": rows["share_of_usage"],
            "usage_gb": rows["usage_gb"],
            "who": [
                f"{formats.count(many)} largest, {formats.share(part)} of all"
                for many, part in zip(
                    rows["customers"], rows["share_of_customers"], strict=True
                )
            ],
            "shown": [
                f"{formats.gb(usage)}, {formats.share(part)} of all"
                for usage, part in zip(
                    rows["usage_gb"], rows["share_of_usage"], strict=True
                )
            ],
        }
    )
