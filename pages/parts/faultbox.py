"""What staff see of a fault: a plain box with a reference, and nothing else."""

from __future__ import annotations

import streamlit as st

from core.errors import AppError
from pages.parts import journal
from pages.parts.text import as_text


def show(error: Exception) -> bool:
    """Draw an uncaught error in place of Streamlit's own box, as st.App asks.

    A failure that staff can act on says so itself; for a fault of ours, its place goes
    to the log under the reference that the box names.
    """
    if isinstance(error, AppError):
        st.error(as_text(str(error)))
        return True
    reference = journal.fault(error, "page")
    st.error(
        "Something went wrong here, and it is a fault of Meterbook's, not yours. "
        "Loads and decisions are whole or not made at all. Reload the page and try "
        "again; if it fails again, tell whoever runs Meterbook the reference "
        f"**{reference}**.",
        icon=":material/error:",
    )
    return True
