"""Kinds of binary content, recognised by their first bytes."""

from __future__ import annotations

from typing import Final

GZIP: Final = b"\x1f\x8b"
"""First bytes of a gzip member. Source: RFC 1952."""

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of a zip file, and of an empty one. Source: PKWARE's APPNOTE."""

AS_CSV: Final = "Open it there and save it as CSV UTF-8"
"""What to do with a workbook of a spreadsheet."""

EXPORT_AGAIN: Final = "Choose the CSV or JSON file that was exported"
"""What to do with a file of a wrong kind."""

ONE_BY_ONE: Final = "Unpack it and add the files inside one by one"
"""What to do with a packed file."""

CUSTOMER_STORE: Final = "Add it as a customer source"
"""What to do with a file of a MongoDB server."""

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of old Office files, and of new ones with a password."""

PROTECTED: Final = "EncryptedPackage".encode("utf-16-le")
"""Part of an Office file that a password protects. Source: MS-OFFCRYPTO, 2.3.4.4."""

SIGNATURES: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture", EXPORT_AGAIN),
    (0, b"\xff\xd8\xff", "a JPEG picture", EXPORT_AGAIN),
    (0, b"GIF8", "a GIF picture", EXPORT_AGAIN),
    (8, b"WEBP", "a WebP picture", EXPORT_AGAIN),
    (0, b"%PDF-", "a PDF document", EXPORT_AGAIN),
    (0, b"PAR1", "a Parquet file", "Save it as CSV"),
    (0, b"SQLite format 3\x00", "an SQLite database", "Export the table as CSV"),
    (0, OLE, "an old Excel workbook (.xls)", AS_CSV),
    (0, b"\x6d\xe2\x99\x81", "a mongodump archive", CUSTOMER_STORE),
    (0, b"WiredTiger", "a WiredTiger file of MongoDB", CUSTOMER_STORE),
    (0, b"\x41\xd8\x01\x00", "a WiredTiger file of MongoDB", CUSTOMER_STORE),
    (257, b"ustar", "a tar archive", ONE_BY_ONE),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", ONE_BY_ONE),
    (0, b"Rar!\x1a\x07", "a RAR archive", ONE_BY_ONE),
    (0, b"BZh", "a bzip2 file", ONE_BY_ONE),
    (0, b"\xfd7zXZ\x00", "an XZ file", ONE_BY_ONE),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard file", ONE_BY_ONE),
    (0, GZIP, "gzip inside gzip", ONE_BY_ONE),
)
"""Offset, bytes found there, what it is, what to do. Source: the formats' own texts."""

MAX_BSON_BYTES: Final = 16 * 1024 * 1024 + 16 * 1024
"""Largest document that MongoDB stores or sends. Source: MongoDB limits."""


def binary_kind(content: bytes) -> tuple[str, str] | None:
    """Tell what binary content is and what to do with it; None if it may be text."""
    if content.startswith(OLE) and PROTECTED in content:
        return "a workbook with a password", "Save it without the password"
    for offset, signature, kind, action in SIGNATURES:
        if content.startswith(signature, offset):
            return kind, action
    if content.startswith(ZIP):
        return _zip_kind(content)
    if _is_bson(content):
        return "a BSON dump of MongoDB", CUSTOMER_STORE
    return None


def _zip_kind(content: bytes) -> tuple[str, str]:
    """Tell a workbook from another zip by the names that are written inside."""
    if b"xl/" in content and b"[Content_Types].xml" in content:
        return "an Excel workbook (.xlsx)", AS_CSV
    if b"application/vnd.oasis.opendocument.spreadsheet" in content[:200]:
        return "an OpenDocument spreadsheet (.ods)", AS_CSV
    return "a ZIP archive", ONE_BY_ONE


def _is_bson(content: bytes) -> bool:
    """Tell whether content begins with a BSON document: its length, type and end."""
    if len(content) < 5:
        return False
    size = int.from_bytes(content[:4], "little")
    fits = 5 <= size <= min(len(content), MAX_BSON_BYTES)
    return fits and content[size - 1] == 0 and content[4] <= 0x13
