"""Retention page: customers by the month of their first usage, and who stayed."""

import streamlit as st

from core.reports import cohort, span
from pages.parts import cache, canvas, formats, gate, notices
from pages.parts.charts import retention

gate.require()
warehouse = cache.warehouse()
loaded = cache.figure(span.of, warehouse)
st.title("Retention", anchor=False)
if loaded is None:
    notices.nothing_loaded()
    st.stop()
notices.missing(loaded)
rows = cache.figure(cohort.by_month, warehouse)
if rows.empty:
    st.info("Retention needs usage of matched customers, and there is none yet.")
    st.stop()
with st.grid(len(cohort.AFTER), min_column_width=165):
    for stayed in cohort.stayed(rows):
        st.metric(
            f"Active after {stayed.months_after} mo.",
            formats.share(stayed.share),
            delta=f"{stayed.active:,} of {stayed.customers:,} customers",
            delta_color="gray",
            delta_arrow="off",
            border=True,
            help="Customers with usage so many months after their first, of all whose "
            "month is loaded and whole; those of the first loaded month are left out.",
        )
first = rows["month"].min()
st.caption(
    f"Matched usage only. Customers of {formats.month(first)}, the first loaded month, "
    "may have begun before it."
)
canvas.draw("retention", retention.cohorts, rows)
