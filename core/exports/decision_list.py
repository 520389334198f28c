"""Decisions as a file: to keep, to look through, and to read in again elsewhere."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from core.warehouse import decisions

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

COLUMNS: Final = ("Subuser", "Email", "Reason", "Note", "Decided At", "Decided By")
"""Columns of the file; Decided At is UTC."""


def csv_bytes(warehouse: Warehouse) -> bytes:
    """Write the decisions that count as CSV, by subuser.

    UTF-8 without BOM, line feeds. sources.decision_list reads it again; who decided
    and when is there for people.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for made in sorted(decisions.live(warehouse), key=lambda each: each.subuser):
        at = made.decided_at.isoformat(sep=" ", timespec="seconds")
        row = (made.subuser, made.email_key or "", made.reason, made.note, at)
        writer.writerow((*row, made.decided_by))
    return target.getvalue().encode()
