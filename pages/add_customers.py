"""Add customers: name where MongoDB's documents are, choose, see the plan, load."""

import streamlit as st

from pages.parts import (
    cache,
    extraction,
    gate,
    loading,
    namespaces,
    outcome,
    plan,
    source,
    underway,
)

gate.require()
st.title("Add customers")
st.caption(
    "Customers out of MongoDB, as it is found: an export, a dump, an archive, a backup "
    "of the data folder (MongoDB 3.4 to 8.2), or a running server. It is only read, "
    "and nothing is stored before you press Load."
)
warehouse = cache.warehouse()
underway.follow()
outcome.show("load")
if underway.draw_others():
    # A plan made now would wait for the others, and tell nothing meanwhile.
    st.stop()
found = source.pick()
if found is None:
    st.info("Name a source. Its collections are listed before anything is read.")
    st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
    st.stop()
space = namespaces.pick(found.spaces) if found.spaces else None
if space is None:
    st.stop()
fields = namespaces.mapped(warehouse, space)
if fields is None:
    st.stop()
reading = extraction.run(warehouse, found, space, fields)
if reading is None:
    st.stop()
uploads = [found.upload] if found.upload else []
shown = loading.planned(warehouse, [reading])
plan.summary(shown)
loading.button(warehouse, shown, uploads)
for file in shown.files:
    plan.draw(warehouse, file, uploads)
