"""Workbooks read in a process of their own, the hostile ones too."""

from __future__ import annotations

import resource
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import UnreadableFileError
from core.files import spreadsheet
from core.files.spreadsheet import read_workbook
from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., bytes]

ROWS = [["Subuser", "Date"], ["ann", "2024-01"]]
HEAD = '<row><c t="str"><v>Name</v></c><c t="str"><v>Used</v></c></row>'


def told(content: bytes) -> str:
    """Return why a workbook is refused."""
    with pytest.raises(UnreadableFileError) as error:
        read_workbook(Upload("book.xlsx", content))
    assert str(error.value).startswith("book.xlsx: ")
    return str(error.value)


def test_each_sheet_is_a_table(workbook_of: Write) -> None:
    june: list[list[Any]] = [
        ["Usage of June"],
        [],
        ["Subuser", "Date", "Used (GB)", "Active"],
        ["ann", datetime(2024, 6, 1), 1.5, True],
        ["802838", date(2024, 6, 2), 9.77e-07, False],
    ]
    content = workbook_of(
        {"June": june, "Empty": [], "Notes": [["x"]], "July": ROWS}, hidden=["Notes"]
    )
    book = read_workbook(Upload("book.xlsx", content))
    files = [table.file for table in book.tables]
    assert files == ["book.xlsx, sheet 'June'", "book.xlsx, sheet 'July'"]
    assert book.tables[0].header == ("Subuser", "Date", "Used (GB)", "Active")
    assert [list(row.values()) for row in book.tables[0].columns.to_pylist()] == [
        ["ann", "2024-06-01", "1.5", "TRUE"],
        ["802838", "2024-06-02", "0.000000977", "FALSE"],
    ]
    assert book.tables[0].lines.to_pylist() == [4, 5]
    assert book.warnings == ("Hidden sheets were not read: 'Notes'.",)


def test_the_only_sheet_goes_by_the_name_of_the_file(workbook_of: Write) -> None:
    book = read_workbook(Upload("book.xlsx", workbook_of({"June": ROWS, "Empty": []})))
    assert [table.file for table in book.tables] == ["book.xlsx"]


@pytest.mark.parametrize(
    ("sheets", "hidden", "message"),
    [
        ({"June": []}, [], "has no sheet with anything in it"),
        ({"June": [], "Old": ROWS}, ["Old"], "has cells on hidden sheets only: 'Old'"),
    ],
)
def test_a_workbook_with_nothing_to_show_is_told(
    workbook_of: Write, sheets: dict[str, Any], hidden: list[str], message: str
) -> None:
    assert message in told(workbook_of(sheets, hidden))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('<row><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v>'
         "</c></row>", "a value in column 16,384 of row 1,048,576"),
        (HEAD + f"<row>{' ' * 99_999}</row>" * 180, "more than 200 times its size"),
    ],
    ids=["sparse", "rows"],
)  # fmt: skip
def test_hostile_cells_are_refused(
    workbook_with: Write, data: str, message: str
) -> None:
    assert message in told(workbook_with(data))


def test_a_bomb_of_shared_texts_is_refused(workbook_with: Write) -> None:
    texts = f"<si><t>{'x' * 1000}</t></si>" * 30_000
    assert "more than 200 times its size" in told(workbook_with(HEAD, texts=texts))


def test_a_workbook_too_large_for_its_reader_is_refused(
    workbook_with: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_XML_BYTES", 2000)
    assert "unpacks to more than 0 MB" in told(workbook_with(HEAD + " " * 2000))


def test_billion_laughs_are_refused(workbook_with: Write) -> None:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">'
        for n in range(10)
    )
    texts = f"<!DOCTYPE s [{entities}]><sst><si><t>&l9;</t></si></sst>".encode()
    assert "declares a document type" in told(workbook_with(HEAD, texts=texts))


def test_one_long_text_in_many_cells_stays_within_limits(workbook_with: Write) -> None:
    texts = f"<si><t>{'x' * 30_000}</t></si>"
    data = HEAD + '<row><c t="s"><v>0</v></c></row>' * 9000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = told(workbook_with(data, texts=texts))
    assert "more cells or text than any export" in message
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 1024 * (1024 if sys.platform == "darwin" else 1)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os.abort()", "cannot be read: its reader ended with code -6"),
        ("raise RuntimeError", "cannot be read: its reader ended with code 1"),
        ("import time; time.sleep(60)", "takes more than 1 seconds to be read"),
    ],
    ids=["abort", "fault", "endless"],
)
def test_the_end_of_the_reader_is_told(
    workbook_of: Write, monkeypatch: pytest.MonkeyPatch, code: str, message: str
) -> None:
    monkeypatch.setattr(spreadsheet, "COMMAND", (sys.executable, "-c", code))
    monkeypatch.setattr(spreadsheet, "SECONDS", 1)
    assert message in told(workbook_of({"June": ROWS}))


def test_memory_of_the_reader_is_limited(
    workbook_of: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import sys; from core.files import workbookreader as w; "
        "w.MEMORY_BYTES = 300 * 1024**2; "
        "w.sheets = lambda *_: [bytearray(400 * 1024**2)]; sys.exit(w.main())"
    )
    monkeypatch.setattr(spreadsheet, "COMMAND", (sys.executable, "-P", "-c", code))
    if sys.platform == "darwin":
        pytest.skip("macOS limits no memory")
    assert "needs too much memory" in told(workbook_of({"June": ROWS}))


def test_a_cut_workbook_is_told(workbook_of: Write) -> None:
    content = workbook_of({"June": ROWS})
    assert "cut off or damaged" in told(content[: len(content) // 2])


def test_damage_inside_is_told(workbook_with: Write) -> None:
    assert "is damaged inside" in told(workbook_with(HEAD + "<row>"))
