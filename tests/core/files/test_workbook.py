"""Parts of a workbook, and damage to them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.files import workbook
from core.files.workbook import sheets
from core.files.zipped import Zip

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.table import TextTable

    Read = Callable[[bytes], TextTable]
    Build = Callable[..., bytes]

DATA = (
    '<row><c t="str"><v>Name</v></c><c t="s"><v>0</v></c></row>'
    '<row><c><v>7</v></c><c s="1"><v>1</v></c></row>'
)


def changed(
    content: bytes, part: str, old: str = "", new: str = "", *, name: str | None = None
) -> bytes:
    """Change the text or the name of one part of a package."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before:
        files = {each: before.read(each) for each in before.namelist()}
    assert old.encode() in files[part]
    files[part] = files[part].replace(old.encode(), new.encode())
    files = {
        (name if name is not None and each == part else each): text
        for each, text in files.items()
    }
    files.pop("", None)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after:
        for each, text in files.items():
            after.writestr(each, text)
    return stream.getvalue()


@pytest.fixture
def content(workbook_with: Build) -> bytes:
    """A workbook of one sheet that uses a shared text and a date."""
    return workbook_with(DATA, texts="<si><t>Day</t></si>", formats=["yyyy-mm-dd"])


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", "<sheets>", '<workbookPr date1904="0"/><sheets>'),
        ("xl/_rels/workbook.xml.rels", '"worksheets/', '"/xl/worksheets/'),
        ("xl/_rels/workbook.xml.rels", '"worksheets/', '"../xl/worksheets/'),
        ("xl/_rels/workbook.xml.rels", "worksheets/sheet1", "Worksheets\\Sheet1"),
        ("_rels/.rels", "2006/relationships/office", "purl/office"),
    ],
)
def test_parts_are_found_however_they_are_referred_to(
    table_in: Read, content: bytes, part: str, old: str, new: str
) -> None:
    table = table_in(changed(content, part, old, new))
    assert table.header == ("Name", "Day")
    assert table.columns.to_pylist() == [{"0": "7", "1": "1900-01-01"}]


def test_a_workbook_may_count_from_1904(table_in: Read, content: bytes) -> None:
    new = '<workbookPr date1904="1"/><sheets>'
    table = table_in(changed(content, "xl/workbook.xml", "<sheets>", new))
    assert table.columns.to_pylist() == [{"0": "7", "1": "1904-01-02"}]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("xl/worksheets/sheet1.xml", "a sheet that it lists is missing"),
        ("xl/sharedStrings.xml", "refers to a text that is missing"),
    ],
)
def test_a_missing_part_is_told(content: bytes, part: str, told: str) -> None:
    with pytest.raises(UnreadableFileError, match=told):
        list(sheets(changed(content, part, name=""), "book.xlsx"))


def test_sheets_that_are_charts_hold_no_cells(content: bytes) -> None:
    part = "xl/_rels/workbook.xml.rels"
    chart = changed(content, part, "/worksheet", "/chartsheet")
    assert list(sheets(chart, "book.xlsx")) == []


@pytest.mark.parametrize("limit", ["MAX_SHEETS", "MAX_TEXTS"])
def test_limits_are_held(
    content: bytes, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    assert len(list(sheets(content, "book.xlsx"))) == 1
    monkeypatch.setattr(workbook, limit, 0)
    with pytest.raises(UnreadableFileError, match=r"book\.xlsx: holds more than 0"):
        list(sheets(content, "book.xlsx"))


@given(place=st.integers(0, 10_000), damage=st.binary(min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_damage_to_the_package_is_told_or_read(
    workbook_of: Build, place: int, damage: bytes
) -> None:
    whole = workbook_of({"June": [["Subuser", "Date"], ["ann", "2024-01"]]})
    place %= len(whole)
    broken = whole[:place] + damage + whole[place + len(damage) :]
    try:
        list(sheets(broken, "book.xlsx"))
    except UnreadableFileError as error:
        assert str(error).startswith("book.xlsx: ")  # noqa: PT017


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_damage_to_a_part_is_told_or_read(
    table_in: Read, workbook_with: Build, data: st.DataObject
) -> None:
    content = workbook_with(DATA, texts="<si><t>Day</t></si>", formats=["yyyy-mm-dd"])
    names = [member.info.filename for member in Zip(content, "").members]
    part = data.draw(st.sampled_from(names))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        text = packed.read(part).decode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    new = data.draw(st.text(max_size=4))
    broken = changed(content, part, text, text[:start] + new + text[end:])
    try:
        table_in(broken)
    except UnreadableFileError as error:
        assert str(error).startswith("book.xlsx: ")  # noqa: PT017
    except StopIteration:
        assert not any(sheet.cells.lines for sheet in sheets(broken, "book.xlsx"))
