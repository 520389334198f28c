"""Chart of one month: from gross volume down to net, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette
from pages.parts.charts import axes, charted
from pages.parts.charts.drawing import ROWS, Drawing, Shape, shaped, table

if TYPE_CHECKING:
    from datetime import date

NAMES: Final = {
    "gross": "Gross volume",
    "refunds": "Refunds",
    "disputes": "Disputes",
    "fees": "Fees",
    "net": "Net volume",
    "other_fees": "Other Stripe fees",
    "net_after_all": "Net after all fees",
}
"""Name of each line of a month."""

STEPS: Final = (
    "Each bar begins where the one before ended. Net volume is gross volume less "
    "refunds, disputes and fees, by the date of each movement."
)
"""What the steps of a month mean."""


def steps(rows: pd.DataFrame, currency: str, month: date) -> Drawing:
    """Draw the steps of a month as bars, each from where the one before ended.

    Args:
        rows: As core.reports.waterfall.steps returns them.
        currency: The currency of all rows.
        month: The month of the rows.
    """
    heading = f"From gross to net, {formats.month(month)}, {currency.upper()}"
    has_below = bool((rows[["start", "end"]] < 0).any(axis=None))
    lines = tuple(str(line) for line in rows["line"])
    shape = _steps(lines, currency.upper(), heading, has_below=has_below)
    return Drawing(shape, {ROWS: _table(rows, currency)})


@shaped
def _steps(
    lines: tuple[str, ...], code: str, heading: str, *, has_below: bool
) -> Shape:
    base = table().encode(
        x=_places(lines),
        tooltip=axes.tooltip(series="Line", shown="Amount"),
        description=axes.said("series", "shown"),
    )
    title = f"Amount, {code}"
    bars = base.mark_bar().encode(
        y=axes.amounts("start", title, has_below=has_below),
        y2="end:Q",
        color=axes.colours(
            {NAMES[line]: palette.LINES[line] for line in lines}, has_legend=False
        ),
    )
    labels = base.mark_text(dy=-7, fontSize=11, aria=False).encode(
        y=axes.amounts("top", title, has_below=has_below), text="label:N"
    )
    return alt.layer(
        bars,
        labels,
        title=axes.heading(heading, STEPS),
        usermeta=charted.columns(series="Line", value=title),
    )


def _table(rows: pd.DataFrame, currency: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series": rows["line"].map(NAMES),
            "value": rows["value"],
            "start": rows["start"],
            "end": rows["end"],
            "top": rows[["start", "end"]].max(axis=1),
            "label": rows["value"].map(formats.short),
            "shown": [formats.money(value, currency) for value in rows["value"]],
        }
    )


def _places(lines: tuple[str, ...]) -> alt.X:
    names = [NAMES[line] for line in lines]
    axis = alt.Axis(
        title="Line of the month",
        labelAngle=0,
        labelExpr="split(datum.value, ' ')",
        labelOverlap=False,
        labelPadding=4,
        titlePadding=5,
        grid=False,
    )
    return alt.X("series:N", sort=None, scale=alt.Scale(domain=names), axis=axis)
