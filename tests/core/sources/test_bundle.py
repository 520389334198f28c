"""Readings of the parts of an upload."""

from __future__ import annotations

import gzip
import io
import zipfile

import openpyxl
import pytest

from core import job
from core.files.upload import Upload
from core.models import Kind

HEADER = ["Subuser", "Date", "Bandwidth Usage (GB)"]
ROWS = [
    ["ann", "2024-01", "1.5"],
    ["802838", "2024-02", "0.000000977"],
    ["bob, ltd", "2024-02", "1234.25"],
    ["zoé", "2024-03", "0"],
]
PAYMENTS = (
    b"id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Status\n"
    b"ch_1,2024-01-02 03:04:05,10.00,0.00,usd,true,0.59,Paid\n"
)
CUSTOMERS = b'[{"email": "ann@example.com", "oxyUsername": "ann"}]'


def csv_of(rows: list[list[str]], mark: str = ",") -> bytes:
    lines = [mark.join(f'"{c}"' for c in row) for row in [HEADER, *rows]]
    return "\r\n".join(lines).encode()


def xlsx_of(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zip_of(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def typed(rows: list[list[str]]) -> list[list[object]]:
    """Turn the cells that a spreadsheet would take for numbers into numbers."""
    return [
        [int(name) if name.isdigit() else name, month, float(usage)]
        for name, month, usage in rows
    ]


GERMAN = [[name, month, usage.replace(".", ",")] for name, month, usage in ROWS]
WRITINGS = {
    "semicolons": csv_of(GERMAN, ";"),
    "tabs": csv_of(ROWS, "\t"),
    "UTF-16": csv_of(ROWS).decode().encode("utf-16"),
    "gzip": gzip.compress(csv_of(ROWS)),
    "zip": zip_of(a=csv_of(ROWS)),
    "workbook": xlsx_of(June=[HEADER, *typed(ROWS)]),
    "workbook of texts": xlsx_of(June=[["Usage"], [], HEADER, *ROWS]),
    "workbook in a zip": zip_of(a=xlsx_of(June=[HEADER, *typed(ROWS)])),
    "cells with units": xlsx_of(
        June=[HEADER, *([n, m, f"{u} GB"] for n, m, u in ROWS)]
    ),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_same_usage_in_any_writing_gives_the_same_rows(writing: str) -> None:
    plain = job.read(Upload("june.csv", csv_of(ROWS)))
    (reading,) = job.read_all(Upload("any", WRITINGS[writing]))
    assert reading.problems == plain.problems == ()
    rows, expected = (each.rows.drop_columns("line") for each in (reading, plain))
    assert rows.equals(expected)
    assert reading.unit == plain.unit


def test_each_sheet_is_a_reading_and_others_are_named() -> None:
    content = xlsx_of(
        Notes=[["Order", "Colour"], ["x", "y"]],
        June=[HEADER, *typed(ROWS[:1])],
        July=[HEADER, *typed(ROWS[1:2]), ["", "2024-07", 1]],
    )
    upload = Upload("book.xlsx", content)
    june, july = job.read_all(upload)
    assert [june.file, july.file] == [
        "book.xlsx, sheet 'June'",
        "book.xlsx, sheet 'July'",
    ]
    assert june.original_sha256 == july.original_sha256 == upload.sha256
    assert len({june.sha256, july.sha256, upload.sha256}) == 3
    assert june.warnings[0] == (
        "book.xlsx, sheet 'Notes' is not recognised and not loaded. "
        "Columns: 'Order', 'Colour'."
    )
    assert [(p.file, p.line) for p in july.problems] == [(july.file, 3)]


def test_a_zip_may_hold_every_kind_and_tells_of_what_fails() -> None:
    content = zip_of(
        **{
            "usage.csv": csv_of(ROWS),
            "customers.json": CUSTOMERS,
            "payments.csv": PAYMENTS,
            "logo.png": b"\x89PNG\r\n\x1a\n\0\0",
            "limits.csv": b"Subuser,Traffic limit\nann,5\n",
        }
    )
    intake = job.take([Upload("all.zip", content)])
    kinds = [reading.kind for reading in intake.readings]
    assert kinds == [Kind.USAGE, Kind.CUSTOMERS, Kind.STRIPE_PAYMENTS]
    (refusal,) = intake.refusals
    assert refusal.file == "all.zip: logo.png"
    assert "is a PNG picture" in refusal.message
    assert "all.zip: limits.csv: this is a list of limits" in (
        " ".join(intake.readings[0].warnings)
    )


def test_parts_of_no_known_kind_are_told_with_their_columns() -> None:
    content = xlsx_of(One=[["Order", "Colour"], ["x", "y"]], Two=[["A", "B"], [1, 2]])
    (refusal,) = job.take([Upload("book.xlsx", content)]).refusals
    assert refusal.file == "book.xlsx"
    assert refusal.message.startswith(
        "book.xlsx: not recognised. Columns found: \"sheet 'One': Order, Colour\", "
        "\"sheet 'Two': A, B\". Known kinds: "
    )


def test_a_file_that_fails_stops_no_other() -> None:
    uploads = [Upload("a.zip", b"PK\x03\x04"), Upload("b.csv", csv_of(ROWS))]
    intake = job.take(uploads)
    assert [refusal.file for refusal in intake.refusals] == ["a.zip"]
    assert [reading.file for reading in intake.readings] == ["b.csv"]
    assert intake.readings[0].original_sha256 == ""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16-le"),
            "a workbook with a password, whatever its name says. Save it without",
        ),
    ],
)
def test_workbooks_that_cannot_be_read_are_told(content: bytes, told: str) -> None:
    (refusal,) = job.take([Upload("book.xlsx", content)]).refusals
    assert f"book.xlsx: is {told}" in refusal.message


def test_errors_of_a_spreadsheet_are_refused_wherever_they_stand() -> None:
    rows = [["#N/A", "2024-01", "1"], ["ann", "#REF!", "1"], ["ann", "2024-01", "#N/A"]]
    (reading,) = job.read_all(Upload("a.xlsx", xlsx_of(June=[HEADER, *ROWS, *rows])))
    assert len(reading.rows) == len(ROWS)
    assert [(problem.line, problem.column) for problem in reading.problems] == [
        (6, "Subuser"),
        (7, "Date"),
        (8, "Bandwidth Usage (GB)"),
    ]


def test_what_a_spreadsheet_did_to_names_is_a_warning() -> None:
    rows: list[list[object]] = [["ann", "2024-01", 1], ["bob", "2024-01", 1]]
    content = xlsx_of(June=[HEADER, *rows, [646000000000, "2024-01", 2]])
    (reading,) = job.read_all(Upload("book.xlsx", content))
    assert reading.warnings[0].startswith("Column 'Subuser': 1 cells hold a number")
