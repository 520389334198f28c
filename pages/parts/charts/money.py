"""Charts of money: one currency at a time, as two are never added."""

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

LINES: Final = {
    "gross": ("Gross volume", palette.GROSS_VOLUME),
    "refunds": ("Refunds", palette.REFUNDS),
    "disputes": ("Disputes", palette.DISPUTES),
    "fees": ("Fees", palette.FEES),
    "other_fees": ("Other Stripe fees", palette.OTHER_FEES),
    "net": ("Net volume", palette.NET_VOLUME),
}
"""Column, name and colour of each line of a month, in the order of the legend."""

PARTS: Final = "parts"
"""Name of the table of all lines but the net."""

NET: Final = "net"
"""Name of the table of the net."""

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
) -> Drawing:
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
    bars = pd.DataFrame(
        {
            "month": [formats.month(month) for month in rows["month"]],
            "told": axes.told(rows),
            "value": rows[column],
            "shown": [formats.money(net, currency) for net in rows[column]],
            "opacity": axes.lit(rows, scope),
        }
    ).join(axes.labels(rows[column], formats.short))
    shape = _labelled_bars(
        tuple(axes.span(rows) if domain is None else domain),
        name,
        code,
        has_below=bool((rows[column] < 0).any()),
        heading=(f"{shown_name}, {code}", meaning),
    )
    return Drawing(shape, {ROWS: bars.dropna(subset=["value"])})


@shaped
def _labelled_bars(
    domain: tuple[pd.Timestamp, ...],
    name: str,
    code: str,
    *,
    has_below: bool,
    heading: tuple[str, str],
) -> Shape:
    base = table().encode(
        x=axes.months(domain),
        y=axes.amounts("value", f"{name}, {code}", has_below=has_below),
        tooltip=axes.tooltip(told="Month", shown=name),
        description=axes.said("told", "shown"),
    )
    bars = base.mark_bar(color=palette.NET_VOLUME).encode(opacity=axes.OPACITY)
    return alt.layer(
        bars.add_params(axes.picked()),
        axes.labelled(base, len(domain)),
        title=axes.heading(*heading),
    )


def lines(rows: pd.DataFrame, currency: str) -> Drawing:
    """Draw what came in upwards, what was taken off downwards, and the net as a line.

    Args:
        rows: As core.reports.revenue.of_currency returns them.
        currency: The currency of all rows.
    """
    every = _lines(rows, currency)
    is_net = every["series"] == LINES["net"][0]
    tables = {PARTS: every[~is_net], NET: every[is_net]}
    return Drawing(_parts_and_net(tuple(axes.span(rows)), currency.upper()), tables)


@shaped
def _parts_and_net(domain: tuple[pd.Timestamp, ...], code: str) -> Shape:
    pick = axes.highlight()
    shared = {
        "x": axes.months(domain),
        "y": axes.amounts("value", f"Amount, {code}"),
        "color": axes.colours(
            dict(LINES.values()), short={LINES["other_fees"][0]: "Other fees"}
        ),
        "opacity": axes.dimmed(pick),
        "tooltip": axes.tooltip(month="Month", series="Line", shown="Amount"),
        "description": axes.said("month", "series", "shown"),
    }
    bars = table(PARTS).mark_bar().encode(order=alt.Order("place:Q"), **shared)
    line = table(NET).mark_line(point=axes.POINT, strokeWidth=2.5).encode(**shared)
    return alt.layer(
        bars.add_params(pick),
        line,
        title=axes.heading(f"What net volume is made of, {code}", NET_VOLUME),
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
