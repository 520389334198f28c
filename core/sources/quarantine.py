"""Refused rows as a table that can be corrected and dropped in again.

It has the columns of the file as they were sent, and before them the reason, which is
left out when the table comes back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core import csvtext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.errors import RowProblem
    from core.files.table import TextTable

REASON: Final = "reason"
"""Name of the column in front. Rows with too many cells can then grow at the end."""


def csv_bytes(table: TextTable, problems: Sequence[RowProblem]) -> bytes:
    """Write the rows that problems name: UTF-8 without BOM, line feeds, in file order.

    The delimiter is that of the file, for numbers with a decimal comma. Cells are as
    they were sent: a mark for spreadsheets would come back with them.

    Args:
        table: The file, read again.
        problems: What was refused of it.
    """
    reasons = {problem.line: problem.reason for problem in problems}
    is_refused = pc.is_in(table.lines, value_set=pa.array(reasons, pa.int64()))
    lines = table.lines.filter(is_refused).to_pylist()
    rows = table.columns.filter(is_refused).to_pylist()
    found = {line: list(row.values()) for line, row in zip(lines, rows, strict=True)}
    found.update({row.line: list(row.cells) for row in table.wrong_rows})
    refused = (
        [reasons[line], *found[line]] for line in sorted(found.keys() & reasons.keys())
    )
    header = [REASON, *table.header]
    return csvtext.content([header, *refused], delimiter=table.delimiter or ",")


def without_reason(table: TextTable) -> TextTable:
    """Leave out the column that csv_bytes put in front."""
    if not table.header or table.header[0] != REASON:
        return table
    names = [str(at) for at in range(len(table.header) - 1)]
    columns = table.columns.select(table.columns.column_names[1:])
    return replace(
        table,
        header=table.header[1:],
        columns=columns.rename_columns(names),
        wrong_rows=tuple(replace(row, cells=row.cells[1:]) for row in table.wrong_rows),
    )
