"""Workbooks of OpenDocument: the same tables as those of Excel, the same limits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.errors import UnreadableFileError
from core.files import opendocument
from core.files.sheettable import PackedSheet, sheet_table
from core.files.upload import Upload
from core.files.workbookreader import head

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.table import TextTable

    Build = Callable[..., bytes]

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)
HEADER = ("Subuser", "Date", "Used (GB)")


def text(value: str, rest: str = "") -> str:
    """Write a cell of text."""
    shown = escape(value)
    cell = f'office:value-type="string" {rest}'
    return f"<table:table-cell {cell}><text:p>{shown}</text:p></table:table-cell>"


def typed(kind: str, name: str, value: str, shown: str = "shown") -> str:
    """Write a cell of another type, which shows something else than it holds."""
    cell = f'office:value-type="{kind}" office:{name}="{value}"'
    return f"<table:table-cell {cell}><text:p>{shown}</text:p></table:table-cell>"


def number(value: str) -> str:
    return typed("float", "value", value)


def row(*cells: str, rest: str = "") -> str:
    return f"<table:table-row {rest}>{''.join(cells)}</table:table-row>"


def table(*rows: str, name: str = "June", style: str = "ta1") -> str:
    cells = "".join(rows)
    named = f'table:name="{name}" table:style-name="{style}"'
    return f"<table:table {named}>{cells}</table:table>"


TOP = row(*map(text, HEADER))


@pytest.fixture(scope="session")
def document_of(zip_of: Build) -> Callable[..., bytes]:
    """Write a workbook of the tables given as XML."""

    def write(*tables: str, manifest: str = "") -> bytes:
        hidden = (
            '<style:style style:name="ta2" style:family="table">'
            '<style:table-properties table:display="false"/></style:style>'
        )
        body = f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet>"
        return zip_of(
            {
                "mimetype": opendocument.KIND,
                "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>".encode(),
                "content.xml": (
                    f"<office:document-content {SPACES}><office:automatic-styles>"
                    f"{hidden}</office:automatic-styles><office:body>{body}"
                    "</office:body></office:document-content>"
                ).encode(),
            }
        )

    return write


def tables_in(content: bytes) -> list[TextTable]:
    """Read the sheets of a workbook without a process of its own."""
    return [
        sheet_table(
            PackedSheet(
                head(sheet),
                tuple(memoryview(column) for column in sheet.cells.columns),
                memoryview(sheet.cells.kinds),
            ),
            "book.ods",
        )
        for sheet in opendocument.sheets(content, "book.ods")
        if sheet.cells.lines
    ]


def rows_of(content: bytes) -> list[list[str]]:
    (found,) = tables_in(content)
    return [list(each.values()) for each in found.columns.to_pylist()]


def test_usage_is_read_in_a_process_of_its_own(document_of: Build) -> None:
    content = document_of(
        table(
            row(text("Usage of June")),
            row(),
            TOP,
            row(text("ann"), text("2026-06"), number("1.5")),
        ),
        table(TOP, name="Notes", style="ta2"),
    )
    reading = job.read_all(Upload("book.ods", content))[0]
    assert [each["subuser"] for each in reading.rows.to_pylist()] == ["ann"]
    assert "Hidden sheets were not read: 'Notes'." in reading.warnings


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (number("802838"), "802838"),
        (number("0.30000000000000004"), "0.30000000000000004"),
        (number("2.73E-05"), "0.0000273"),
        (typed("percentage", "value", "0.5"), "0.5"),
        (typed("currency", "value", "9.5"), "9.5"),
        (typed("date", "date-value", "2026-06-01"), "2026-06-01"),
        (typed("date", "date-value", "2026-06-01T10:30:00"), "2026-06-01 10:30:00"),
        (typed("boolean", "boolean-value", "true"), "TRUE"),
        (typed("time", "time-value", "PT1H", "01:00"), "01:00"),
        (text("007"), "007"),
        (text("_x0041_ & <b>"), "_x0041_ & <b>"),
        (
            "<table:table-cell><text:p>a<text:s text:c='2'/>b<text:span>c</text:span>"
            "</text:p><text:p>d</text:p></table:table-cell>",
            "a  bc\nd",
        ),
        (
            "<table:table-cell><text:p>a<draw:frame><text:p>picture</text:p>"
            "</draw:frame>b</text:p></table:table-cell>",
            "ab",
        ),
        (
            "<table:table-cell><office:annotation><text:p>note</text:p>"
            "</office:annotation><text:p>a</text:p></table:table-cell>",
            "a",
        ),
    ],
)
def test_a_cell_is_what_it_holds(document_of: Build, cell: str, expected: str) -> None:
    content = document_of(table(TOP, row(text("x"), text("y"), cell)))
    assert rows_of(content) == [["x", "y", expected]]


def test_what_is_repeated_counts_each_time_and_emptiness_never(
    document_of: Build,
) -> None:
    blank = '<table:table-cell table:number-columns-repeated="16382"/>'
    content = document_of(
        table(
            TOP,
            row(text("a", 'table:number-columns-repeated="2"'), number("1"), blank),
            row(blank, rest='table:number-rows-repeated="2"'),
            row(
                text("b"), text("c"), number("2"), rest='table:number-rows-repeated="2"'
            ),
            row(blank, rest='table:number-rows-repeated="1048570"'),
        )
    )
    (found,) = tables_in(content)
    assert rows_of(content) == [["a", "a", "1"], ["b", "c", "2"], ["b", "c", "2"]]
    assert found.lines.to_pylist() == [2, 5, 6]


def test_text_merged_downwards_counts_for_each_row(document_of: Build) -> None:
    content = document_of(
        table(
            TOP,
            row(
                text("ann", 'table:number-rows-spanned="2"'),
                text("2026-05"),
                number("1"),
            ),
            row("<table:covered-table-cell/>", text("2026-06"), number("2")),
        )
    )
    assert [each[0] for each in rows_of(content)] == ["ann", "ann"]


def test_formula_without_a_saved_value_is_refused(document_of: Build) -> None:
    formula = '<table:table-cell table:formula="of:=1+1"/>'
    saved = typed("float", 'value="2" table:formula', "of:=1+1")
    content = document_of(
        table(
            TOP,
            row(text("a"), text("2026-06"), formula),
            row(text("b"), text("2026-06"), saved),
        )
    )
    (found,) = tables_in(content)
    assert [problem.value for problem in found.problems] == ["=1+1"]
    assert rows_of(content) == [["b", "2026-06", "2"]]


@pytest.mark.parametrize(
    ("rows", "manifest", "told"),
    [
        (row(text("a", 'table:number-columns-repeated="16384"')), "", "so wide"),
        (
            row(text("a" * 130_000), rest='table:number-rows-repeated="1048576"'),
            "",
            "more cells or text than any export",
        ),
        (row(text("a", 'table:number-columns-repeated="-1"')), "", "impossible number"),
        ("<table:table-row>", "", "damaged inside"),
        (table(TOP), "", "a table inside a table"),
        (TOP, "<encryption-data/>", "protected by a password"),
        ("<!DOCTYPE a>", "", "damaged inside"),
    ],
)
def test_a_hostile_or_broken_workbook_is_told(
    document_of: Build, rows: str, manifest: str, told: str
) -> None:
    with pytest.raises(UnreadableFileError, match=told):
        list(opendocument.sheets(document_of(table(rows), manifest=manifest), "a.ods"))


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"))),
            st.integers(-(10**14), 10**14).map(str),
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read_again(
    document_of: Build, cells: list[tuple[str, str]]
) -> None:
    rows = [row(text(name), text("2026-06"), number(value)) for name, value in cells]
    expected = [[name, "2026-06", value] for name, value in cells]
    assert rows_of(document_of(table(TOP, *rows))) == expected
