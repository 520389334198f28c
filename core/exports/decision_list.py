"""Decisions as a file: to keep, to look through, and to read in again elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core import csvtext
from core.warehouse import decisions

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

COLUMNS: Final = ("Subuser", "Email", "Reason", "Note", "Decided At", "Decided By")
"""Columns of the file; Decided At is UTC."""


def csv_bytes(warehouse: Warehouse) -> bytes:
    """Write the decisions that count as CSV, by subuser.

    Text is as it is, and not made safe for spreadsheets: sources.decision_list reads
    the file again. Who decided and when is there for people.
    """
    rows: list[tuple[str, ...]] = [COLUMNS]
    for made in sorted(decisions.live(warehouse), key=lambda each: each.subuser):
        at = made.decided_at.isoformat(sep=" ", timespec="seconds")
        row = (made.subuser, made.email_key or "", made.reason, made.note, at)
        rows.append((*row, made.decided_by))
    return csvtext.content(rows)
