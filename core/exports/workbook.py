"""All files of a set as one Excel workbook: a sheet for each, typed columns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core import scratch
from core.csvtext import DANGEROUS
from core.errors import OptionError

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from core.exports.contracts import Contract
    from core.exports.rows import Rows

SHEET_ROWS: Final = 1_048_575
"""Rows of a sheet below its header. Source: Excel's limits."""

CELL_LENGTH: Final = 32_767
"""Characters that a cell may hold. Source: Excel's limits."""

SHEET_NAME: Final = 31
"""Characters that the name of a sheet may have. Source: Excel's limits."""

_CREATED: Final = datetime(2000, 1, 1)
_FORMATS: Final = {
    "integer": "#,##0",
    "decimal": "#,##0.##################",
    "month": "yyyy-mm",
    "date": "yyyy-mm-dd",
}
_WIDTHS: Final = {"text": 34, "integer": 14, "decimal": 24, "month": 10, "date": 12}


def write(found: Rows, target: Path) -> None:
    """Write a workbook row by row; the same rows give the same bytes.

    Months are dates, shown as YYYY-MM. A file that has more rows than a sheet can hold
    goes on in sheets named _2, _3. Excel keeps 15 digits of a number.

    Raises:
        OptionError: A text is longer than a cell can hold.
        OSError: It cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with scratch.folder(target.parent) as beside:
        options = {"constant_memory": True, "tmpdir": str(beside)}
        try:
            with xlsxwriter.Workbook(str(target), options) as book:
                book.set_properties({"created": _CREATED})
                for contract in found.contracts:
                    _Sheets(book, contract).write(found)
        except FileCreateError as error:
            raise OSError(str(error)) from error


class _Sheets:
    """The sheets of one file."""

    def __init__(self, book: Workbook, contract: Contract) -> None:
        self._book = book
        self._contract = contract
        self._count = 0
        self._header = book.add_format({"bold": True})
        # Quoted text stays text when somebody edits the cell.
        self._quoted = book.add_format({"quote_prefix": True})
        self._styles = [
            book.add_format({"num_format": _FORMATS[column.type]})
            if column.type in _FORMATS
            else None
            for column in contract.columns
        ]

    def write(self, found: Rows) -> None:
        sheet, place = self._added(), 0
        for batch in found.snapshot.batches(found.selection(self._contract)):
            columns = [column.to_pylist() for column in batch.columns]
            for row in zip(*columns, strict=True):
                if place == SHEET_ROWS:
                    sheet, place = self._added(), 0
                place += 1
                for at, value in enumerate(row):
                    if value is not None:
                        self._put(sheet, place, at, value)

    def _added(self) -> Worksheet:
        self._count += 1
        ending = "" if self._count == 1 else f"_{self._count}"
        name = self._contract.name[: SHEET_NAME - len(ending)] + ending
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(self._contract.columns):
            sheet.set_column(at, at, _WIDTHS[column.type])
            sheet.write_string(0, at, column.name, self._header)
        return sheet

    def _put(self, sheet: Worksheet, place: int, at: int, value: object) -> None:
        style = self._styles[at]
        if isinstance(value, str):
            if len(value) > CELL_LENGTH:
                raise OptionError(
                    f"{self._contract.file}: a text of {len(value):,} characters does "
                    "not fit into a cell of a workbook. Take CSV or Parquet."
                )
            is_quoted = value.startswith(DANGEROUS)
            sheet.write_string(place, at, value, self._quoted if is_quoted else None)
        elif isinstance(value, date):
            sheet.write_datetime(place, at, value, style)
        elif isinstance(value, int | Decimal):
            sheet.write_number(place, at, value, style)
