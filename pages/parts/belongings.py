"""Files of one customer: what it used and paid, to take along."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import streamlit as st

from core.exports import customer_rows

if TYPE_CHECKING:
    from core.exports.customer_rows import File
    from core.warehouse.store import Warehouse


def draw(
    warehouse: Warehouse,
    owner: str,
    *,
    has_usage: bool,
    has_money: bool,
    has_payments: bool,
) -> None:
    """Offer the files of a customer; each is written when its button is pressed."""
    has_rows = (has_usage, has_usage or has_money, has_payments)
    state = hashlib.sha256(f"{owner}\0{warehouse.version()}".encode()).hexdigest()
    with st.container(horizontal=True):
        for file, has_any in zip(customer_rows.FILES, has_rows, strict=True):
            _button(warehouse, owner, file, state[:16], has_rows=has_any)


def _button(
    warehouse: Warehouse, owner: str, file: File, state: str, *, has_rows: bool
) -> None:
    st.download_button(
        file.label,
        lambda: customer_rows.csv_bytes(warehouse, owner, file.name) or b"",
        file_name=file.name,
        # Streamlit tells large files apart by samples, and by their type.
        mime=f"text/csv; state={state}",
        key=f"download_{file.name.replace('.', '_')}",
        icon=":material/download:",
        on_click="ignore",
        disabled=not has_rows,
        help=f"{file.name}: all months, plain decimals"
        if has_rows
        else "Nothing of it is loaded for this customer.",
    )
