"""What an upload holds: itself, the sheets of a workbook, the files of a zip."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from core.errors import UnreadableFileError
from core.files.gzipped import unpacked
from core.files.magic import AS_CSV, CUSTOMER_STORE, EXPORT_AGAIN, GZIP, ONE_BY_ONE
from core.files.spreadsheet import is_workbook, read_workbook
from core.files.upload import Upload
from core.files.zipped import Zip, is_zip

if TYPE_CHECKING:
    from core.files.table import TextTable
    from core.files.zipped import Member

MAX_FILES: Final = 200
"""Most files in a zip that are read."""

STORE_FILES: Final = (".bson", ".bson.gz", ".wt")
"""How files of a dump or a backup of MongoDB are named."""

PACKED_KINDS: Final = {
    "xl/workbook.bin": ("a binary Excel workbook (.xlsb)", AS_CSV),
    "word/document.xml": ("a Word document", EXPORT_AGAIN),
    "ppt/presentation.xml": ("a PowerPoint presentation", EXPORT_AGAIN),
    "META-INF/manifest.xml": (
        "an OpenDocument file of another kind",
        EXPORT_AGAIN,
    ),
}
"""What a zip is that holds a file of this name, and what to do with it."""

_MAC_FOLDER: Final = "__MACOSX/"
_MAC_FILE: Final = ".DS_Store"


@dataclass(frozen=True)
class Part:
    """One thing to read in an upload.

    name is for messages: `book.xlsx, sheet 'June'`, `all.zip: june.csv`. content is
    the file inside, or the table of a sheet, or why it cannot be read. sha256 is the
    fingerprint of this part, empty without content; original_sha256 that of the
    upload. warnings are sentences for staff about what beside it is not read.
    """

    name: str
    content: Upload | TextTable | UnreadableFileError
    sha256: str
    original_sha256: str
    warnings: tuple[str, ...] = ()


def upload_name(part_name: str) -> str:
    """Return the name of the upload that a part with this name stood in."""
    return part_name.partition(": ")[0].partition(", sheet ")[0]


def parts(upload: Upload) -> tuple[Part, ...]:
    """Take an upload apart; a plain file is its own and only part.

    Workbooks and zips are told by their content, also when gzipped.

    Raises:
        UnreadableFileError: A workbook or zip is damaged, protected, empty, or beyond
            the limits.
    """
    inside = upload
    if upload.content.startswith(GZIP) and is_zip(_first_bytes(upload.content)):
        inside = Upload(upload.name, unpacked(upload.content, upload.name))
    if not is_zip(inside.content):
        return (Part(upload.name, upload, upload.sha256, upload.sha256),)
    packed = Zip(inside.content, upload.name)
    if is_workbook(packed):
        return _sheets(inside, upload.sha256)
    return _members(packed, upload)


def _first_bytes(content: bytes) -> bytes:
    """Unpack the first bytes of a gzip file; none when it is damaged."""
    try:
        return zlib.decompressobj(wbits=31).decompress(content[:4096], 8)
    except zlib.error:
        return b""


def _sheets(upload: Upload, original_sha256: str) -> tuple[Part, ...]:
    book = read_workbook(upload)
    return tuple(
        Part(
            name=table.file,
            content=table,
            sha256=fingerprint(table),
            original_sha256=original_sha256,
            warnings=() if number else book.warnings,
        )
        for number, table in enumerate(book.tables)
    )


def _members(packed: Zip, upload: Upload) -> tuple[Part, ...]:
    members = [member for member in packed.members if not _is_of_mac(member)]
    _check(members, upload.name)
    packed.check(members)
    found: list[Part] = []
    for member in members:
        name = f"{upload.name}: {member.name}"
        try:
            inside = Upload(name, packed.read(member))
            found += _member_parts(inside, upload.sha256)
        except UnreadableFileError as error:
            found.append(Part(name, error, "", upload.sha256))
    return tuple(found)


def _check(members: list[Member], file: str) -> None:
    """Refuse a zip that is no bundle of exports."""
    names = {member.info.filename for member in members}
    for inside, (kind, action) in PACKED_KINDS.items():
        if inside in names:
            raise UnreadableFileError(file, f"is {kind}", action)
    if any(name.endswith(STORE_FILES) for name in names):
        wrong = "is a packed dump or backup of MongoDB"
        raise UnreadableFileError(file, wrong, CUSTOMER_STORE)
    if not members:
        raise UnreadableFileError(file, "is a zip without files", "Pack it again")
    if len(members) > MAX_FILES:
        wrong = f"holds {len(members):,} files, more than {MAX_FILES}"
        raise UnreadableFileError(file, wrong, "Split it into smaller ones")


def _member_parts(inside: Upload, original_sha256: str) -> tuple[Part, ...]:
    if not is_zip(inside.content):
        return (Part(inside.name, inside, inside.sha256, original_sha256),)
    if not is_workbook(Zip(inside.content, inside.name)):
        raise UnreadableFileError(inside.name, "is a zip inside a zip", ONE_BY_ONE)
    return _sheets(inside, original_sha256)


def _is_of_mac(member: Member) -> bool:
    """Tell whether a file only tells macOS how to show the others."""
    name = member.info.filename
    return name.startswith(_MAC_FOLDER) or name.rpartition("/")[2] == _MAC_FILE


def fingerprint(table: TextTable) -> str:
    """Return a digest of what a table says, whatever file it came in."""
    problems = [(p.line, p.column, p.value, p.reason) for p in table.problems]
    digest = hashlib.sha256(json.dumps([table.header, problems]).encode())
    for number in range(table.columns.num_columns):
        cells = table.column(number)
        digest.update(pc.binary_length(cells).to_numpy().astype("<i4").tobytes())
        digest.update("".join(cells.to_pylist()).encode())
    return digest.hexdigest()
