"""Cells of a sheet, read without a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.files import worksheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.table import TextTable

    Read = Callable[[bytes], TextTable]
    Write = Callable[..., bytes]

HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c>'
    '<c r="B1" t="str"><v>Used</v></c></row>'
)


def cells_of(table: TextTable) -> list[tuple[Any, ...]]:
    return list(zip(*table.columns.to_pydict().values(), strict=True))


def row(cells: str, number: int = 2) -> str:
    return f'{HEAD}<row r="{number}">{cells}</row>'


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c><v>802838</v></c>", "802838"),
        ('<c t="n"><v> 0.10000000000000001 </v></c>', "0.1"),
        ('<c s="1"><v>45292</v></c>', "2024-01-01"),
        ('<c s="99"><v>45292</v></c>', "45292"),
        ('<c t="s"><v>1</v></c>', "bob & co"),
        ('<c t="s"><v>2</v></c>', "山田"),
        (
            '<c t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r></is></c>',
            "two runs",
        ),
        ('<c t="inlineStr"><is><t>a_x000D_\nb_x0041_</t></is></c>', "a\nbA"),
        ('<c t="str"><f>A1</f><v>text</v></c>', "text"),
        ("<c><f>1+1</f><v>2</v></c>", "2"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="b"><v>0</v></c>', "FALSE"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="d"><v>2024-01-01T00:00:00</v></c>', "2024-01-01"),
        ('<c t="d"><v>2024-01-01T05:30:00</v></c>', "2024-01-01 05:30:00"),
        ("<c><v>2<!-- note -->4</v></c>", "24"),
        ('<c t="str"><v><![CDATA[<x>]]></v></c>', "<x>"),
    ],
)
def test_a_cell_is_the_text_that_a_csv_would_have(
    table_in: Read, workbook_with: Write, cell: str, text: str
) -> None:
    content = workbook_with(
        row(f'<c r="A2" t="str"><v>ann</v></c>{cell}'),
        formats=["yyyy-mm-dd"],
        texts=(
            "<si><t>x</t></si><si><t>bob &amp; co</t></si>"
            "<si><t>山田</t><rPh sb='0' eb='1'><t>ヤマダ</t></rPh></si>"
        ),
    )
    assert cells_of(table_in(content)) == [("ann", text)]


def test_names_of_elements_may_have_a_prefix(
    table_in: Read, workbook_with: Write
) -> None:
    content = (
        '<x:worksheet xmlns:x="m"><x:sheetData>'
        '<x:row r="1"><x:c t="str"><x:v>Name</x:v></x:c>'
        '<x:c t="str"><x:v>Used</x:v></x:c></x:row>'
        "<x:row><x:c><x:v>7</x:v></x:c><x:c><x:v>8</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    table = table_in(workbook_with(content.encode("utf-16")))
    assert (cells_of(table), table.lines.to_pylist()) == ([("7", "8")], [2])


def test_lines_are_the_rows_of_the_sheet_and_empty_columns_are_left_out(
    table_in: Read, workbook_with: Write
) -> None:
    content = workbook_with(
        '<row r="3"><c r="B3" t="str"><v>Report of June</v></c></row>'
        '<row r="5"><c r="B5" t="str"><v>Name</v></c>'
        '<c r="D5" t="str"><v> Used </v></c></row>'
        '<row r="6"/><row r="7" hidden="1"><c r="A7" s="1"/><c r="B7"><v>7</v></c>'
        '<c r="D7"><v>1.5</v></c><c r="XFD7" s="1"/></row>'
        '<row r="1048576"><c r="B1048576" t="str"><v> </v></c></row>'
    )
    table = table_in(content)
    assert table.header == ("Name", "Used")
    assert cells_of(table) == [("7", "1.5")]
    assert table.lines.to_pylist() == [7]
    assert table.notes == ("1 hidden rows of the sheet were read as well.",)
    assert (table.delimiter, table.encoding) == ("", "")


def test_texts_of_merged_cells_count_for_each_row_and_numbers_once(
    table_in: Read, workbook_of: Write
) -> None:
    rows = [["Name", "Day", "Used"], ["ann", "2024-01-01", 5], [None, "x", None]]
    table = table_in(workbook_of({"S": rows}, merged=["A2:A3", "C2:C3"]))
    assert cells_of(table) == [("ann", "2024-01-01", "5"), ("ann", "x", "")]
    assert table.notes == (
        "1 cells are merged over several rows: "
        "their text was taken for each of these rows.",
    )


def test_merged_areas_that_make_no_sense_change_nothing(
    table_in: Read, workbook_with: Write
) -> None:
    areas = ("Z2:Z3", "A9:A12", "A2:A3", "A3:A4", "A2", "B2:C2", "x")
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    rows = "".join(
        f'<row r="{line}"><c r="A{line}" t="str"><v>{name}</v></c>'
        f'<c r="B{line}"><v>1</v></c></row>'
        for line, name in ((2, "ann"), (3, "bob"), (4, "cyd"))
    )
    table = table_in(workbook_with(HEAD + rows, after=merged))
    assert [name for name, _ in cells_of(table)] == ["ann", "bob", "cyd"]


@pytest.mark.parametrize(
    "formula", ["<f>B9</f>", "<f>B9</f><v></v>", "<f>B9</f><v/>", "<f>B9</f><v> </v>"]
)
def test_a_formula_without_a_saved_value_refuses_its_row(
    table_in: Read, workbook_with: Write, formula: str
) -> None:
    table = table_in(
        workbook_with(
            row(f"<c><v>7</v></c><c>{formula}</c>")
            + '<row r="3"><c><v>8</v></c><c><f>B9</f><v>1</v></c></row>'
        )
    )
    (problem,) = table.problems
    assert (problem.line, problem.column, problem.value) == (2, "Used", "=B9")
    assert "formula whose value was not saved" in problem.reason
    assert [(each.line, len(each.cells)) for each in table.wrong_rows] == [
        (problem.line, len(table.header))
    ]
    assert cells_of(table) == [("8", "1")]
    assert table.rows_read == 2


def test_numbers_among_texts_are_pointed_out(
    table_in: Read, workbook_with: Write
) -> None:
    rows = "".join(
        f'<row r="{line}"><c t="str"><v>user{line}</v></c><c><v>{line}</v></c></row>'
        for line in (2, 3)
    )
    number = '<row r="4"><c s="1"><v>646000000000</v></c><c><v>4</v></c></row>'
    table = table_in(workbook_with(HEAD + rows + number, formats=["0.00E+00"]))
    assert cells_of(table)[-1] == ("6.46E+11", "4")
    (note,) = table.notes
    assert note.startswith("Column 'Name': 1 cells hold a number or a date, the others")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (row('<c r="XFD2"><v>1</v></c>'), "a value in column 16,384 of row 2"),
        (row('<c r="B2"><v>1</v></c><c r="A2"><v>2</v></c>'), "row 2 is out of order"),
        (row('<c r="A2"/><c r="A2"/>'), "row 2 is out of order"),
        (row('<c r="AAAA2"/>'), "there is no column 'AAAA'"),
        (row("<c/>", number=1), "row 1 comes after row 1"),
        (row("<c/>", number=1_048_577), "row 1048577 comes after row 1"),
        (row('<c t="s"><v>0</v></c>'), "row 2 refers to a text that is missing"),
        (row('<c t="s"><v>x</v></c>'), "row 2 refers to a text that is missing"),
        (row(f'<c t="str"><v>{"x" * 131_073}</v></c>'), "more than 131,072 characters"),
        (row("<c><v>1</c>"), "mismatched tag"),
        (HEAD + "<row>\x01</row>", "not well-formed"),
    ],
)
def test_what_no_workbook_holds_is_told(
    table_in: Read, workbook_with: Write, data: str, told: str
) -> None:
    with pytest.raises(UnreadableFileError) as error:
        table_in(workbook_with(data))
    assert str(error.value).startswith("book.xlsx: ")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("limit", "most"), [("MAX_CELLS", 3), ("MAX_TEXT_CHARS", 8), ("MAX_COLUMNS", 1)]
)
def test_limits_are_held(
    table_in: Read,
    workbook_with: Write,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    most: int,
) -> None:
    content = workbook_with(row("<c><v>7</v></c><c><v>8</v></c>"))
    assert cells_of(table_in(content)) == [("7", "8")]
    monkeypatch.setattr(worksheet, limit, most)
    with pytest.raises(UnreadableFileError, match=r"no export|than any export"):
        table_in(content)


TEXTS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")),
    min_size=1,
    max_size=6,
).filter(lambda text: text.strip(" \t\u00a0") and not text.startswith("="))


@given(
    rows=st.lists(
        st.tuples(TEXTS, st.none() | TEXTS, st.none() | st.integers(0, 10**15)),
        max_size=12,
    ),
    flushed=st.integers(1, 5),
)
@settings(max_examples=60, deadline=None)
def test_rows_written_by_another_program_read_back(
    table_in: Read,
    workbook_of: Write,
    rows: list[tuple[str, str | None, int | None]],
    flushed: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worksheet, "FLUSHED_ROWS", flushed)
        header = ["Name", "Note", "Used"]
        table = table_in(workbook_of({"S": [header, *rows, ["end", "end", 1]]}))
    expected = [tuple("" if c is None else str(c) for c in cells) for cells in rows]
    assert cells_of(table) == [*expected, ("end", "end", "1")]
