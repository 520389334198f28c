"""Refused files: why, and what a person can say to have them read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts import cache, mapping
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.upload import Upload
    from core.job import Refusal
    from core.warehouse.store import Warehouse


def draw(warehouse: Warehouse, refusal: Refusal, uploads: Sequence[Upload]) -> None:
    """Show one file that is not read: a question where one would do, else the reason.

    A whole file that is a table can still be read by columns chosen by hand.
    """
    if refusal.request is not None:
        mapping.draw(warehouse, refusal.request, uploads)
        return
    st.error(as_text(refusal.message))
    for upload in uploads:
        if upload.name != refusal.file:
            continue
        if cache.is_table(upload.content, upload.sha256, upload.name):
            mapping.offer(warehouse, upload.name, upload.sha256, uploads)
