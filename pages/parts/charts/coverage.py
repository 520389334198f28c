"""Charts of matching: how much of each month's usage has a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.models import MatchStatus
from pages.parts import formats, palette
from pages.parts.charts import axes

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


def by_month_gb(rows: pd.DataFrame) -> axes.Drawing:
    """Draw the GB of each month by status, stacked.

    Args:
        rows: As core.reports.quality.by_month returns them.
    """
    return _stacked(rows, "usage_gb", "Usage, GB", "GB by status", formats.gb)


def by_month_subusers(rows: pd.DataFrame) -> axes.Drawing:
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
) -> axes.Drawing:
    names = {str(status): name for status, (name, _) in STATUSES.items()}
    colours = dict(STATUSES.values())
    whole = rows.groupby("month")[field].transform("sum")
    table = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "series": rows["status"].map(names),
            "place": rows["status"].map(list(names).index),
            "value": rows[field],
            "shown": [write(value) for value in rows[field]],
            "part": [formats.share(part) for part in rows[field] / whole],
        }
    )
    pick = axes.highlight()
    drawn: axes.Drawing = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=axes.months(axes.span(rows)),
            y=axes.amounts("value", axis),
            color=axes.colours(colours),
            opacity=axes.dimmed(pick),
            order=alt.Order("place:Q"),
            tooltip=axes.tooltip(
                month="Month", series="Status", shown="Value", part="Of the month"
            ),
        )
        .add_params(pick)
        .properties(title=axes.heading(title, MEANING))
    )
    return drawn
