"""Overview page."""

import streamlit as st

from pages.parts import gate

gate.require()
st.title("Overview")
st.info("No data yet. Add files first.")
