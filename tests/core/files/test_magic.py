"""Binary content recognised by its first bytes."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import bson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.files.magic import binary_kind


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def tarred() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"))
    return stream.getvalue()


def parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook (.xlsx)"),
        (zipped("usage.csv"), "a ZIP archive"),
        (
            b"PK\x03\x04"
            + b"\0" * 26
            + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "an OpenDocument spreadsheet (.ods)",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
        (parquet(), "a Parquet file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (tarred(), "a tar archive"),
        (b"\x6d\xe2\x99\x81\x10\0\0\0", "a mongodump archive"),
        (b"\x41\xd8\x01\0\x01\0\0\0", "a WiredTiger file of MongoDB"),
        (b"WiredTiger\nWiredTiger 11.2", "a WiredTiger file of MongoDB"),
        (bson.encode({"email": "ann@example.com"}), "a BSON dump of MongoDB"),
        (gzip.compress(b"a,b", mtime=0), "gzip inside gzip"),
    ],
)
def test_binary_kind_is_named(content: bytes, kind: str) -> None:
    found = binary_kind(content)
    assert found is not None
    assert found[0] == kind
    assert found[1][0].isupper()


@pytest.mark.parametrize(
    "content", [b"", b"a", b"Subuser,Date\n", b'[{"email": 1}]', b"\xef\xbb\xbfa,b"]
)
def test_text_is_not_taken_for_binary(content: bytes) -> None:
    assert binary_kind(content) is None
