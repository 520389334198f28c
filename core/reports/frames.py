"""Arrow tables as frames for pages: exact until here, floats from here on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from core.units import currency_exponent

if TYPE_CHECKING:
    from collections.abc import Sequence


def frame(table: pa.Table) -> pd.DataFrame:
    """Turn a table into a frame: decimals as float64, dates as datetime64."""
    columns = [_shown(table[name]) for name in table.column_names]
    shown = pa.table(columns, names=table.column_names)
    rows: pd.DataFrame = shown.to_pandas(date_as_object=False)
    return rows


def in_major_units(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Add, for each `<name>_minor` of columns, `<name>` in major units of currency.

    Args:
        rows: Has currency and the columns.
        columns: Names with the ending `_minor`; they stay, exact, beside the new ones.
    """
    codes = rows["currency"].map(lambda code: 10.0 ** -currency_exponent(str(code)))
    factor = codes.astype("float64")
    major = {name.removesuffix("_minor"): rows[name] * factor for name in columns}
    return rows.assign(**major)


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


def _shown(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column
