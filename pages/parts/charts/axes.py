"""What all charts share: the axis of months, tooltips, labels, the legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from pages.parts import formats
from pages.parts.charts import selections

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.warehouse.figures import Scope

LABELLED: Final = 18
"""Bars that carry level labels; those of more stand upright."""

LEVEL_LABEL: Final = 24
"""Pixels of width that a level label takes."""

UPRIGHT_LABEL: Final = 10
"""Pixels of width that an upright label takes."""

LABEL_ROOM: Final = 16
"""Pixels between the lowest bar and the axis of months, for a level label."""

LEGEND_COLUMNS: Final = 3
"""Series that stand in a row of a legend where there are many, for narrow pages."""

DIMMED: Final = 0.2
"""Opacity of what the legend does not point at."""

PARTIAL: Final = 0.45
"""Opacity of a month that is not whole."""

POINT: Final = alt.OverlayMarkDef(
    size=34, filled=True, stroke="white", strokeWidth=1, opacity=1
)
"""Points of a line; the rim parts them from bars of any colour behind them."""

OPACITY: Final = alt.Opacity("opacity:Q", scale=None, legend=None)
"""Draws each row with the opacity that it has."""

_TICK_STEPS: Final = ((8, 1), (24, 3), (48, 6))


def span(*tables: pd.DataFrame) -> list[pd.Timestamp]:
    """List every month from the first to the last in column month of some tables."""
    months = [table["month"] for table in tables if len(table)]
    if not months:
        return []
    every = pd.concat(months)
    return list(pd.date_range(every.min(), every.max(), freq="MS"))


def months(domain: Sequence[pd.Timestamp]) -> alt.X:
    """Lay months side by side, one step each, also those without data.

    Months are text to the chart (`Mar 2025`): a date would move with the time zone of
    the browser.
    """
    shown = [formats.month(month) for month in domain]
    step = next((step for most, step in _TICK_STEPS if len(shown) <= most), 12)
    ticks = [formats.month(month) for month in domain if (month.month - 1) % step == 0]
    axis = alt.Axis(
        title="Month",
        values=ticks,
        labelAngle=0,
        labelExpr="split(datum.value, ' ')",
        labelOverlap="parity",
        labelPadding=4,
        titlePadding=5,
        grid=False,
    )
    return alt.X("month:O", sort=None, scale=alt.Scale(domain=shown), axis=axis)


def amounts(
    field: str, title: str, *, is_right: bool = False, has_below: bool = False
) -> alt.Y:
    """Lay a quantity upwards from zero, with its unit in the title.

    Where bars go below zero, as has_below says, their labels have room there.
    """
    axis = alt.Axis(
        title=title,
        format=",~r",
        tickCount=4,
        titlePadding=8,
        orient="right" if is_right else "left",
        grid=not is_right,
    )
    room = LABEL_ROOM if has_below else alt.Undefined
    scale = alt.Scale(zero=True, nice=True, padding=room)
    return alt.Y(f"{field}:Q", axis=axis, scale=scale)


def colours(
    series: dict[str, str],
    *,
    has_legend: bool = True,
    short: dict[str, str] | None = None,
) -> alt.Color:
    """Colour series by name, in the order of the legend.

    short names series in the legend where their whole names are too long for a row.
    """
    names = "".join(
        f"datum.label == '{name}' ? '{label}' : "
        for name, label in (short or {}).items()
    )
    scale = alt.Scale(domain=list(series), range=list(series.values()))
    legend = alt.Legend(
        title=None,
        orient="top",
        labelExpr=f"{names}datum.label" if short else alt.Undefined,
        direction="horizontal",
        columns=LEGEND_COLUMNS if len(series) > LEGEND_COLUMNS + 1 else alt.Undefined,
        offset=2,
        padding=0,
    )
    return alt.Color("series:N", scale=scale, legend=legend if has_legend else None)


def highlight() -> alt.Parameter:
    """Let a click in the legend dim all other series."""
    return alt.selection_point(name="highlight", fields=["series"], bind="legend")


def dimmed(by: alt.Parameter) -> alt.OpacityValue:
    """Dim what a highlight does not point at."""
    return alt.OpacityValue(DIMMED, condition={"param": by.name, "value": 1})


def tooltip(**titles: str) -> list[alt.Tooltip]:
    """Show fields under titles; the fields hold text as people read it."""
    return [alt.Tooltip(f"{field}:N", title=name) for field, name in titles.items()]


def said(*fields: str) -> alt.DescriptionValue:
    """Name each mark for screen readers by fields that hold text as people read it."""
    words = " + ', ' + ".join(f"datum.{field}" for field in fields)
    return alt.DescriptionValue(alt.ExprRef(words))


def labels(values: pd.Series, write: Callable[[float], str]) -> pd.DataFrame:
    """Write the labels of bars.

    Returns:
        label, and is_kept: whether it stands also where not all of them fit, as those
        of the highest and the last bar do; by the index of values.
    """
    present = values.dropna()
    kept = {present.idxmax(), present.index[-1]} if len(present) else set()
    texts = [
        write(value) if at in present.index else "" for at, value in values.items()
    ]
    is_kept = [at in kept for at in values.index]
    return pd.DataFrame({"label": texts, "is_kept": is_kept}, index=values.index)


def labelled(base: alt.Chart, places: int) -> alt.Chart:
    """Write labels over bars upwards and under bars downwards.

    Of few bars all stand level. Of more they stand upright; where even so there is no
    room for all, the chart shows those that are kept.

    Args:
        base: A chart with value, and label and is_kept as labels makes them.
        places: How many bars there is room for, side by side.
    """
    is_upright = places > LABELLED
    room = UPRIGHT_LABEL if is_upright else LEVEL_LABEL
    shown = f"width >= {places * room} || datum.is_kept ? 1 : 0"
    mark: dict[str, Any] = (
        {"align": _by_sign("'left'", "'right'"), "dx": _by_sign("4", "-4"),
         "angle": 270, "fontSize": 10}
        if is_upright
        else {"dy": _by_sign("-7", "9"), "fontSize": 11}
    )  # fmt: skip
    texts = base.mark_text(opacity=alt.ExprRef(shown), aria=False, **mark)
    drawn: alt.Chart = texts.encode(text="label:N")
    return drawn


def _by_sign(above: str, below: str) -> alt.ExprRef:
    return alt.ExprRef(f"datum.value < 0 ? {below} : {above}")


def lit(rows: pd.DataFrame, scope: Scope | None) -> list[float]:
    """Give each month its opacity: paler if it is not whole, dimmed outside a scope.

    Args:
        rows: month, and is_partial where that is known.
        scope: What staff look at; None is everything.
    """
    first = scope.first_month if scope else None
    last = scope.last_month if scope else None
    partial = rows["is_partial"] if "is_partial" in rows else [False] * len(rows)
    return [
        DIMMED
        if (first and month.date() < first) or (last and month.date() > last)
        else PARTIAL
        if is_partial is True
        else 1.0
        for month, is_partial in zip(rows["month"], partial, strict=True)
    ]


def told(rows: pd.DataFrame) -> list[str]:
    """Write months for tooltips; one that is not whole says so."""
    partial = rows["is_partial"] if "is_partial" in rows else [False] * len(rows)
    return [
        formats.month(month) + (", provisional" if is_partial is True else "")
        for month, is_partial in zip(rows["month"], partial, strict=True)
    ]


def picked() -> alt.Parameter:
    """Let a click on a bar choose its month, with Shift several."""
    return alt.selection_point(name=selections.PICKED, fields=["month"], on="click")


def heading(text: str, meaning: str = "") -> alt.TitleParams:
    """Head a chart with what it shows, and define it.

    Args:
        text: What the chart shows.
        meaning: How its values are defined, in whole sentences; pages show it as the
            help of the title.
    """
    subtitle = meaning or alt.Undefined
    return alt.TitleParams(text, subtitle=subtitle, anchor="start", offset=8)
