"""A chart in two halves: its shape, which few choices change, and its rows.

Altair spends far more time on a shape than all else on a page takes. A shape names its
tables and holds none, and so one serves for every filter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeAlias, cast

import altair as alt
from altair.utils import schemapi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

P = ParamSpec("P")

Shape: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart
"""A chart on named tables; FacetChart only because Altair's layer names it."""

ROWS: Final = "rows"
"""Name of the table that a chart draws, if it has one only."""

SHAPES: Final = 128
"""Shapes that are kept of each kind of chart."""


@dataclass(frozen=True)
class Drawing:
    """A chart: its shape as shaped makes it, and its tables by the names in it.

    usermeta is what goes with the chart besides what is drawn.
    """

    shape: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    usermeta: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole specification, its rows inside."""
        rows = {name: _records(table) for name, table in self.tables.items()}
        meta = {"usermeta": self.usermeta} if self.usermeta else {}
        return {**self.shape, **meta, "datasets": rows}


def table(name: str = ROWS) -> alt.Chart:
    """Begin a shape on a table that is given to the Drawing under a name."""
    return alt.Chart(alt.NamedData(name))


def shaped(draw: Callable[P, Shape]) -> Callable[P, Mapping[str, Any]]:
    """Let a function that draws on named tables return its specification, made once.

    Altair checks shapes where they are tested. What draw takes can be hashed.
    """

    @lru_cache(maxsize=SHAPES)
    @wraps(draw)
    def made(*arguments: P.args, **options: P.kwargs) -> Mapping[str, Any]:
        with schemapi.debug_mode(False):
            spec: dict[str, Any] = draw(*arguments, **options).to_dict(validate=False)
        return spec

    return cast("Callable[P, Mapping[str, Any]]", made)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values; what is missing is None, as JSON has no NaN."""
    known = table.astype(object).where(table.notna(), None)
    found: list[dict[str, Any]] = known.to_dict("records")  # type: ignore[assignment]
    return found
