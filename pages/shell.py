"""The frame around every page: settings, gate, list of pages."""

from pathlib import Path

import streamlit as st

from pages.parts import gate

PARTS = Path(__file__).parent / "parts"

# Before st.navigation: otherwise Streamlit fetches an icon from another host.
st.set_page_config(page_icon=str(PARTS / "icon.png"), layout="wide")
st.logo(str(PARTS / "logo.svg"), size="large")
page = st.navigation(
    {
        "Figures": [
            st.Page("overview.py", title="Overview", default=True),
            st.Page("revenue.py", title="Revenue"),
            st.Page("customers.py", title="Customers"),
            st.Page("customer.py", title="Customer", visibility="hidden"),
        ],
        "Data": [
            st.Page("add_files.py", title="Add files"),
            st.Page("matching.py", title="Matching"),
            st.Page("downloads.py", title="Downloads"),
        ],
    },
    position="sidebar" if gate.is_open() else "hidden",
)
gate.require()
page.run()
