"""Lists of who pays without usage and who uses without payment, each with its rule."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import margin
from pages.parts import cache, canvas, formats, handout, meanings, tables

if TYPE_CHECKING:
    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse


PAYING: Final = "Paying without usage"
"""List of who pays and does not use."""

USING: Final = "Usage without payment"
"""List of who uses much and does not pay."""


def both(warehouse: Warehouse, scope: Scope) -> str | None:
    """Show the two lists side by side.

    Returns:
        The owner that was clicked; None without a click.
    """
    clicked: list[str | None] = []
    grid = canvas.grid()
    for name, show in ((PAYING, paying), (USING, using)):
        with grid.cell():
            st.markdown(f"**{name}**", help="Click a row to open it.")
            clicked.append(show(warehouse, scope))
    return next(filter(None, clicked), None)


FIRST: Final[dict[str, object]] = {
    "heavy_gb": int(margin.HEAVY_GB),
    "paying_without_usage_page": 1,
    "usage_without_payment_page": 1,
}
"""What the choices are at first, by key."""


def paying(warehouse: Warehouse, scope: Scope) -> str | None:
    """Show who paid in the months of a scope and has no usage there.

    Returns:
        The owner that was clicked; None without a click.
    """
    st.caption(
        f"Net volume above 0 {when(scope)}, and no usage of a matched subuser in these "
        "months. A subuser that waits for a match can be the reason."
    )
    rows = cache.figure(margin.paying_without_usage, warehouse, scope)
    if rows.empty:
        st.text("Everybody who paid has usage.")
        return None
    handout.button(rows, "paying_without_usage.csv", "paying_without_usage_csv")
    columns: tables.Columns = {
        "owner": "Payer",
        **tables.amounts({"net": "Net volume"}),
        "last_paid": st.column_config.DateColumn("Last paid", format=tables.MONTH),
    }
    page = tables.paged(rows, "paying_without_usage")
    place = tables.clicked(
        tables.written(page, ["net"]),
        columns,
        key="paying_without_usage",
        alt=PAYING,
        height=tables.height(page),
    )
    return tables.owner(page, place)


def using(warehouse: Warehouse, scope: Scope) -> str | None:
    """Show who used much in the months of a scope and paid nothing there.

    Returns:
        The owner that was clicked; None without a click.
    """
    least_gb = st.number_input(
        "Usage from, GB",
        min_value=0,
        value=int(margin.HEAVY_GB),
        key="heavy_gb",
        bind="query-params",
        width=160,
    )
    st.caption(
        f"Usage {when(scope)} of at least this many GB, and no net volume above 0 in "
        "any currency. A payment under another email can be the reason."
    )
    least = Decimal(least_gb)
    rows = cache.figure(margin.usage_without_payment, warehouse, scope, least)
    if rows.empty:
        st.text("Everybody with as much usage has paid.")
        return None
    handout.button(rows, "usage_without_payment.csv", "usage_without_payment_csv")
    columns: tables.Columns = {
        "email": "Customer",
        "usage_gb": st.column_config.NumberColumn(
            "Usage, GB", format=tables.GB, help=meanings.USAGE
        ),
        "last_month": st.column_config.DateColumn("Last used", format=tables.MONTH),
    }
    page = tables.paged(rows, "usage_without_payment")
    place = tables.clicked(
        page,
        columns,
        key="usage_without_payment",
        alt=USING,
        height=tables.height(page),
    )
    return tables.owner(page, place)


def when(scope: Scope) -> str:
    """Name the months of a scope, to stand in a sentence."""
    first, last = scope.first_month, scope.last_month
    if first is None:
        return "over all months" if last is None else f"up to {formats.month(last)}"
    if last is None:
        return f"from {formats.month(first)} on"
    if first == last:
        return f"in {formats.month(first)}"
    return f"from {formats.month(first)} to {formats.month(last)}"
