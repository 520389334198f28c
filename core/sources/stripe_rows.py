"""Rows of a Stripe file while they are read: cells by column name, rows refused.

Each row is refused at most once, for the first reason found.
"""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UnreadableFileError
from core.sources.distinct import per_distinct
from core.sources.instants import is_known_zone, read_instants, to_utc
from core.sources.letters import Letters
from core.sources.money import DecimalMark, minor_units, read_amount
from core.sources.refusals import Refusals
from core.sources.stripe_headers import StripeHeader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.files.table import TextTable
    from core.sources.stripe_headers import Column

SHOWN_IDS: Final = 10
"""How many payments a warning names."""

_CODE: Final = re.compile("[a-z]{3}")
_TIME: Final = re.compile(r"(?i)created|.*(date|available[ _]on|_utc|_at)")


@dataclass
class StripeRows:
    """The rows of one file: cells, warnings, and the rows refused so far."""

    table: TextTable
    header: StripeHeader
    refusals: Refusals
    mark: DecimalMark = DecimalMark.POINT
    warnings: list[str] = field(default_factory=list)
    _trimmed: dict[int, pa.Array] = field(default_factory=dict)

    @classmethod
    def of(cls, table: TextTable) -> StripeRows:
        """Take the rows of a text table.

        Raises:
            UnreadableFileError: There are none.
        """
        if table.rows_read == 0:
            wrong = "has no rows below the header"
            raise UnreadableFileError(table.file, wrong, "Export a longer period")
        return cls(table, StripeHeader.of(table.header), Refusals(table))

    def __len__(self) -> int:
        return int(self.table.columns.num_rows)

    def texts(self, *names: str) -> pa.Array:
        """Return the trimmed cells of the first of names; empty without a column."""
        column = self.header.find(*names)
        if column is None:
            return self.all("")
        if column.index not in self._trimmed:
            self._trimmed[column.index] = self._trim(column.index)
        return self._trimmed[column.index]

    def trim(self, *names: str) -> None:
        """Trim the cells of columns at once, so that `texts` has them ready."""
        found = (self.header.find(name) for name in names)
        places = {column.index for column in found if column is not None}
        with ThreadPoolExecutor() as pool:
            self._trimmed.update(zip(places, pool.map(self._trim, places), strict=True))

    def _trim(self, index: int) -> pa.Array:
        texts = self.table.column(index)
        letters = Letters.of(texts)
        if letters and not letters.has_edge_blanks():
            return texts
        return pc.utf8_trim_whitespace(texts)

    def optional(self, name: str) -> pa.Array:
        """Return the trimmed cells of a column; null where empty or without it."""
        if self.header.find(name) is None:
            return self.all(None)
        return no_text(self.texts(name))

    def all(self, value: object, type_: pa.DataType | None = None) -> pa.Array:
        """Return the same value for each row."""
        return pa.repeat(pa.scalar(value, type_ or pa.string()), len(self))

    def refuse(
        self,
        where: pa.Array,
        name: str,
        reason: str | Callable[[int], str],
        *,
        instead: tuple[str, pa.Array] | None = None,
    ) -> None:
        """Refuse the rows where a mask is true.

        name is the column to blame; instead names another for the rows of its mask.
        reason may depend on the place of the row.
        """
        if instead is not None:
            other, is_other = instead
            self.refuse(pc.and_(where, is_other), other, reason)
        hits = pc.and_(pc.fill_null(where, False), self.refusals.kept())
        if not pc.any(hits).as_py():
            return
        reasons: str | pa.Array
        if isinstance(reason, str):
            reasons = reason
        else:
            words = [reason(row) for row in pc.indices_nonzero(hits).to_pylist()]
            blank = pa.nulls(len(self), pa.string())
            reasons = pc.replace_with_mask(blank, hits, pa.array(words, pa.string()))
        self.refusals.refuse(hits, self.header.column(name).index, reasons)

    def keep(self, values: pa.Table) -> pa.Table:
        """Return the rows of a table that are not refused, in file order."""
        kept = self.refusals.kept()
        return values if pc.all(kept).as_py() else values.filter(kept)

    def moneys(
        self, names: Sequence[str], texts: Sequence[pa.Array], currencies: pa.Array
    ) -> list[pa.Array]:
        """Read several columns of amounts, each as `money` does."""

        def amounts(cells: pa.Array) -> pa.Array:
            return minor_units(cells, currencies, self.mark)

        with ThreadPoolExecutor() as pool:
            found = list(pool.map(amounts, texts))
        for name, cells, read in zip(names, texts, found, strict=True):
            self._refuse_no_money(name, cells, currencies, read)
        return found

    def money(
        self,
        name: str,
        texts: pa.Array,
        currencies: pa.Array,
        *,
        empty: int | None = None,
        instead: tuple[str, pa.Array] | None = None,
    ) -> pa.Array:
        """Read amounts in minor units and refuse rows that have none.

        empty stands for an empty text; None refuses it. name and instead are the
        columns to blame, as in `refuse`.
        """
        amounts = minor_units(texts, currencies, self.mark)
        if empty is not None:
            blank = pc.equal(texts, "")
            amounts = pc.if_else(blank, pa.scalar(empty, pa.int64()), amounts)

        self._refuse_no_money(name, texts, currencies, amounts, instead)
        return amounts

    def _refuse_no_money(
        self,
        name: str,
        texts: pa.Array,
        currencies: pa.Array,
        amounts: pa.Array,
        instead: tuple[str, pa.Array] | None = None,
    ) -> None:
        """Refuse the rows without an amount, each by what is wrong with its text."""

        def reason(row: int) -> str:
            try:
                read_amount(texts[row].as_py(), currencies[row].as_py(), self.mark)
            except ValueError as error:
                return str(error)
            return "not an amount of money"

        self.refuse(pc.is_null(amounts), name, reason, instead=instead)

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
        read = read_instants(texts, self._times)
        utc = to_utc(read.values, zone)
        self.warn(*read.warnings, *utc.warnings)
        is_bad = pc.is_null(utc.values)
        if not required:
            is_bad = pc.and_(is_bad, pc.not_equal(texts, ""))
        self.refuse(is_bad, column.name, _time_reason(texts, read.values))
        return utc.values

    def _times(self) -> Iterable[pa.Array]:
        """Give the cells of every column of times, read or not."""
        return (
            self.texts(column.name)
            for column in self.header.columns
            if column.zone or _TIME.fullmatch(column.name)
        )

    def warn(self, *sentences: str) -> None:
        """Add warnings of the whole file, each once."""
        self.warnings.extend(s for s in sentences if s not in self.warnings)

    def refuse_test_mode(self) -> None:
        """Refuse rows of Stripe's test mode: no money moved."""
        for name, value in (("Mode", "test"), ("Livemode", "false")):
            if self.header.find(name) is not None:
                is_test = pc.equal(pc.utf8_lower(self.texts(name)), value)
                self.refuse(is_test, name, "test mode")

    def refuse_no_currency(
        self,
        name: str,
        currencies: pa.Array,
        *,
        instead: tuple[str, pa.Array] | None = None,
    ) -> None:
        """Refuse rows whose currency is no code of three letters."""
        is_code = per_distinct(
            currencies, lambda text: bool(_CODE.fullmatch(text)), pa.bool_()
        )
        self.refuse(pc.invert(is_code), name, "not a currency code", instead=instead)

    def refuse_repeats(self, name: str, values: pa.Table) -> None:
        """Refuse rows that repeat the id of another row of the file.

        Of rows with the same values the first is kept. Rows with different values are
        all refused: no file of Stripe's repeats an id, and their order tells nothing.
        """
        kept = self.refusals.kept()
        ids = self.keep(values).column("id").combine_chunks()
        letters = Letters.of(ids)
        if letters and letters.are_distinct():
            return
        if len(pc.unique(ids)) == len(ids):
            return
        coded = ids.dictionary_encode()
        rows_of: dict[int, list[int]] = {}
        places = pc.indices_nonzero(kept).to_pylist()
        for row, code in zip(places, coded.indices.to_pylist(), strict=True):
            rows_of.setdefault(code, []).append(row)
        content = values.drop_columns(["line"])
        reasons: list[str | None] = [None] * len(self)
        for rows in rows_of.values():
            if len(rows) > 1:
                self._say_repeats(content, rows, reasons)
        found = pa.array(reasons, pa.string())
        self.refuse(pc.is_valid(found), name, lambda row: str(reasons[row]))

    def _say_repeats(
        self, content: pa.Table, rows: list[int], reasons: list[str | None]
    ) -> None:
        """Write why rows with one id are refused; the first of equal rows is not."""
        seen = content.take(rows).to_pylist()
        lines = self.table.lines.take(pa.array(rows)).to_pylist()
        if all(values == seen[0] for values in seen):
            for row in rows[1:]:
                reasons[row] = f"repeats line {lines[0]}"
            return
        shown = ", ".join(map(str, lines[:10]))
        for row in rows:
            reasons[row] = f"lines {shown} have the same id and different values"


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


def some(ids: pa.Array) -> str:
    """Write the first ids of some, in their order, and how many more there are."""
    shown = sorted(ids.to_pylist())[:SHOWN_IDS]
    more = len(ids) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
