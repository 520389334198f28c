"""Charts of matching: how much of each month's usage has a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.models import MatchStatus
from pages.parts import formats, palette
from pages.parts.charts import axes
from pages.parts.charts.drawing import ROWS, Drawing, Shape, shaped, table

if TYPE_CHECKING:
    from collections.abc import Callable

STATUSES: Final = {
    MatchStatus.MATCHED: ("Matched", palette.USAGE),
    MatchStatus.REVIEW: ("In review", palette.IN_REVIEW),
    MatchStatus.UNMATCHED: ("Unmatched", palette.UNMATCHED),
}
"""Series and colour of each status, from the axis upwards."""

MEANING: Final = (
    "Matched has one sure customer; in review waits for a person; unmatched has no "
    "candidate. Together they are all usage."
)
"""What the statuses mean."""


def by_month_gb(rows: pd.DataFrame) -> Drawing:
    """Draw the GB of each month by status, stacked.

    Args:
        rows: As core.reports.quality.by_month returns them.
    """
    return _stacked(rows, "usage_gb", "Usage, GB", "GB by status", formats.gb)


def by_month_subusers(rows: pd.DataFrame) -> Drawing:
    """Draw the subusers of each month by status, stacked.

    Args:
        rows: As core.reports.quality.by_month returns them.
    """
    title = "Subusers by status"
    return _stacked(rows, "subusers", "Subusers", title, formats.count)


def _stacked(
    rows: pd.DataFrame,
    field: str,
    axis: str,
    title: str,
    write: Callable[[float | None], str],
) -> Drawing:
    names = {str(status): name for status, (name, _) in STATUSES.items()}
    whole = rows.groupby("month")[field].transform("sum")
    bars = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "series": rows["status"].map(names),
            "place": rows["status"].map(list(names).index),
            "value": rows[field],
            "shown": [write(value) for value in rows[field]],
            "part": [formats.share(part) for part in rows[field] / whole],
        }
    )
    return Drawing(_by_status(tuple(axes.span(rows)), axis, title), {ROWS: bars})


@shaped
def _by_status(domain: tuple[pd.Timestamp, ...], axis: str, title: str) -> Shape:
    pick = axes.highlight()
    drawn: Shape = (
        table()
        .mark_bar()
        .encode(
            x=axes.months(domain),
            y=axes.amounts("value", axis),
            color=axes.colours(dict(STATUSES.values())),
            opacity=axes.dimmed(pick),
            order=alt.Order("place:Q"),
            tooltip=axes.tooltip(
                month="Month", series="Status", shown="Value", part="Of the month"
            ),
            description=axes.said("month", "series", "shown"),
        )
        .add_params(pick)
        .properties(title=axes.heading(title, MEANING))
    )
    return drawn
