"""CSV as the product writes it: one dialect, and no text that a spreadsheet would run.

The rule of safe text is written once more, in SQL, in core.warehouse.selection.
"""

from __future__ import annotations

import csv
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of text that a spreadsheet would run. Source: OWASP, CSV injection."""

MARK: Final = "'"
"""What is put before such text; spreadsheets take it for the sign of a text."""


def safe(text: str) -> str:
    """Mark text that a spreadsheet would run; other text stays. Never for numbers."""
    return MARK + text if text.startswith(DANGEROUS) else text


def content(rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> bytes:
    """Write rows, the header first, as they are: UTF-8 without BOM, line feeds.

    Only cells that need quotes have them. Files for people give text through safe;
    files that are read in again keep it raw.
    """
    lines: list[str] = []
    target = SimpleNamespace(write=lines.append)
    # With line ends of two characters csv quotes a cell that holds either of them.
    csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return "".join(line[:-2] + "\n" for line in lines).encode()
