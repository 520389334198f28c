"""Settings page: how this shop's data are read, and what GB and currencies cost."""

import streamlit as st

from pages.parts import (
    cache,
    cleaning,
    costs,
    currency,
    fees,
    gate,
    preferences,
    rates,
    remembered,
)

gate.require()
st.title("Settings")
warehouse = cache.warehouse()

st.subheader("Months and matching")
preferences.draw(warehouse)

cleaning.draw(warehouse)

remembered.draw(warehouse)

st.subheader("Net volume")
currency.draw(warehouse)
fees.draw(warehouse)

st.subheader("Wholesale prices")
costs.draw(warehouse)

st.subheader("Monthly rates")
rates.draw(warehouse)
