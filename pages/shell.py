"""The frame around every page: settings, gate, list of pages."""

from pathlib import Path

import streamlit as st

from core.errors import AppError
from pages.parts import gate, journal, session, state
from pages.parts.text import as_text

PARTS = Path(__file__).parent / "parts"

# Before st.navigation: otherwise Streamlit fetches an icon from another host.
st.set_page_config(page_icon=str(PARTS / "icon.png"), layout="wide")
st.logo(str(PARTS / "logo.svg"), size="large")
IS_EDITOR = gate.is_editor()
page = st.navigation(
    {
        "Figures": [
            st.Page(
                "overview.py",
                title="Overview",
                icon=":material/monitoring:",
                default=True,
            ),
            st.Page("revenue.py", title="Revenue", icon=":material/payments:"),
            st.Page("customers.py", title="Customers", icon=":material/group:"),
            st.Page("customer.py", title="Customer", visibility="hidden"),
            st.Page("retention.py", title="Retention", icon=":material/grid_on:"),
        ],
        "Data": [
            st.Page(
                "add_files.py",
                title="Add files",
                icon=":material/upload_file:",
                visibility="visible" if IS_EDITOR else "hidden",
            ),
            st.Page("history.py", title="History", icon=":material/history:"),
            st.Page(
                "add_customers.py",
                title="Add customers",
                icon=":material/person_add:",
                visibility="visible" if IS_EDITOR else "hidden",
            ),
            st.Page("matching.py", title="Matching", icon=":material/join_inner:"),
            st.Page("downloads.py", title="Downloads", icon=":material/download:"),
            st.Page("settings.py", title="Settings", icon=":material/tune:"),
            st.Page("audit.py", title="Audit", icon=":material/fact_check:"),
        ],
    },
    position="sidebar" if gate.is_open() else "hidden",
)
gate.require()
gate.draw_person()
if page.url_path in {"add_files", "add_customers"}:
    gate.require_editor()
state.arrive(page.url_path)
try:
    with journal.page_run(page.url_path, session.actor(), session.tab()):
        page.run()
except AppError as error:
    st.error(as_text(str(error)))
