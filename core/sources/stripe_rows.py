"""Rows of a Stripe file while they are read: cells by column name, rows refused.

Each row is refused at most once, for the first reason found.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RowProblem, UnreadableFileError
from core.sources.instants import is_known_zone, read_instants, to_utc
from core.sources.money import DecimalMark, minor_units, read_amount
from core.sources.stripe_headers import StripeHeader

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.table import TextTable
    from core.sources.stripe_headers import Column


@dataclass
class StripeRows:
    """The rows of one file: cells, warnings, and the rows refused so far."""

    table: TextTable
    header: StripeHeader
    mark: DecimalMark = DecimalMark.POINT
    warnings: list[str] = field(default_factory=list)
    _refused: dict[int, RowProblem] = field(default_factory=dict)

    @classmethod
    def of(cls, table: TextTable) -> StripeRows:
        """Take the rows of a text table.

        Raises:
            UnreadableFileError: There are none.
        """
        if table.columns.num_rows + len(table.problems) == 0:
            wrong = "has no rows below the header"
            raise UnreadableFileError(table.file, wrong, "Export a longer period")
        return cls(table, StripeHeader.of(table.header))

    def __len__(self) -> int:
        return int(self.table.columns.num_rows)

    def texts(self, *names: str) -> pa.Array:
        """Return the trimmed cells of the first of names; empty without a column."""
        column = self.header.find(*names)
        if column is None:
            return self.all("")
        cells = self.table.columns.column(column.index).combine_chunks()
        return pc.utf8_trim_whitespace(pc.fill_null(cells, ""))

    def all(self, value: object, type_: pa.DataType | None = None) -> pa.Array:
        """Return the same value for each row."""
        return pa.repeat(pa.scalar(value, type_ or pa.string()), len(self))

    def refuse(
        self,
        where: pa.Array,
        column: str,
        values: pa.Array,
        reason: str | Callable[[int], str],
    ) -> None:
        """Refuse the rows where a mask is true; reason may depend on the row."""
        for row in pc.indices_nonzero(pc.fill_null(where, False)).to_pylist():
            if row in self._refused:
                continue
            words = reason if isinstance(reason, str) else reason(row)
            self._refused[row] = RowProblem(
                self.table.file, self.line(row), column, str(values[row].as_py()), words
            )

    def line(self, row: int) -> int:
        """Return the line of the file on which a row begins."""
        return int(self.table.lines[row].as_py())

    def keep(self, values: pa.Table) -> pa.Table:
        """Return the rows of a table that are not refused, in file order."""
        return values.filter(self._kept()) if self._refused else values

    def _kept(self) -> pa.Array:
        mask = bytearray(b"\x01" * len(self))
        for row in self._refused:
            mask[row] = 0
        flags = pa.Array.from_buffers(pa.uint8(), len(self), [None, pa.py_buffer(mask)])
        return flags.cast(pa.bool_())

    def problems(self) -> tuple[RowProblem, ...]:
        """Return the refused rows in file order, those of the table included."""
        mine = (self._refused[row] for row in sorted(self._refused))
        return tuple(sorted((*mine, *self.table.problems), key=lambda p: p.line))

    def money(
        self, name: str, texts: pa.Array, currencies: pa.Array, *, empty: int | None
    ) -> pa.Array:
        """Read amounts in minor units and refuse rows that have none.

        empty stands for an empty cell; None refuses it.
        """
        amounts = minor_units(texts, currencies, self.mark)
        if empty is not None:
            blank = pc.equal(texts, "")
            amounts = pc.if_else(blank, pa.scalar(empty, pa.int64()), amounts)

        def reason(row: int) -> str:
            try:
                read_amount(texts[row].as_py(), currencies[row].as_py(), self.mark)
            except ValueError as error:
                return str(error)
            return "not an amount of money"

        self.refuse(pc.is_null(amounts), name, texts, reason)
        return amounts

    def instants(self, column: Column, zone: str, *, required: bool) -> pa.Array:
        """Read a time column into UTC and refuse rows that have none.

        Raises:
            UnreadableFileError: The zone is not known.
        """
        if not is_known_zone(zone):
            wrong = f"times of {column.sent!r} are of the zone {zone!r}, not known here"
            raise UnreadableFileError(
                self.table.file, wrong, "Export it again with times in UTC"
            )
        texts = self.texts(column.name)
        read = read_instants(texts)
        utc = to_utc(read.values, zone)
        self.warn(*read.warnings, *utc.warnings)
        is_bad = pc.is_null(utc.values)
        if not required:
            is_bad = pc.and_(is_bad, pc.not_equal(texts, ""))
        self.refuse(is_bad, column.sent, texts, _time_reason(texts, read.values))
        return utc.values

    def warn(self, *sentences: str) -> None:
        """Add warnings of the whole file, each once."""
        self.warnings.extend(s for s in sentences if s not in self.warnings)

    def refuse_test_mode(self) -> None:
        """Refuse rows of Stripe's test mode: no money moved."""
        mode, live = self.texts("Mode"), self.texts("Livemode")
        self.refuse(pc.equal(pc.utf8_lower(mode), "test"), "Mode", mode, "test mode")
        not_live = pc.equal(pc.utf8_lower(live), "false")
        self.refuse(not_live, "Livemode", live, "test mode")

    def refuse_no_currency(self, name: str, currencies: pa.Array) -> None:
        """Refuse rows whose currency is no code of three letters."""
        is_code = pc.match_substring_regex(currencies, "^[a-z]{3}$")
        self.refuse(pc.invert(is_code), name, currencies, "not a currency code")

    def refuse_repeats(self, name: str, values: pa.Table) -> None:
        """Refuse rows that repeat the id of another row of the file.

        Of rows with the same values the first is kept. Rows with different values are
        all refused: no file of Stripe's repeats an id, and their order tells nothing.
        """
        ids = values.column("id").combine_chunks()
        kept = pc.indices_nonzero(self._kept())
        coded = (ids.take(kept) if self._refused else ids).dictionary_encode()
        if len(coded.dictionary) == len(coded):
            return
        rows_of: dict[int, list[int]] = {}
        for row, code in zip(kept.to_pylist(), coded.indices.to_pylist(), strict=True):
            rows_of.setdefault(code, []).append(row)
        content = values.drop_columns(["line"])
        for rows in rows_of.values():
            if len(rows) > 1:
                self._refuse_repeat(name, ids, content, rows)

    def _refuse_repeat(
        self, name: str, ids: pa.Array, content: pa.Table, rows: list[int]
    ) -> None:
        seen = content.take(rows).to_pylist()
        lines = [self.line(row) for row in rows]
        same = all(values == seen[0] for values in seen)
        words = f"lines {', '.join(map(str, lines[:10]))} have this id, not the same"
        for row in rows[1:] if same else rows:
            reason = f"repeats line {lines[0]}" if same else words
            self._refused[row] = RowProblem(
                self.table.file, self.line(row), name, str(ids[row].as_py()), reason
            )


def _time_reason(texts: pa.Array, read: pa.Array) -> Callable[[int], str]:
    def reason(row: int) -> str:
        if not texts[row].as_py():
            return "is empty"
        if read[row].is_valid:
            return "this clock time never happened in its zone (start of summer time)"
        return "not a date and time"

    return reason


def header_signature(header: tuple[str, ...]) -> str:
    """Identify the columns of a file, whatever their order."""
    names = "\n".join(sorted(name.casefold() for name in header))
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def no_text(texts: pa.Array) -> pa.Array:
    """Turn empty texts into nulls."""
    return pc.if_else(pc.equal(texts, ""), None, texts)
