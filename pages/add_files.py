"""Add files page."""

import streamlit as st

from pages.parts import gate

gate.require()
st.title("Add files")
st.info("No data yet. Add files first.")
