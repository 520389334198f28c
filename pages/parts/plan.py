"""The load plan on the screen: what each file is, and what loading it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.models import Kind
from core.units import major
from core.warehouse.plans import period_bounds
from pages.parts import drop, problems, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from decimal import Decimal

    from core.models import Reading
    from core.warehouse.plans import FilePlan, LoadPlan, MonthChange
    from core.warehouse.store import Warehouse

_ROWS_SHOWN: Final = 8
"""Months that are shown without scrolling."""


def summary(plan: LoadPlan) -> None:
    """Show one line for each file: what it is and how many rows it would change."""
    rows = [
        {
            "File": file.reading.file,
            "Kind": words.KINDS[file.reading.kind],
            "Provider": file.reading.provider,
            "Period": period(file.reading),
            "Rows read": file.reading.rows_read,
            "Kept": file.reading.rows.num_rows,
            "Refused": len(file.reading.problems),
            "New": file.rows_new,
            "Changed": file.rows_changed,
            "Same": file.rows_same,
            "On load": _state(file),
        }
        for file in plan.files
    ]
    table = pd.DataFrame(rows)
    st.dataframe(
        table,
        hide_index=True,
        key="plan",
        column_config=_columns(table),
        alt="Load plan",
    )


def draw(warehouse: Warehouse, file: FilePlan) -> None:
    """Show one file: counts, provider, unit, changes by month, refused rows."""
    reading = file.reading
    with st.container(border=True):
        with st.container(gap=None):
            st.subheader(as_text(reading.file), anchor=False)
            st.caption(f"{words.KINDS[reading.kind]} · {as_text(reading.layout)}")
        st.text(counts(file))
        if not file.is_needed:
            st.info(as_text(f"{reading.file}: {fate(file)}."))
        if file.repeats:
            return
        if reading.kind is not Kind.CUSTOMERS:
            facts, months = st.columns([1, 2.2], gap="large")
            with facts:
                _facts(warehouse, reading)
            with months:
                _changes(file)
        for warning in _warnings(file):
            st.warning(as_text(warning))
        problems.draw(reading.problems, reading.file, key=reading.sha256[:12])


def fate(file: FilePlan) -> str:
    """Say what a load would do with a file."""
    if file.loaded_at is not None:
        at = words.instant(file.loaded_at)
        return f"already loaded on {at}, nothing to do"
    if file.repeats:
        return f"same content as {file.repeats}, nothing to do"
    return "to be stored"


def counts(file: FilePlan) -> str:
    """Write how many rows were read, and what they are to what is loaded."""
    reading = file.reading
    read = (
        f"{words.counted(reading.rows_read, 'row')} read, "
        f"{reading.rows.num_rows:,} kept, {len(reading.problems):,} refused."
    )
    if not file.is_needed:
        return read
    return (
        f"{read} Against what is loaded: {file.rows_new:,} new, "
        f"{file.rows_changed:,} changed, {file.rows_same:,} same."
    )


def period(reading: Reading) -> str:
    """Write the period that a file covers."""
    if reading.kind is Kind.CUSTOMERS:
        return "no period"
    first, last = period_bounds(reading) or (None, None)
    granularity = ""
    if reading.kind is Kind.USAGE and reading.rows.num_rows:
        granularity = "/".join(sorted(reading.rows["granularity"].unique().to_pylist()))
    return words.span(first, last, granularity)


def changes(file: FilePlan) -> pd.DataFrame:
    """Return what a file changes, by month and currency, amounts in major units.

    Columns of a fate that no row has (new, changed, same) are left out.
    """
    unit = words.AMOUNTS.get(file.reading.kind, "")
    shown = pd.DataFrame([_change(change, unit) for change in file.changes])
    fates = {
        "New": file.rows_new,
        "Changed": file.rows_changed,
        "Same": file.rows_same,
    }
    absent = tuple(fate for fate, count in fates.items() if not count)
    unused = [name for name in shown if str(name).startswith(absent)] if absent else []
    if file.reading.kind is Kind.USAGE and len(shown):
        unused.append("Currency")
    return shown.drop(columns=unused)


def _facts(warehouse: Warehouse, reading: Reading) -> None:
    if reading.kind is Kind.USAGE:
        drop.provider_input(warehouse, reading)
    with st.container(gap=None):
        st.caption("Period")
        st.text(period(reading))
    if reading.unit:
        with st.container(gap=None):
            st.caption("Unit")
            st.text(f"{reading.unit}: {reading.unit_rule}")


def _changes(file: FilePlan) -> None:
    rows = changes(file)
    if rows.empty:
        return
    st.caption("Against what is loaded, by month")
    st.dataframe(
        rows,
        hide_index=True,
        height=35 * (min(len(rows), _ROWS_SHOWN) + 1) + 3,
        column_config=_columns(rows),
        alt="Changes by month",
    )


def _state(file: FilePlan) -> str:
    if file.loaded_at is not None:
        return "nothing, is loaded"
    return "nothing, repeated" if file.repeats else "stored"


def _warnings(file: FilePlan) -> list[str]:
    reading = file.reading
    if reading.kind is not Kind.USAGE or not file.rows_changed:
        return list(reading.warnings)
    rows = words.counted(file.rows_changed, "row")
    replaced = (
        f"{rows} of {reading.provider} that are loaded, or come before in this drop, "
        "get another figure. If this file is another provider's, name it here."
    )
    return [replaced, *reading.warnings]


def _columns(rows: pd.DataFrame) -> dict[str, Any]:
    amounts = rows.select_dtypes("float").columns
    number = st.column_config.NumberColumn(format="localized")
    counts = rows.select_dtypes("int").columns
    return {
        "Month": st.column_config.DateColumn(format="YYYY-MM"),
        **{name: st.column_config.NumberColumn(format="%.2f") for name in amounts},
        **dict.fromkeys(counts, number),
    }


def _change(change: MonthChange, unit: str) -> dict[str, object]:
    def shown(amount: Decimal) -> float:
        return float(major(int(amount), change.currency) if change.currency else amount)

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
    }
