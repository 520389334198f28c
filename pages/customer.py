"""Customer page: one customer, by its address `/customer?customer=<email>`."""

import streamlit as st

from core.reports import absent, book, customer, span
from pages.parts import (
    belongings,
    cache,
    canvas,
    gate,
    note,
    notices,
    person,
    pickers,
    statements,
)
from pages.parts.charts import axes, money

gate.require()
st.title("Customer")
warehouse = cache.warehouse()
loaded = cache.awaited(span.of, warehouse)
if loaded is None:
    notices.nothing_loaded()
    st.stop()
notices.missing(loaded.lacking)

everybody = cache.awaited(book.everybody, warehouse)
owner = pickers.customer(everybody)
if owner is None:
    st.info("Choose a customer, or find one in the list of all.")
    st.page_link("customers.py", label="Customers", icon=":material/group:")
    st.stop()

if owner in cache.figure(absent.emails, warehouse):
    st.caption(absent.WORDS)
person.cards(book.row(everybody, owner), loaded)
used = cache.figure(customer.usage_months, warehouse, owner)
paid = cache.figure(customer.money_months, warehouse, owner)
months = axes.span(used, paid)
grid = canvas.grid()
if loaded.has_usage:
    with grid.cell():
        if used.empty:
            st.info("No usage of this customer is loaded.")
        else:
            person.usage_by_month(warehouse, owner, used, months)
if loaded.has_money:
    with grid.cell():
        if paid.empty:
            st.info("No payment of this customer is loaded.")
        else:
            currency = pickers.currency(tuple(paid["currency"].unique()))
            of_currency = paid[paid["currency"] == currency]
            canvas.draw("paid", money.net_volume, of_currency, currency, months)

st.subheader("Subusers", anchor=False)
subuser = person.subusers(cache.figure(customer.subusers, warehouse, owner))
if subuser:
    st.switch_page("matching.py", query_params={"subuser": subuser})
st.subheader("Provider accounts in the shop", anchor=False)
accounts = cache.figure(customer.documents, warehouse, owner)
person.documents(accounts, has_customers=loaded.has_customers)
st.subheader("Note", anchor=False)
note.draw(warehouse, owner)
st.subheader("Payments", anchor=False)
statements.earned(paid)
attempts = cache.figure(customer.payments, warehouse, owner)
statements.payments(attempts)
st.subheader("Files of this customer", anchor=False)
belongings.draw(
    warehouse,
    owner,
    has_usage=not used.empty,
    has_money=not paid.empty,
    has_payments=not attempts.empty,
)
