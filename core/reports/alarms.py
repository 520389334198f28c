"""Alarms: what looks wrong in who owns what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.matching import matches
from core.reports.frames import frame
from core.warehouse import ownership

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.store import Warehouse

LEAST: Final = 5
"""Fewest subusers of one customer that are worth a look: a few are a habit of many."""


def crowds(warehouse: Warehouse) -> pd.DataFrame:
    """Return customers with unusually many subusers, the most first.

    Returns:
        email_key, email, subusers, usage_gb, usual (the most that is usual).
    """
    matches.refresh(warehouse)
    return frame(ownership.crowds(warehouse, LEAST))


def shared_names(warehouse: Warehouse) -> pd.DataFrame:
    """Return usernames that several customers hold, by usage, largest first.

    Returns:
        name, account (Pro or Basic), emails, usage_gb.
    """
    return frame(ownership.shared_names(warehouse))
