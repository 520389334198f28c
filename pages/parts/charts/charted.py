"""What a chart draws, as a table: the same values, one row for each place on its axis.

Read from the finished specification, so that table and chart cannot differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMNS: Final = "columns"
"""Where a specification says which fields its table has, if it is not its axes."""

MONTH: Final = "month"
"""Field of months; charts have them as text (`Mar 2025`), tables as dates."""


def columns(**titles: str) -> dict[str, Any]:
    """Give a chart a table of some fields, headed by titles; goes to usermeta."""
    return {COLUMNS: titles}


def table(spec: Mapping[str, Any]) -> pd.DataFrame:
    """Return what a chart draws.

    Args:
        spec: A chart as a dictionary, its data inside.

    Returns:
        Without titles of its own (see columns): a column for the horizontal axis, and
        one for each series, headed with its unit; a row for each place on the axis,
        those without data included, in their order. Months are first days.
    """
    titles = spec.get("usermeta", {}).get(COLUMNS)
    if titles:
        rows = pd.DataFrame(next(iter(spec["datasets"].values()), []), columns=titles)
    else:
        rows = _crossed(spec)
        titles = {}
    if MONTH in rows:
        rows = rows.assign(**{MONTH: pd.to_datetime(rows[MONTH], format="%b %Y")})
    return rows.rename(columns=titles | {MONTH: titles.get(MONTH, "Month")})


def _crossed(spec: Mapping[str, Any]) -> pd.DataFrame:
    """Lay the layers of a chart over each other: places down, series across."""
    field, title = MONTH, ""
    places: list[object] = []
    found: dict[str, dict[object, object]] = {}
    for layer, data in _layers(spec):
        across, up = layer["encoding"]["x"], layer["encoding"]["y"]
        field, title = across["field"], across["axis"]["title"]
        places = across.get("scale", {}).get("domain") or places
        for row in data:
            name = _heading(up["axis"]["title"], _series(layer, row))
            found.setdefault(name, {})[row[field]] = row[up["field"]]
    seen = places or list(dict.fromkeys(p for each in found.values() for p in each))
    values = {name: [each.get(p) for p in seen] for name, each in found.items()}
    crossed = pd.DataFrame({field: seen, **values})
    return crossed if field == MONTH else crossed.rename(columns={field: title})


def _layers(
    spec: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], list[dict[str, Any]]]]:
    """Yield the layers that draw values, with their rows; labels repeat those."""
    for layer in spec.get("layer", [spec]):
        mark = layer["mark"]
        if (mark if isinstance(mark, str) else mark["type"]) != "text":
            data = layer.get("data") or spec["data"]
            yield layer, spec["datasets"][data["name"]]


def _series(layer: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    field = layer["encoding"].get("color", {}).get("field")
    return "" if field is None else str(row[field])


def _heading(axis: str, series: str) -> str:
    """Name a series with the unit of its axis: `Usage, GB`, `Refunds, USD`."""
    if not series:
        return axis
    _, comma, unit = axis.rpartition(", ")
    return f"{series}{comma}{unit}" if comma else series
