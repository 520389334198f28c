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
            "Loading it": fate(file),
        }
        for file in plan.files
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="plan", alt="Load plan")


def draw(warehouse: Warehouse, file: FilePlan) -> None:
    """Show one file: counts, provider, unit, changes by month, refused rows."""
    reading = file.reading
    with st.container(border=True):
        st.subheader(as_text(reading.file), anchor=False)
        st.caption(f"{words.KINDS[reading.kind]} · {as_text(reading.layout)}")
        if file.repeats:
            st.info(as_text(fate(file)))
            return
        _counts(file)
        facts, months = st.columns([1, 2.2], gap="large")
        with facts:
            _facts(warehouse, reading)
        with months:
            _changes(file)
        for warning in reading.warnings:
            st.warning(as_text(warning))
        problems.draw(reading.problems, reading.file, key=reading.sha256[:12])


def fate(file: FilePlan) -> str:
    """Say what a load would do with a file."""
    if file.loaded_at is not None:
        at = words.instant(file.loaded_at)
        return f"already loaded on {at}, nothing to do"
    if file.repeats:
        return f"same content as {file.repeats}, nothing to do"
    return "stores it" if file.rows_new or file.rows_changed else "confirms its rows"


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
    """Return what a file changes, by month and currency, amounts in major units."""
    unit = words.AMOUNTS.get(file.reading.kind, "")
    rows = [_change(change, unit) for change in file.changes]
    frame = pd.DataFrame(rows)
    if file.reading.kind is Kind.USAGE and rows:
        return frame.drop(columns="Currency")
    return frame


def _counts(file: FilePlan) -> None:
    reading = file.reading
    shown = {
        "Rows read": reading.rows_read,
        "Kept": reading.rows.num_rows,
        "Refused": len(reading.problems),
    }
    if file.is_needed:
        shown |= {
            "New": file.rows_new,
            "Changed": file.rows_changed,
            "Same": file.rows_same,
        }
    for column, (name, count) in zip(st.columns(6), shown.items(), strict=False):
        column.metric(name, f"{count:,}")


def _facts(warehouse: Warehouse, reading: Reading) -> None:
    if reading.kind is Kind.USAGE:
        drop.provider_input(warehouse, reading)
    st.caption("Period")
    st.text(period(reading))
    if reading.unit:
        st.caption("Unit")
        st.text(f"{reading.unit}: {reading.unit_rule}")


def _changes(file: FilePlan) -> None:
    if file.loaded_at is not None:
        st.info(as_text(f"{fate(file).capitalize()}."))
        return
    if file.reading.kind is Kind.CUSTOMERS:
        st.caption("Customers are compared by email; they have no months.")
        return
    rows = changes(file)
    st.caption("Against what is loaded, by month")
    st.dataframe(
        rows,
        hide_index=True,
        height=35 * (min(len(rows), _ROWS_SHOWN) + 1) + 3,
        column_config=_columns(rows),
        alt="Changes by month",
    )


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
        f"Changed {unit}, before": shown(change.amount_changed_before),
        f"Changed {unit}, after": shown(change.amount_changed_after),
        "Same rows": change.rows_same,
        f"Same {unit}": shown(change.amount_same),
    }
