"""Refused rows of one table: each row once, by the first reason that hits it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RowProblem

if TYPE_CHECKING:
    from core.files.table import TextTable


@dataclass
class Refusals:
    """Collects refused rows of a table; rows of a wrong width are refused already.

    is_refused has one entry per row of table.columns.
    """

    table: TextTable
    is_refused: pa.Array = field(init=False)
    _problems: list[RowProblem] = field(init=False)

    def __post_init__(self) -> None:
        self.is_refused = pa.repeat(pa.scalar(False), len(self.table.lines))
        self._problems = list(self.table.problems)

    def refuse(self, hits: pa.Array, column: int, reasons: str | pa.Array) -> None:
        """Refuse the rows that hits is true for and that are not refused yet.

        Args:
            hits: One boolean per row; null counts as false.
            column: Position of the column that is to blame.
            reasons: One reason for all, or one string per row.
        """
        is_new = pc.and_not(pc.fill_null(hits, fill_value=False), self.is_refused)
        if not pc.any(is_new).as_py():
            return
        lines = self.table.lines.filter(is_new).to_pylist()
        values = self.table.column(column).filter(is_new).to_pylist()
        if isinstance(reasons, str):
            texts = [reasons] * len(lines)
        else:
            texts = reasons.filter(is_new).to_pylist()
        name = self.table.header[column]
        self._problems += [
            RowProblem(self.table.file, line, name, value, reason)
            for line, value, reason in zip(lines, values, texts, strict=True)
        ]
        self.is_refused = pc.or_(self.is_refused, is_new)

    def kept(self) -> pa.Array:
        """Tell for each row whether it is kept so far."""
        return pc.invert(self.is_refused)

    def problems(self) -> tuple[RowProblem, ...]:
        """Return one problem per refused row, in file order."""
        return tuple(sorted(self._problems, key=lambda problem: problem.line))
