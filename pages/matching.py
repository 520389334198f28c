"""Matching page: subusers without a customer, and what a person says of them."""

import streamlit as st

from core.models import Kind
from core.reports import attention, review
from core.warehouse import copies, settings
from pages.parts import cache, coverage, decisions, gate, outcome, queue, sample

gate.require()
st.title("Matching")
warehouse = cache.warehouse()
shares = cache.figure(attention.coverage, warehouse)
if shares.empty:
    st.info("Matching needs usage. Add a usage export and the customers first.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
        sample.load_button()
    st.stop()

rule = cache.figure(settings.current, warehouse).rule
coverage.rule_in_force(rule)
coverage.shares(shares)
if Kind.CUSTOMERS not in cache.figure(copies.loaded_kinds, warehouse):
    st.info("No customers are loaded, so nothing can match. Add a customer file first.")
    st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
    st.stop()
coverage.effort(cache.figure(review.effort, warehouse))

waiting, decided, destroyed = st.tabs(
    ["Waiting for a decision", "Decisions", "Destroyed names"]
)
with waiting:
    subuser = queue.pick(warehouse)
    outcome.show("desk")
    if subuser:
        decisions.desk(warehouse, subuser, rule)
with decided:
    decisions.made(warehouse)
with destroyed:
    coverage.destroyed(cache.figure(review.destroyed, warehouse))
