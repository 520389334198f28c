"""Workbooks and zips built by code, for tests of what is inside."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from core.files.sheettable import PackedSheet, sheet_table
from core.files.workbook import sheets
from core.files.workbookreader import head

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.files.table import TextTable

    Rows = Sequence[Sequence[object]]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@pytest.fixture(scope="session")
def workbook_of() -> Callable[..., bytes]:
    """Write a workbook as openpyxl does: rows by name of the sheet."""

    def write(
        content: Mapping[str, Rows],
        hidden: Sequence[str] = (),
        merged: Sequence[str] = (),
    ) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in content.items():
            sheet = book.create_sheet(name)
            sheet.sheet_state = "hidden" if name in hidden else "visible"
            for row in rows:
                sheet.append(row)
            for area in merged:
                sheet.merge_cells(area)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    return write


@pytest.fixture(scope="session")
def zip_of() -> Callable[..., bytes]:
    """Pack files by name into a zip."""

    def pack(files: Mapping[str, bytes], *, is_packed: bool = True) -> bytes:
        stream = io.BytesIO()
        packing = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        with zipfile.ZipFile(stream, "w", packing) as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        return stream.getvalue()

    return pack


@pytest.fixture(scope="session")
def workbook_with(zip_of: Callable[..., bytes]) -> Callable[..., bytes]:
    """Write a workbook of one sheet from its XML, as programs other than Excel may.

    formats are number formats of the cells by number; texts the shared ones, as XML.
    """

    def write(
        data: str | bytes,
        *,
        formats: Sequence[str] = (),
        texts: str | bytes = "",
        properties: str = "",
        after: str = "",
    ) -> bytes:
        if isinstance(data, str):
            data = (
                f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{after}'
                "</worksheet>"
            ).encode()
        if isinstance(texts, str):
            texts = f'<sst xmlns="{MAIN}">{texts}</sst>'.encode()
        codes = "".join(
            f'<numFmt numFmtId="{200 + number}" formatCode="{code}"/>'
            for number, code in enumerate(formats)
        )
        cells = "".join(
            f'<xf numFmtId="{200 + number}"/>' for number in range(len(formats))
        )
        relations = "".join(
            f'<Relationship Id="r{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for kind, target in (
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "/xl/sharedStrings.xml"),
                ("styles", "styles.xml"),
            )
        )
        return zip_of(
            {
                "[Content_Types].xml": b"<Types/>",
                "_rels/.rels": (
                    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
                    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
                    "</Relationships>"
                ).encode(),
                "xl/workbook.xml": (
                    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>'
                    '<sheet name="June" sheetId="1" r:id="rworksheet"/></sheets>'
                    "</workbook>"
                ).encode(),
                "xl/_rels/workbook.xml.rels": (
                    f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
                ).encode(),
                "xl/styles.xml": (
                    f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>'
                    f'<xf numFmtId="0"/>{cells}</cellXfs></styleSheet>'
                ).encode(),
                "xl/sharedStrings.xml": texts,
                "xl/worksheets/sheet1.xml": data,
            }
        )

    return write


@pytest.fixture(scope="session")
def table_in() -> Callable[[bytes], TextTable]:
    """Read the first sheet of a workbook without a process of its own."""

    def read(content: bytes) -> TextTable:
        sheet = next(s for s in sheets(content, "book.xlsx") if s.cells.lines)
        columns = tuple(memoryview(column) for column in sheet.cells.columns)
        kinds = memoryview(sheet.cells.kinds)
        return sheet_table(PackedSheet(head(sheet), columns, kinds), "book.xlsx")

    return read
