"""Retention page: customers by the month of their first usage, and who stayed."""

import streamlit as st

from core.models import Kind
from core.reports import cohort, span
from pages.parts import cache, canvas, cohorts, formats, gate, notices
from pages.parts.charts import retention

gate.require()
st.title("Retention", anchor=False)
warehouse = cache.warehouse()
loaded = cache.awaited(span.of, warehouse)
if loaded is None:
    notices.nothing_loaded()
    st.stop()
notices.missing(loaded.lacking, {Kind.USAGE, Kind.CUSTOMERS})
if not (loaded.has_usage and loaded.has_customers):
    st.stop()
rows = cache.awaited(cohort.by_month, warehouse)
if rows.empty:
    st.info("No usage above 0 belongs to a customer yet: match subusers first.")
    st.page_link("matching.py", label="Matching", icon=":material/join_inner:")
    st.stop()
cohorts.cards(cohort.stayed(rows))
first = rows["month"].min()
st.caption(
    f"Matched usage only. Customers of {formats.month(first)}, the first loaded month, "
    "may have begun before it."
)
canvas.draw("retention", retention.cohorts, rows)
if rows["is_partial"].any():
    st.caption("* Provisional: days of the month are missing.")
cohorts.table(rows)
