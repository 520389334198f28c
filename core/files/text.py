"""Bytes of a file to text: packing and encoding."""

from __future__ import annotations

import codecs
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import UnreadableFileError
from core.files.gzipped import unpacked
from core.files.magic import GZIP, binary_kind

if TYPE_CHECKING:
    from core.files.upload import Upload

PROBE_BYTES: Final = 4096
"""How much of a file is looked at for the zero bytes of UTF-16."""

BEGIN_BYTES: Final = 1024**2
"""How much of a file its beginning is."""

SAVE_AS_UTF8: Final = "Save it as CSV UTF-8 or export it again"
"""What to do with text whose encoding cannot be told."""

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""First bytes that name an encoding; UTF-32 first, for it begins like UTF-16."""


@dataclass(frozen=True)
class Text:
    """Text of a file: content is UTF-8 without a byte order mark.

    encoding is the one the file had: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be,
    utf-32 or cp1252. cp1252 is what is left when nothing else fits.
    """

    content: bytes
    encoding: str


def beginning(content: bytes) -> bytes:
    """Return the first lines of a long text file, unpacked; a short one as it is."""
    if content.startswith(GZIP):
        try:
            content = zlib.decompressobj(wbits=31).decompress(content, BEGIN_BYTES)
        except zlib.error:
            return content
    if len(content) < BEGIN_BYTES:
        return content
    return content[: content.rfind(b"\n", 0, BEGIN_BYTES) + 1] or content


def text_bytes(upload: Upload) -> bytes:
    """Return the text of a file as UTF-8, see read_text."""
    return read_text(upload).content


def read_text(upload: Upload) -> Text:
    """Read the text of a file, unpacked and turned into UTF-8.

    Raises:
        UnreadableFileError: The file is empty, binary, cut, too large when
            unpacked, or in no encoding that can be told.
    """
    content = unpacked(upload.content, upload.name)
    if not content:
        raise UnreadableFileError(upload.name, "is empty", "Export it again")
    _refuse_binary(content, upload.name)
    text = _decoded(content, upload.name)
    if not text.content or text.content.isspace():
        raise UnreadableFileError(upload.name, "holds no text", "Export it again")
    if (position := text.content.find(b"\0")) >= 0:
        line = text.content.count(b"\n", 0, position) + 1
        wrong = f"holds a zero byte on line {line}: it is damaged or is no text"
        raise UnreadableFileError(upload.name, wrong, "Download or export it again")
    return text


def _refuse_binary(content: bytes, file: str) -> None:
    found = binary_kind(content)
    if found is not None:
        kind, action = found
        wrong = f"is {kind}, whatever its name says"
        raise UnreadableFileError(file, wrong, action)


def _decoded(content: bytes, file: str) -> Text:
    """Decode by byte order mark, zero bytes, UTF-8, Windows-1252, in this order."""
    named = _named_encoding(content)
    if named is None:
        return _utf8_or_cp1252(content, file)
    try:
        text = content.decode(named)
        return Text(text.encode().removeprefix(codecs.BOM_UTF8), named)
    except UnicodeError as error:
        wrong = f"begins like {named.upper()} text but is damaged ({error})"
        raise UnreadableFileError(file, wrong, "Download or export it again") from error


def _named_encoding(content: bytes) -> str | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding
    probe = content[:PROBE_BYTES]
    even, odd = probe[::2].count(0), probe[1::2].count(0)
    enough = len(probe) // 5
    if odd > enough and even <= odd // 10:
        return "utf-16-le"
    if even > enough and odd <= even // 10:
        return "utf-16-be"
    return None


def _utf8_or_cp1252(content: bytes, file: str) -> Text:
    try:
        if not content.isascii():
            content.decode()
        return Text(content, "utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if _is_mostly_utf8(content):
            wrong = f"is UTF-8 text that is damaged on line {line}"
            raise UnreadableFileError(file, wrong, SAVE_AS_UTF8) from error
        return Text(_from_cp1252(content, file), "cp1252")


def _is_mostly_utf8(content: bytes) -> bool:
    """Tell whether more characters beyond ASCII are good UTF-8 than are not."""
    text = content.decode(errors="replace")
    bad = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
    return beyond_ascii - bad > bad


def _from_cp1252(content: bytes, file: str) -> bytes:
    try:
        return content.decode("cp1252").encode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = f"is in no encoding that can be told (line {line})"
        raise UnreadableFileError(file, wrong, SAVE_AS_UTF8) from error
