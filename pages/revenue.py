"""Revenue page: net volume by month and currency, and what it is made of."""

import streamlit as st

from core.models import Kind
from core.reports import key_figures, revenue, span
from core.warehouse import settings
from core.warehouse.figures import Scope
from pages.parts import (
    basis,
    cache,
    canvas,
    converted,
    gate,
    margins,
    metrics,
    notices,
    pickers,
    reconciliation,
    state,
    statements,
    tables,
    uncounted,
    unpaid,
    waterfall,
)
from pages.parts.charts import money

gate.require()
heading = st.container(horizontal=True, vertical_alignment="bottom")
heading.title("Revenue")
warehouse = cache.warehouse()
loaded = cache.awaited(span.of, warehouse)
if loaded is None:
    notices.nothing_loaded()
    st.stop()
if not loaded.has_money:
    notices.missing(loaded.lacking, {Kind.STRIPE_LEDGER})
    st.stop()

state.restore("customer")
with heading:
    currency = pickers.currency(loaded.currencies)
if not currency:
    st.info("The Stripe files hold no movement of money yet.")
    notices.to_files()
    st.stop()
every = cache.awaited(revenue.by_month, warehouse)
months = revenue.of_currency(every, currency, Scope())
chosen = cache.figure(settings.current, warehouse)
st.caption(f"{basis.zone(chosen.time_zone)} {basis.fees(chosen.has_stripe_fees)}")
line = cache.figure(revenue.headline, warehouse)
metrics.row(key_figures.of_lines(months, currency, line))
canvas.draw("revenue_lines", money.lines, months, currency)

grid = canvas.grid()
with grid.cell():
    st.subheader("One month")
    waterfall.draw(months, currency)
with grid.cell():
    st.subheader("All currencies in one")
    converted.draw(warehouse)

st.subheader("Months")
st.caption(basis.summary(months))
statements.months(months, currency)

st.subheader("Net volume beside usage")
if loaded.has_usage:
    margins.beside(warehouse, loaded, currency)
else:
    margins.needs_usage()

st.subheader("Reconciliation")
reconciliation.draw(warehouse)

st.subheader("Largest payers")
payers = cache.awaited(revenue.by_payer, warehouse)
tables.follow(statements.payers(payers[payers["currency"] == currency], currency))

uncounted.draw(warehouse, currency)
with heading:
    first = pickers.whole_period(loaded.months) | waterfall.first(months)
    state.reset_button(first | statements.FIRST | unpaid.FIRST)
