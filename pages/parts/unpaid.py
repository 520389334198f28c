"""Lists of who pays without usage and who uses without payment, each with its rule."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import margin
from core.warehouse.figures import Scope
from pages.parts import cache, canvas, tables

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

HEIGHT: Final = 320
"""Pixels of a list."""


def draw(warehouse: Warehouse) -> str | None:
    """Show both lists side by side.

    Returns:
        The owner that was clicked; None without a click.
    """
    grid = canvas.grid()
    with grid.cell():
        payer = _paying(warehouse)
    with grid.cell():
        user = _using(warehouse)
    return payer or user


def _paying(warehouse: Warehouse) -> str | None:
    st.subheader("Paying without usage")
    st.caption(
        "Net volume above 0 over all months, and no usage of a matched subuser. A "
        "subuser that waits for a match can be the reason."
    )
    rows = cache.figure(margin.paying_without_usage, warehouse, Scope())
    if rows.empty:
        st.text("Everybody who paid has usage.")
        return None
    columns: tables.Columns = {
        "owner": "Payer",
        **tables.amounts({"net": "Net volume"}),
        "last_paid": st.column_config.DateColumn("Last paid", format=tables.MONTH),
    }
    place = tables.clicked(
        tables.written(rows, ["net"]),
        columns,
        key="paying_without_usage",
        alt="Paying without usage",
        height=HEIGHT,
    )
    return None if place is None else str(rows["owner"].iloc[place])


def _using(warehouse: Warehouse) -> str | None:
    st.subheader("Heavy usage without payment")
    least_gb = st.number_input(
        "Usage from, GB",
        min_value=0,
        value=int(margin.HEAVY_GB),
        key="heavy_gb",
        bind="query-params",
        width=160,
    )
    st.caption(
        "Usage over all months of at least this many GB, and no net volume above 0 in "
        "any currency. A payment under another email can be the reason."
    )
    least = Decimal(least_gb)
    rows = cache.figure(margin.usage_without_payment, warehouse, Scope(), least)
    if rows.empty:
        st.text("Everybody with as much usage has paid.")
        return None
    columns: tables.Columns = {
        "email": "Customer",
        "usage_gb": st.column_config.NumberColumn("Usage, GB", format=tables.GB),
        "last_month": st.column_config.DateColumn("Last used", format=tables.MONTH),
    }
    place = tables.clicked(
        rows,
        columns,
        key="usage_without_payment",
        alt="Heavy usage without payment",
        height=HEIGHT,
    )
    return None if place is None else str(rows["owner"].iloc[place])
