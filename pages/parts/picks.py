"""Choices made in charts and tables, and how they become filters.

A chart or table keeps what was selected in it. Where the filter was set by something
else since, it gets a new key, and with it a clean state: the same bar can be clicked
again.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.parts import state
from pages.parts.charts import selections

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from core.reports.span import Span

CHOSEN: Final = "picks_"
"""What the session's keys of choices begin with."""


def key(name: str, value: object) -> str:
    """Return the key of a chart or table that filters by what is selected in it.

    Args:
        name: Its name.
        value: What the filter is now.
    """
    count, chosen = st.session_state.get(CHOSEN + name, (0, None))
    if chosen is not None and chosen != value:
        count, chosen = count + 1, None
    st.session_state[CHOSEN + name] = (count, chosen)
    return f"{name}_{count}"


def of_months(name: str, span: Span) -> Callable[[], None]:
    """Return what a click on bars of a chart does: the period is theirs.

    A click beside the bars shows all months again.

    Args:
        name: Name of the chart.
        span: What is loaded.
    """
    names = [f"{month:%Y-%m}" for month in span.months]

    def taken() -> None:
        picked = _selection(name).get(selections.PICKED) or []
        found = sorted(f"{_month(point):%Y-%m}" for point in picked)
        ends = (found[0], found[-1]) if found else (names[0], names[-1])
        _take(name, state.PERIOD, ends)

    return taken


def of_range(name: str, tail: int, most_gb: int) -> Callable[[], None]:
    """Return what a brush in the histogram does: the range of GB is its bins.

    Args:
        name: Name of the chart.
        tail: Where its last bin begins.
        most_gb: Usage of the largest user, rounded up.
    """

    def taken() -> None:
        ends = _selection(name).get(selections.BRUSH, {}).get(selections.START)
        _take(name, state.GB_RANGE, whole_bins(ends, tail, most_gb))

    return taken


def whole_bins(
    ends: Sequence[float] | None, tail: int, most_gb: int
) -> tuple[int, int]:
    """Widen a brushed range to whole bins; one that reaches the last bin is open.

    Args:
        ends: GB of both ends; None is everything.
        tail: Where the last bin begins.
        most_gb: Usage of the largest user, rounded up.
    """
    if not ends:
        return 0, most_gb
    least, most = max(math.floor(min(ends)), 0), math.ceil(max(ends))
    return min(least, tail, most_gb), most_gb if most > tail else min(most, most_gb)


def of_rows(name: str, rows: pd.DataFrame) -> Callable[[], None]:
    """Return what a click in a table of users does: the one of the row is selected.

    Args:
        name: Name of the table.
        rows: Has owner.
    """

    def taken() -> None:
        cells = _selection(name).get("cells") or []
        place = cells[0][0] if cells else len(rows)
        owner = str(rows["owner"].iloc[place]) if place < len(rows) else None
        _take(name, state.SELECTED, owner)

    return taken


def _selection(name: str) -> Mapping[str, Any]:
    count, _ = st.session_state[CHOSEN + name]
    found: Mapping[str, Any] = st.session_state[f"{name}_{count}"]["selection"]
    return found


def _take(name: str, filter_key: str, value: object) -> None:
    count, _ = st.session_state[CHOSEN + name]
    st.session_state[CHOSEN + name] = (count, value)
    st.session_state[filter_key] = value


def _month(point: Mapping[str, str]) -> datetime:
    return datetime.strptime(point["month"], "%b %Y")
