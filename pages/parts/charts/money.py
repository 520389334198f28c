"""Charts of money: one currency at a time, as two are never added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from pages.parts import formats, palette
from pages.parts.charts import axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.warehouse.figures import Scope

LINES: Final = {
    "gross": ("Gross volume", palette.GROSS_VOLUME),
    "refunds": ("Refunds", palette.REFUNDS),
    "disputes": ("Disputes", palette.DISPUTES),
    "fees": ("Fees", palette.FEES),
    "other_fees": ("Other Stripe fees", palette.OTHER_FEES),
    "net": ("Net volume", palette.NET_VOLUME),
}
"""Column, name and colour of each line of a month, in the order of the legend."""

NET_VOLUME: Final = (
    "Payments after fees, refunds and disputes, by the date of each movement. "
    "Months without data have no bar."
)
"""Definition of net volume; Stripe's own."""

AFTER_ALL: Final = " Stripe's fees that belong to no payment are taken off as well."
"""What net volume after all fees adds to the definition."""


def net_volume(
    rows: pd.DataFrame,
    currency: str,
    domain: Sequence[pd.Timestamp] | None = None,
    *,
    column: str = "net",
    title: str = "",
    scope: Scope | None = None,
) -> axes.Drawing:
    """Draw net volume by month, labelled; months without data stay empty.

    Args:
        rows: month, and net volume in major units, missing in gaps.
        currency: The currency of all rows.
        domain: Months to lay out; None lays out those of rows.
        column: Which column has the net volume.
        title: What the chart shows, if not what column is; the currency follows.
        scope: What staff look at; months outside it are dimmed.
    """
    is_after_all = column == "net_after_all"
    name = "Net after all fees" if is_after_all else "Net volume"
    meaning = NET_VOLUME + (AFTER_ALL if is_after_all else "")
    shown_name = title or f"Monthly {name.lower()}"
    code = currency.upper()
    table = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "told": axes.told(rows),
            "value": rows[column],
            "shown": [formats.money(net, currency) for net in rows[column]],
            "opacity": axes.lit(rows, scope),
        }
    ).join(axes.labels(rows[column], formats.short))
    months = axes.span(rows) if domain is None else domain
    base = alt.Chart(table.dropna(subset=["value"])).encode(
        x=axes.months(months),
        y=axes.amounts("value", f"{name}, {code}"),
        tooltip=axes.tooltip(told="Month", shown=name),
    )
    bars = base.mark_bar(color=palette.NET_VOLUME).encode(opacity=axes.OPACITY)
    labels = axes.labelled(base, len(months))
    heading = axes.heading(f"{shown_name}, {code}", meaning)
    return alt.layer(bars.add_params(axes.picked()), *labels, title=heading)


def lines(rows: pd.DataFrame, currency: str) -> axes.Drawing:
    """Draw what came in upwards, what was taken off downwards, and the net as a line.

    Args:
        rows: As core.reports.revenue.of_currency returns them.
        currency: The currency of all rows.
    """
    code = currency.upper()
    table = _lines(rows, currency)
    pick = axes.highlight()
    net = LINES["net"][0]
    shared = {
        "x": axes.months(axes.span(rows)),
        "y": axes.amounts("value", f"Amount, {code}"),
        "color": axes.colours(dict(LINES.values())),
        "opacity": axes.dimmed(pick),
        "tooltip": axes.tooltip(month="Month", series="Line", shown="Amount"),
    }
    bars = (
        alt.Chart(table[table["series"] != net])
        .mark_bar()
        .encode(order=alt.Order("place:Q"), **shared)
    )
    line = (
        alt.Chart(table[table["series"] == net])
        .mark_line(point=axes.POINT, strokeWidth=2.5)
        .encode(**shared)
    )
    return alt.layer(bars.add_params(pick), line).properties(
        title=axes.heading(f"What net volume is made of, {code}", NET_VOLUME)
    )


def _lines(rows: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Write one row for each month and line; gaps stay, for the line to break."""
    tables = [
        pd.DataFrame(
            {
                "month": [formats.month(month) for month in rows["month"]],
                "series": name,
                "place": place,
                "value": rows[column],
                "shown": [formats.money(value, currency) for value in rows[column]],
            }
        )
        for place, (column, (name, _)) in enumerate(LINES.items())
    ]
    return pd.concat(tables, ignore_index=True)
