"""BSON documents back to back, as mongodump writes them.

Source: mongodump, `<database>/<collection>.bson`; the blocks of an archive.
Grain: one document, as its raw bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

import bson
from bson.errors import BSONError

from core.errors import RowProblem, UnreadableFileError
from core.files.magic import MAX_BSON_BYTES
from core.mongo.document import BSON_OPTIONS, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MIN_BSON_BYTES: Final = 5
"""An empty document: its length and the closing zero."""

AGAIN: Final = "Dump or copy it again"
"""What to do with a file that is cut or damaged."""

_UNDECODABLE: Final = (BSONError, ValueError, TypeError, LookupError, ArithmeticError)
"""What the BSON library raises for bytes that are no document."""


class DocumentReader:
    """Takes raw documents from a stream and knows where it is."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self.offset = 0
        self.count = 0

    def length(self) -> int | None:
        """Read the four bytes that open a document; None at the end of the stream."""
        opening = self._stream.read(4)
        if not opening:
            return None
        if len(opening) < 4:
            raise self.cut()
        self.offset += 4
        return int.from_bytes(opening, "little")

    def body(self, length: int) -> bytes:
        """Read the rest of a document of this length and return it whole.

        Raises:
            UnreadableFileError: The stream ends within it, or it is no document.
        """
        if not MIN_BSON_BYTES <= length <= MAX_BSON_BYTES:
            raise self.damaged(f"{length} is no length of a document")
        rest = self._stream.read(length - 4)
        if len(rest) < length - 4:
            raise self.cut()
        if rest[-1]:
            raise self.damaged("a document does not end with a zero byte")
        self.offset += length - 4
        self.count += 1
        return length.to_bytes(4, "little") + rest

    def cut(self) -> UnreadableFileError:
        """Say that the stream ends too early."""
        wrong = f"is cut off after byte {self.offset}, {self._before()}"
        return UnreadableFileError(self._name, wrong, AGAIN)

    def damaged(self, what: str) -> UnreadableFileError:
        """Say what is wrong at this place."""
        wrong = f"is damaged near byte {self.offset}: {what}, {self._before()}"
        return UnreadableFileError(self._name, wrong, AGAIN)

    def _before(self) -> str:
        return f"{self.count} documents before it were whole"


def raw_documents(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Split a stream of documents.

    Raises:
        UnreadableFileError: It is cut within a document, or damaged. A stream that
            is cut between two documents cannot be told from a whole one.
    """
    reader = DocumentReader(stream, name)
    while (length := reader.length()) is not None:
        yield reader.body(length)


def decoded(raws: Iterable[bytes], file: str) -> Iterator[Document | RowProblem]:
    """Decode raw documents; what cannot be decoded is refused alone."""
    for number, raw in enumerate(raws, start=1):
        try:
            fields = bson.decode(raw, BSON_OPTIONS)
        except _UNDECODABLE as error:
            start = raw[:40].hex(" ")
            yield RowProblem(file, number, "", start, f"not BSON: {error}")
        else:
            yield Document(number, fields, raw)
