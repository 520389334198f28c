"""What a file changes, as tables: by month, and the rows that change most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.models import Kind
from core.units import major
from pages.parts import formats, tables, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from core.warehouse.differences import MonthChange, RowChange
    from core.warehouse.plans import FilePlan

_FATES: Final = {
    "New": "Rows that are not loaded yet, and their amounts.",
    "Changed": "Rows whose amount becomes another.",
    "Same": "Rows that are loaded with the same amount.",
    "Missing": "Loaded rows of the same months that the file does not have.",
}
"""What becomes of a row, by the word with which the names of columns begin."""

_AMOUNT: Final = "Amount of the row before and after the load."
"""What a column of amounts holds that has no such word."""

_NONE: Final = pd.Series([], dtype=int)


def by_month(kind: Kind, changes: Sequence[MonthChange]) -> pd.DataFrame:
    """Return what a file changes, by month and currency, amounts in major units.

    Columns of a fate that no row has (new, changed, same, missing) are left out.
    """
    unit = words.AMOUNTS.get(kind, "")
    rows = pd.DataFrame([_month(change, unit) for change in changes])
    absent = tuple(fate for fate in _FATES if not rows.get(f"{fate} rows", _NONE).any())
    unused = [name for name in rows if str(name).startswith(absent)]
    return _without_currency(rows.drop(columns=unused), kind)


def largest(file: FilePlan) -> pd.DataFrame:
    """Return the rows whose amount changes most, largest first; in major units."""
    unit = words.AMOUNTS.get(file.reading.kind, "")
    rows = pd.DataFrame([_row(change, unit) for change in file.largest])
    return _without_currency(rows, file.reading.kind)


def columns(rows: pd.DataFrame) -> dict[str, Any]:
    """Write months, counts and GB of a table the same way everywhere."""
    column = st.column_config
    amounts = rows.select_dtypes("float").columns
    counts = rows.select_dtypes("int").columns
    return {
        "Month": column.DateColumn(format=tables.MONTH),
        **{
            name: column.NumberColumn(format=tables.GB, help=_meaning(str(name)))
            for name in amounts
        },
        **{
            name: column.NumberColumn(format="%,d", help=_meaning(str(name)))
            for name in counts
        },
    }


def table(rows: pd.DataFrame, alt: str) -> None:
    """Show a table of changes, as high as its rows up to a limit.

    Money is text with the decimals of its currency: one table can have several.
    """
    has_money = "Currency" in rows
    money = [str(name) for name in rows.select_dtypes("float") if has_money]
    text = st.column_config.TextColumn
    written = {name: text(alignment="right", help=_meaning(name)) for name in money}
    st.dataframe(
        _in_words(rows, money) if money else rows,
        hide_index=True,
        height=tables.height(rows),
        column_config=columns(rows) | written,
        alt=alt,
    )


def _meaning(name: str) -> str:
    """Say what a column holds, by the word its name begins with."""
    return _FATES.get(name.split(maxsplit=1)[0].strip(","), _AMOUNT)


def _in_words(rows: pd.DataFrame, amounts: Sequence[str]) -> pd.DataFrame:
    """Write amounts with their currency, which needs no column of its own then."""
    text = {
        name: [
            formats.money(value, code)
            for value, code in zip(rows[name], rows["Currency"], strict=True)
        ]
        for name in amounts
    }
    return rows.assign(**text).drop(columns="Currency")


def _without_currency(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    is_usage = kind is Kind.USAGE and len(rows)
    return rows.drop(columns="Currency") if is_usage else rows


def _month(change: MonthChange, unit: str) -> dict[str, object]:
    def shown(amount: Decimal) -> float:
        return _amount(amount, change.currency)

    return {
        "Month": change.month,
        "Currency": change.currency.upper(),
        "New rows": change.rows_new,
        f"New {unit}": shown(change.amount_new),
        "Changed rows": change.rows_changed,
        f"Changed, {unit} before": shown(change.amount_changed_before),
        f"Changed, {unit} after": shown(change.amount_changed_after),
        "Same rows": change.rows_same,
        f"Same {unit}": shown(change.amount_same),
        "Missing rows": change.rows_missing,
        f"Missing {unit}": shown(change.amount_missing),
    }


def _row(change: RowChange, unit: str) -> dict[str, object]:
    return {
        "Row": change.key,
        "Month": change.month,
        "Currency": change.currency.upper(),
        f"{unit} before": _amount(change.amount_before, change.currency),
        f"{unit} after": _amount(change.amount_after, change.currency),
    }


def _amount(amount: Decimal, currency: str) -> float:
    return float(major(int(amount), currency) if currency else amount)
