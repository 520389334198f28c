"""Arrow tables as frames for pages: exact until here, floats from here on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.units import currency_exponent

if TYPE_CHECKING:
    from collections.abc import Sequence


EXACT: Final = "_exact"
"""Ending of a column that holds exactly what the column of its name shows as floats."""


def frame(table: pa.Table, *, is_exact: bool = False) -> pd.DataFrame:
    """Turn a table into a frame: decimals as float64, dates as datetime64.

    is_exact adds, for each column of decimals, one with the ending EXACT that keeps
    them as decimals, for handout.csv.
    """
    columns = [_shown(table[name]) for name in table.column_names]
    shown = pa.table(columns, names=table.column_names)
    rows: pd.DataFrame = shown.to_pandas(date_as_object=False)
    return rows.assign(**_decimals(table)) if is_exact else rows


def in_major_units(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Add, for each `<name>_minor` of columns, `<name>` in major units of currency.

    Args:
        rows: Has currency and the columns.
        columns: Names with the ending `_minor`; they stay, exact, beside the new ones.
    """
    places, codes = pd.factorize(rows["currency"])
    # Divided, not multiplied: 57 * 0.01 is 0.5700000000000001, 57 / 100 is 0.57.
    units = [10.0 ** currency_exponent(str(code)) for code in codes]
    # A missing currency has place -1, and so the last unit.
    minors = np.array([*units, np.nan])[places]
    major = {name.removesuffix("_minor"): rows[name] / minors for name in columns}
    return rows.assign(**major)


def are_in(values: pd.Series, known: pa.Array | pa.ChunkedArray) -> pd.Series:
    """Tell of each text whether it is one of some; pandas would compare one by one."""
    found = pc.is_in(pa.array(values, pa.string()), known.cast(pa.string()))
    return pd.Series(found.to_numpy(zero_copy_only=False), index=values.index)


def digest(rows: pd.DataFrame) -> str:
    """Return a fingerprint of rows: their values, columns and order."""
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def with_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """Add a row of missing values for each month inside the span that has none.

    Args:
        rows: One row for each month in column month, in order.

    Returns:
        The same columns and has_data: True where the month had a row.
    """
    if rows.empty:
        return rows.assign(has_data=pd.Series(dtype=bool))
    months = pd.date_range(rows["month"].min(), rows["month"].max(), freq="MS")
    spread = rows.set_index("month").reindex(months.as_unit("us"))
    has_data = months.isin(rows["month"])
    return spread.rename_axis("month").assign(has_data=has_data).reset_index()


def _decimals(table: pa.Table) -> dict[str, pd.Series]:
    return {
        f"{field.name}{EXACT}": pd.Series(
            table[field.name], dtype=pd.ArrowDtype(field.type)
        )
        for field in table.schema
        if pa.types.is_decimal(field.type)
    }


def _shown(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column
