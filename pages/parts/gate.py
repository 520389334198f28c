"""The gate: who may see the pages.

Only visitors at this machine may. pages.parts.loopback holds that for every path of
the server; the gate holds it once more for the pages, however the server was started.
"""

from __future__ import annotations

import streamlit as st

from pages.parts import loopback


def is_open() -> bool:
    """Tell whether this visitor may see pages."""
    address = st.context.ip_address  # None: this machine, or no browser at all
    if address is not None and not loopback.is_loopback(address):
        return False
    headers = st.context.headers
    sent = [(name, value) for name in headers for value in headers.get_all(name)]
    return loopback.forwarded(sent) is None


def require() -> None:
    """Show the gate in place of the page to a visitor who may not see it."""
    if is_open():
        return
    st.title("Closed from here")
    st.text(
        "Meterbook answers only the machine it runs on. "
        "Open it there, or through a tunnel from your machine."
    )
    st.stop()
