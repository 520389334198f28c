"""Revenue page: net volume by month and currency, and what it is made of."""

import streamlit as st

from core.reports import key_figures, revenue, span
from core.warehouse import settings
from core.warehouse.figures import Scope
from pages.parts import (
    basis,
    cache,
    canvas,
    gate,
    metrics,
    notices,
    pickers,
    statements,
)
from pages.parts.charts import money

gate.require()
warehouse = cache.warehouse()
loaded = cache.figure(span.of, warehouse)
heading, choice = st.columns([6, 1], vertical_alignment="bottom")
heading.title("Revenue")
if loaded is None or not loaded.has_money:
    notices.no_money()
    st.stop()

with choice:
    currency = pickers.currency(loaded.currencies)
if not currency:
    st.info("The Stripe files hold no movement of money yet.")
    notices.to_files()
    st.stop()
every = cache.figure(revenue.by_month, warehouse)
months = revenue.of_currency(every, currency, Scope())
st.caption(basis.zone(cache.figure(settings.current, warehouse).time_zone))
metrics.row(key_figures.of_lines(months, currency))
canvas.draw("revenue_lines", money.lines, months, currency)

st.subheader("Months")
st.caption(basis.summary(months))
statements.months(months, currency)
grid = canvas.grid()
with grid.cell():
    st.subheader("Largest payers")
    payers = cache.figure(revenue.by_payer, warehouse)
    owner = statements.payers(payers[payers["currency"] == currency], currency)
    if owner:
        st.switch_page("customer.py", query_params={"customer": owner})
with grid.cell():
    st.subheader("Not counted")
    statements.uncounted(cache.figure(revenue.uncounted, warehouse))
