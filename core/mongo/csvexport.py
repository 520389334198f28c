"""Customers out of a mongoexport CSV file.

Source: mongoexport `--type=csv`, or a sheet with the same columns.
Grain: one row, which is one document; every value is text, nested ones are
Extended JSON as text.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from core.errors import RowProblem, UnreadableFileError
from core.files.table import TextTable, read_table
from core.mongo.document import Document
from core.mongo.lonefile import LoneFile
from core.mongo.namespace import FieldSample, Name, Namespace
from core.mongo.rows import DEFAULT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


LAYOUT: Final = "mongoexport CSV"
"""What such a file is, in a plan and in the history."""


def is_customers(header: Sequence[str]) -> bool:
    """Tell whether a header has the shop's own names: the email and an account."""
    email, *accounts = DEFAULT_FIELDS.names
    return email in header and not set(header).isdisjoint(accounts)


def documents(table: TextTable) -> Iterator[Document | RowProblem]:
    """Give out the rows as documents, in file order; an empty cell is no value.

    Raises:
        UnreadableFileError: Two columns have one name, so it is not clear which of
            them is meant.
    """
    repeated = [name for name, count in Counter(table.header).items() if count > 1]
    if repeated:
        wrong = f"has more than one column named {repeated[0]!r}"
        raise UnreadableFileError(table.file, wrong, "Name the columns apart")
    found: list[Document | RowProblem] = list(table.problems)
    columns = [table.column(index).to_pylist() for index in range(len(table.header))]
    for line, *cells in zip(table.lines.to_pylist(), *columns, strict=True):
        values = [cell or None for cell in cells]
        found.append(Document(line, dict(zip(table.header, values, strict=True))))
    return iter(sorted(found, key=lambda each: each.line))


class CsvExport(LoneFile):
    """One export as CSV; its collection is called like the file."""

    layout: Final = LAYOUT

    def namespaces(self) -> list[Namespace]:
        """List the one collection."""
        sample = FieldSample()
        sample.add(dict.fromkeys(self._table.header))
        return [Namespace(self._name, self._table.rows_read, sample.fields)]

    def documents(
        self, name: Name, fields: Sequence[str] | None = None
    ) -> Iterator[Document | RowProblem]:
        """Read the rows.

        Raises:
            UnreadableFileError: As documents of this module; or it is no table.
        """
        del name, fields
        return documents(self._table)

    @cached_property
    def _table(self) -> TextTable:
        return read_table(self._upload)
