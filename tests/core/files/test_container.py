"""What an upload holds, told by its content."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from core.errors import UnreadableFileError
from core.files import container
from core.files.container import parts
from core.files.table import TextTable
from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., bytes]

CSV = b"Subuser,Date\nann,2024-01\n"
ROWS = [["Subuser", "Date"], ["ann", "2024-01"]]


@pytest.mark.parametrize(
    "content", [CSV, b"", gzip.compress(CSV, mtime=0), b"\x1f\x8bdamaged"]
)
def test_a_plain_file_is_its_own_part(content: bytes) -> None:
    upload = Upload("june.csv", content)
    (part,) = parts(upload)
    assert (part.name, part.content) == ("june.csv", upload)
    assert part.sha256 == part.original_sha256 == upload.sha256


@pytest.mark.parametrize("name", ["book.xlsx", "book.csv", "book"])
def test_sheets_are_tables_whatever_the_name_says(
    workbook_of: Build, name: str
) -> None:
    upload = Upload(name, workbook_of({"June": ROWS, "July": ROWS, "Old": ROWS},
                                      hidden=["Old"]))  # fmt: skip
    june, july = parts(upload)
    assert june.name == f"{name}, sheet 'June'"
    assert isinstance(june.content, TextTable)
    assert june.content.header == ("Subuser", "Date")
    assert june.warnings == ("Hidden sheets were not read: 'Old'.",)
    assert july.warnings == ()
    assert june.original_sha256 == july.original_sha256 == upload.sha256


def test_a_sheet_is_known_again_when_the_rest_of_the_workbook_changed(
    workbook_of: Build,
) -> None:
    def digests(*rows: list[list[str]]) -> list[str]:
        book = workbook_of({str(number): each for number, each in enumerate(rows)})
        return [part.sha256 for part in parts(Upload("book.xlsx", book))]

    other = [["Subuser", "Date"], ["an", "n2024-01"]]
    first, second = digests(ROWS, other)
    assert first != second
    assert digests(other, ROWS, [*ROWS, ["bob", "2024-01"]])[:2] == [second, first]


def test_files_of_a_zip_are_parts(zip_of: Build, workbook_of: Build) -> None:
    book = workbook_of({"June": ROWS})
    files = {
        "__MACOSX/._a.csv": b"x",
        "b/.DS_Store": b"x",
        "a.csv": CSV,
        "b/c.csv.gz": gzip.compress(CSV, mtime=0),
        "book.xlsx": book,
        "in.zip": zip_of({"a.csv": CSV}),
        "cut.xlsx": book[:300],
    }
    upload = Upload("all.zip", zip_of(files))
    found = {part.name: part for part in parts(upload)}
    assert list(found) == [
        *("all.zip: a.csv", "all.zip: b/c.csv.gz", "all.zip: book.xlsx"),
        *("all.zip: in.zip", "all.zip: cut.xlsx"),
    ]
    assert found["all.zip: a.csv"].content == Upload("all.zip: a.csv", CSV)
    assert isinstance(found["all.zip: book.xlsx"].content, TextTable)
    assert "is a zip inside a zip" in str(found["all.zip: in.zip"].content)
    assert "is a zip that is cut off" in str(found["all.zip: cut.xlsx"].content)
    assert {part.original_sha256 for part in found.values()} == {upload.sha256}
    assert found["all.zip: a.csv"].sha256 == Upload("", CSV).sha256


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_zip_with_one_workbook_is_no_workbook(
    zip_of: Build, workbook_of: Build, is_packed: bool
) -> None:
    content = zip_of({"b.xlsx": workbook_of({"June": ROWS})}, is_packed=is_packed)
    (part,) = parts(Upload("all.zip", content))
    assert part.name == "all.zip: b.xlsx"


def test_packing_around_a_zip_or_workbook_is_undone(
    zip_of: Build, workbook_of: Build
) -> None:
    for content in (zip_of({"a.csv": CSV}), workbook_of({"June": ROWS})):
        upload = Upload("a.gz", gzip.compress(content, mtime=0))
        (part,) = parts(upload)
        assert part.original_sha256 == upload.sha256 != part.sha256


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "is a zip without files"),
        ({"__MACOSX/a": b""}, "is a zip without files"),
        ({f"{number}.csv": CSV for number in range(201)}, "holds 201 files, more than"),
        ({"xl/workbook.bin": b""}, "is a binary Excel workbook (.xlsb)"),
        ({"word/document.xml": b""}, "is a Word document"),
        ({"META-INF/manifest.xml": b""}, "is an OpenDocument file of another kind"),
        ({"shop/customers.bson": b""}, "is a packed dump or backup of MongoDB"),
        ({"WiredTiger.wt": b""}, "is a packed dump or backup of MongoDB"),
    ],
)
def test_a_zip_of_no_exports_is_told(
    zip_of: Build, files: dict[str, bytes], told: str
) -> None:
    with pytest.raises(UnreadableFileError) as error:
        parts(Upload("all.zip", zip_of(files)))
    assert f"all.zip: {told}" in str(error.value)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18)])
def test_a_zip_that_is_cut_or_empty_is_told(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=r"all\.zip: is a zip"):
        parts(Upload("all.zip", content))


def test_a_member_with_a_password_is_told_beside_the_others(zip_of: Build) -> None:
    content = bytearray(zip_of({"a.csv": CSV, "b.csv": CSV}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    locked, free = parts(Upload("all.zip", bytes(content)))
    assert "is protected by a password ('a.csv')" in str(locked.content)
    assert isinstance(free.content, Upload)


def test_most_files_of_a_zip_is_a_limit(
    zip_of: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = zip_of({"a.csv": CSV, "b.csv": CSV})
    assert len(parts(Upload("all.zip", content))) == 2
    monkeypatch.setattr(container, "MAX_FILES", 1)
    with pytest.raises(UnreadableFileError, match="holds 2 files, more than 1"):
        parts(Upload("all.zip", content))
