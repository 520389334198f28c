"""Tables that staff take along as CSV: exact, plain, safe in a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from core import csvtext
from core.reports.frames import EXACT
from core.units import plain

if TYPE_CHECKING:
    from collections.abc import Hashable


def csv(rows: pd.DataFrame) -> bytes:
    """Write rows as CSV: UTF-8, line feeds, plain decimals, ISO dates, text safe.

    Decimals that a frame holds exactly (see frames.frame) are written from there, under
    the name of the column that shows them. What is missing is empty.
    """
    names = [name for name in rows if not str(name).endswith(EXACT)]
    cells = [_column(rows, name) for name in names]
    header = [csvtext.safe(str(name)) for name in names]
    return csvtext.content([header, *zip(*cells, strict=True)])


def _column(rows: pd.DataFrame, name: Hashable) -> list[str]:
    exact = f"{name}{EXACT}"
    values = rows[exact] if exact in rows else rows[name]
    pairs = zip(values, values.isna(), strict=True)
    return ["" if is_missing else _cell(value) for value, is_missing in pairs]


def _cell(value: object) -> str:
    if isinstance(value, str):
        return csvtext.safe(value)
    if isinstance(value, float):
        return plain(Decimal(repr(float(value))))
    if isinstance(value, Decimal):
        return plain(value)
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
