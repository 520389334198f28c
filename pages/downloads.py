"""Downloads page."""

import streamlit as st

from pages.parts import gate

gate.require()
st.title("Downloads")
st.info("No data yet. Add files first.")
