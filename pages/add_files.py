"""Add files: drop, see what would change, load; the list of loads with undo."""

import streamlit as st

from core.warehouse import copies
from pages.parts import (
    cache,
    drop,
    gate,
    history,
    intakes,
    loading,
    mapping,
    mixed,
    notices,
    outcome,
    plan,
    refused,
    underway,
)

gate.require()
st.title("Add files")
st.caption(
    "Usage exports of providers (CSV or Excel, also zipped), customers from MongoDB, "
    "Stripe's Payments and All activity as CSV. Each file is recognised by what is in "
    "it. Nothing is stored before you press Load."
)
st.page_link(
    "add_customers.py",
    label="Customers from a server, a backup, or with other field names",
    icon=":material/person_add:",
)
warehouse = cache.warehouse()
underway.follow()
outcome.show("load")
is_changing = underway.draw_others()
uploads = drop.uploads()
intake = intakes.read(warehouse, uploads)
if uploads:
    for refusal in intake.refusals:
        refused.draw(warehouse, refusal, uploads)
    mapping.draw_wanted(warehouse, uploads)
    # A plan made now would wait for the others, and tell nothing meanwhile.
    if intake.readings and not is_changing:
        shown = loading.planned(warehouse, intake.readings)
        plan.summary(shown)
        loading.button(warehouse, shown, uploads)
        for file in shown.files:
            plan.draw(warehouse, file, uploads)
else:
    notices.to_drop(cache.figure(copies.loaded_kinds, warehouse))

history.draw_last(warehouse)
mixed.draw(warehouse)
