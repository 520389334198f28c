"""Customers that the newest file of customers does not have: kept, and marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from core.warehouse import figures

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

WORDS: Final = "Not in the newest file of customers; kept from an older one."
"""What is said of such a customer."""


def emails(warehouse: Warehouse) -> frozenset[str]:
    """Return the keys of the customers that the newest file does not have."""
    rows = figures.customers(warehouse)
    kept = rows.filter(pc.field("is_absent"))
    return frozenset(kept["email_key"].to_pylist())
