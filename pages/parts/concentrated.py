"""How concentrated usage is: the curve, and in words who makes half of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.reports import concentration
from pages.parts import cache, canvas, formats, words
from pages.parts.charts import concentration as charts

if TYPE_CHECKING:
    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse


def draw(warehouse: Warehouse, scope: Scope) -> None:
    """Show the curve of the months of a scope."""
    half = cache.figure(concentration.half, warehouse, scope)
    if half is None:
        st.text("No customer has usage in these months.")
        return
    make = "makes" if half.customers == 1 else "make"
    of_all = words.counted(half.of_customers, "customer")
    st.caption(
        f"{half.customers:,} of {of_all} with usage {make} "
        f"{formats.share(half.share_of_usage)} of it."
    )
    curve = cache.figure(concentration.curve, warehouse, scope)
    canvas.draw("concentration", charts.curve, curve)
