"""Customers page: everybody who used or paid, to search, sort and open."""

import streamlit as st

from core.exports import downloads
from core.reports import book, span
from pages.parts import cache, gate, notices, tables, unpaid

gate.require()
warehouse = cache.warehouse()
loaded = cache.figure(span.of, warehouse)
st.title("Customers")
if loaded is None:
    notices.nothing_loaded()
    st.stop()
notices.missing(loaded)
everybody = cache.figure(book.everybody, warehouse)
search, download = st.columns([5, 1], vertical_alignment="bottom")
text = search.text_input(
    "Search",
    key="customers_search",
    placeholder="Part of an email",
    type="search",
    icon=":material/search:",
)
rows = book.found(everybody, text or "")
csv = cache.figure(book.csv, warehouse, text or "")
download.download_button(
    "Download CSV",
    csv,
    file_name=downloads.browser_name("customers.csv", csv),
    mime="text/csv",
    key="customers_csv",
    on_click="ignore",
    width="stretch",
    help="The rows shown, with every column",
)
if rows.empty:
    st.info("No email holds this text.")
    st.stop()
st.caption(tables.summary(rows, everybody))
owner = tables.customers(rows, loaded.currencies)
if loaded.has_usage and loaded.has_money:
    owner = owner or unpaid.draw(warehouse)
if owner:
    st.switch_page("customer.py", query_params={"customer": owner})
