"""Chart of retention: which share of each month's new customers stayed."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette
from pages.parts.charts import axes, charted
from pages.parts.charts.drawing import ROWS, Drawing, Shape, shaped, table

MEANING: Final = (
    "Customers by the month of their first usage; each cell is the part of them with "
    "usage above 0 so many months later. No cell: no usage of that month is loaded. "
    "A star: the month lacks days."
)
"""Definition of a cell."""

STRONGEST: Final = 0.7
"""Opacity of a cell where all stayed: its label can be read in light and dark."""

LABELLED: Final = 18
"""Months after the first up to which each cell carries its share."""


def cohorts(rows: pd.DataFrame) -> Drawing:
    """Draw cohorts downwards and the months after their first to the right.

    Args:
        rows: As core.reports.cohort.by_month returns them.
    """
    return Drawing(_cells(), {ROWS: _table(rows)})


@shaped
def _cells() -> Shape:
    base = table().encode(
        x=alt.X(
            "months_after:O",
            axis=alt.Axis(title="Months after the first", labelAngle=0),
        ),
        y=alt.Y("cohort:O", sort=None, axis=alt.Axis(title="Month of first usage")),
    )
    cells = base.mark_rect(color=palette.USAGE).encode(
        fillOpacity=alt.FillOpacity(
            "share:Q",
            scale=alt.Scale(domain=[0, 1], range=[0.04, STRONGEST]),
            legend=None,
        ),
        tooltip=axes.tooltip(
            cohort="First usage", month="Month", shown="Active", of="Of the cohort"
        ),
        description=axes.said("cohort", "month", "shown"),
    )
    text = base.mark_text(fontSize=10, aria=False).encode(text="label:N")
    return alt.layer(
        cells,
        text,
        title=axes.heading("Active customers by month of first usage", MEANING),
        usermeta=charted.columns(
            cohort="First usage",
            months_after="Months after",
            customers="Customers",
            active="Active",
            share="Share active",
        ),
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Write each cell with data, with its label and the words of its tooltip."""
    told = rows[rows["has_data"].astype(bool)]
    is_labelled = len(told) == 0 or told["months_after"].max() <= LABELLED
    stars = ["*" if partial else "" for partial in told["is_partial"]]
    shares = [f"{share:.0%}" for share in told["share"]]
    labels = [f"{share}{star}" for share, star in zip(shares, stars, strict=True)]
    lacking = [", lacks days" if star else "" for star in stars]
    return pd.DataFrame(
        {
            "cohort": [formats.month(month) for month in told["first_month"]],
            "months_after": told["months_after"].astype("int64"),
            "customers": told["customers"],
            "active": told["active"],
            "share": told["share"],
            "label": labels if is_labelled else "",
            "month": [
                f"{formats.month(month)}{words}"
                for month, words in zip(told["month"], lacking, strict=True)
            ],
            "shown": [
                f"{formats.count(active)}, {share}"
                for active, share in zip(told["active"], shares, strict=True)
            ],
            "of": [formats.count(count) for count in told["customers"]],
        }
    )
