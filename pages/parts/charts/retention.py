"""Chart of retention: which share of each month's new customers stayed."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette
from pages.parts.charts import axes, charted
from pages.parts.charts.drawing import ROWS, Drawing, Shape, shaped, table

MEANING: Final = (
    "Customers by the month of their first usage; each cell is the part of them in "
    "percent with usage above 0 so many months later, the stronger the more. Nobody: "
    "usage of the month is loaded, and none of them has any. Not loaded: no usage of "
    "the month is loaded, so it tells nothing. A star: provisional, as days of the "
    "month are missing."
)
"""Definition of a cell."""

ACTIVE: Final = "Active"
"""Series of cells with somebody active."""

NOBODY: Final = "Nobody"
"""Series of cells of a loaded month without anybody: the share is 0."""

GAP: Final = "Not loaded"
"""Series of cells of a month that is not loaded: there is no share."""

FILLS: Final = {ACTIVE: palette.USAGE, NOBODY: "transparent", GAP: palette.UNMATCHED}
"""What fills a cell of each series."""

RIMS: Final = {ACTIVE: palette.USAGE, NOBODY: palette.USAGE, GAP: palette.UNMATCHED}
"""What rims a cell of each series: a 0 is an empty cell, a gap is a grey one."""

PALEST: Final = 0.14
"""Opacity of a cell where hardly anybody stayed: still told from an empty one."""

STRONGEST: Final = 0.7
"""Opacity of a cell where all stayed: its label can be read in light and dark."""

PER_COHORT: Final = 18
"""Pixels of a row of cells."""

AROUND: Final = 110
"""Pixels of the axis and the legend together."""

LABEL_WIDTH: Final = 21
"""Pixels of width that the label of a cell takes; narrower cells carry none."""


def cohorts(rows: pd.DataFrame) -> Drawing:
    """Draw cohorts downwards and the months after their first to the right.

    Args:
        rows: As core.reports.cohort.by_month returns them.
    """
    cells = _table(rows)
    across = int(cells["months_after"].max()) + 1
    return Drawing(_cells(cells["cohort"].nunique(), across), {ROWS: cells})


@shaped
def _cells(down: int, across: int) -> Shape:
    base = table().encode(
        x=alt.X(
            "months_after:O",
            axis=alt.Axis(
                title="Months after the first", labelAngle=0, labelOverlap="parity"
            ),
        ),
        y=alt.Y(
            "cohort:O",
            sort=None,
            axis=alt.Axis(title="Month of first usage", labelFlush=False),
        ),
    )
    cells = base.mark_rect(strokeWidth=1).encode(
        fill=alt.Fill("series:N", scale=_scale(FILLS), legend=_legend()),
        stroke=alt.Stroke("series:N", scale=_scale(RIMS), legend=_legend()),
        fillOpacity=alt.FillOpacity("strength:Q", scale=None, legend=None),
        tooltip=axes.tooltip(
            cohort="First usage", month="Month", shown="Active", of="Of the cohort"
        ),
        description=axes.said("cohort", "month", "shown"),
    )
    has_room = f"width >= {LABEL_WIDTH * across}"
    shown = alt.condition(has_room, alt.value(1), alt.value(0))
    text = base.mark_text(fontSize=10, aria=False).encode(text="label:N", opacity=shown)
    return alt.layer(
        cells,
        text,
        title=axes.heading("Active customers by month of first usage, %", MEANING),
        height=AROUND + PER_COHORT * down,
        usermeta=charted.columns(
            cohort="First usage",
            months_after="Months after",
            customers="Customers",
            active="Active",
            share="Share active",
        ),
    )


def label(share: float | None, *, is_partial: bool) -> str:
    """Write the share of a cell: `25`, `25*` if provisional, a dash for a gap."""
    if share is None or pd.isna(share):
        return formats.NOTHING
    return f"{share * 100:.0f}{'*' if is_partial else ''}"


def _scale(colours: dict[str, str]) -> alt.Scale:
    return alt.Scale(domain=list(colours), range=list(colours.values()))


def _legend() -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        symbolType="square",
        symbolOpacity=STRONGEST,
        offset=4,
        padding=0,
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Write each cell, gaps too, with its label and the words of its tooltip."""
    partial = rows["is_partial"].astype(bool)
    shares = rows["share"].astype("float64")
    labels = [
        label(share, is_partial=is_partial)
        for share, is_partial in zip(shares, partial, strict=True)
    ]
    return pd.DataFrame(
        {
            "cohort": [formats.month(month) for month in rows["first_month"]],
            "months_after": rows["months_after"].astype("int64"),
            "customers": rows["customers"],
            "active": rows["active"],
            "share": shares,
            "series": [_series(share) for share in shares],
            "strength": PALEST + (STRONGEST - PALEST) * shares.fillna(0.5),
            "label": labels,
            "month": axes.told(rows.assign(is_partial=partial)),
            "shown": [
                GAP if pd.isna(share) else f"{formats.count(active)}, {share:.0%}"
                for active, share in zip(rows["active"], shares, strict=True)
            ],
            "of": [formats.count(count) for count in rows["customers"]],
        }
    )


def _series(share: float) -> str:
    if pd.isna(share):
        return GAP
    return ACTIVE if share > 0 else NOBODY
