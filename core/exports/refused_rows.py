"""Refused rows as a file that staff can work through and send back."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.errors import RowProblem

COLUMNS: Final = ("line", "column", "value", "reason")
"""Columns of the file; line counts from 1 in the loaded file."""


def csv_bytes(problems: Iterable[RowProblem]) -> bytes:
    """Write refused rows as CSV: UTF-8 without BOM, line feeds, in the order given."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for problem in problems:
        row = (problem.line, problem.column, problem.value, problem.reason)
        writer.writerow(row)
    return target.getvalue().encode()
