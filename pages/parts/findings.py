"""What needs a person, as a short list of links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.reports.attention import Finding


def links(findings: Sequence[Finding]) -> None:
    """Show each finding as a link to the page where it is acted on."""
    for finding in findings:
        st.page_link(
            f"{finding.page}.py",
            label=as_text(finding.words),
            icon=":material/flag:",
            help=as_text(finding.action),
        )
