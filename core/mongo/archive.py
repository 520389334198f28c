"""Documents out of a mongodump archive.

Source: `mongodump --archive=FILE`, with or without `--gzip`.
Layout: magic number, header, prelude with one entry for each namespace, then blocks
of documents in any order of namespaces; each namespace ends with a checksum.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import bson

from core.errors import UnreadableFileError
from core.mongo.bsondata import AGAIN, DocumentReader, decoded
from core.mongo.checksum import crc64
from core.mongo.document import BSON_OPTIONS
from core.mongo.namespace import FieldSample, Name, Namespace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from core.errors import RowProblem
    from core.mongo.document import Document
    from core.mongo.place import Place

MAGIC: Final = b"\x6d\xe2\x99\x81"
"""First bytes of an archive. Source: mongo-tools."""

_TERMINATOR: Final = 0xFFFFFFFF
_CRC_MASK: Final = 2**64 - 1
_OPLOG: Final = Name("", "oplog")


class Archive:
    """An archive, read anew from its start for each question."""

    layout: Final = "mongodump archive"
    sha256: Final = ""

    def __init__(self, place: Place) -> None:
        self.file = place.name
        self._place = place

    def namespaces(self) -> list[Namespace]:
        """List the collections with counts, in order of name.

        A collection whose end is missing, or whose checksum differs, has a problem
        instead of a count. Views hold no documents and are left out.

        Raises:
            UnreadableFileError: The archive is damaged outside of its collections.
        """
        counts: Counter[Name] = Counter()
        samples: dict[Name, FieldSample] = {}
        problems: dict[Name, str] = {}
        with self._place.stream() as stream:
            scan = _Scan(stream, self.file)
            try:
                for name, raw in scan.documents(problems):
                    counts[name] += 1
                    samples.setdefault(name, FieldSample()).add(raw)
            except UnreadableFileError as error:
                if not scan.unfinished:
                    raise
                problems.update(dict.fromkeys(scan.unfinished, str(error)))
            for name in scan.unfinished:
                problems.setdefault(name, self._unended())
        return [
            Namespace(
                name,
                None if name in problems else counts[name],
                samples.get(name, FieldSample()).fields,
                problems.get(name, ""),
            )
            for name in sorted(scan.collections)
        ]

    def documents(
        self, name: Name, fields: Sequence[str] | None = None
    ) -> Iterator[Document | RowProblem]:
        """Read one collection, as raw_documents does."""
        del fields
        return decoded(self.raw_documents(name), self.file)

    def raw_documents(self, name: Name) -> Iterator[bytes]:
        """Read one collection up to its end mark, and check it.

        Raises:
            UnreadableFileError: The archive is cut or damaged before that, or the
                checksum differs, which is known only behind the last document.
        """
        with self._place.stream() as stream:
            scan = _Scan(stream, self.file)
            for found, raw in scan.documents(until=name):
                if found == name:
                    yield raw
            if name in scan.unfinished:
                raise UnreadableFileError(self.file, self._unended(name), AGAIN)
            if name not in scan.collections:
                raise UnreadableFileError(
                    self.file, f"holds no {name}", "Choose one of its collections"
                )

    def notes(self, name: Name) -> tuple[str, ...]:
        """Nothing of an archive needs a note."""
        del name
        return ()

    def close(self) -> None:
        """Nothing stays open."""

    def _unended(self, name: Name | None = None) -> str:
        what = f"{name} has no end mark" if name else "the collection has no end mark"
        return f"{what}: the archive is cut off"


class _Scan:
    """One pass through an archive."""

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self._file = file
        self._reader = DocumentReader(stream, file)
        if stream.read(4) != MAGIC:
            wrong = "is no mongodump archive"
            raise UnreadableFileError(file, wrong, "Choose the file mongodump wrote")
        self._reader.offset = 4
        self._header()
        self.collections: set[Name] = set()
        self.unfinished: set[Name] = set()
        self._views: set[Name] = set()
        self._crc: dict[Name, int] = {}
        for entry in iter(self._document, None):
            self._add_entry(self._fields(entry))

    def documents(
        self, problems: dict[Name, str] | None = None, until: Name | None = None
    ) -> Iterator[tuple[Name, bytes]]:
        """Give out every document with its namespace.

        A wrong checksum goes to problems when there are any, and else is raised.
        """
        while (length := self._reader.length()) is not None:
            if length == _TERMINATOR:
                raise self._reader.damaged("a block has no header")
            header = self._fields(self._reader.body(length))
            self._reader.count -= 1
            name = self._name(header)
            if header.get("EOF"):
                self._end(name, header, problems)
                if name == until:
                    return
            else:
                yield from self._block(name)

    def _block(self, name: Name) -> Iterator[tuple[Name, bytes]]:
        self.collections |= {name} - self._views
        self.unfinished.add(name)
        crc = self._crc.get(name, 0)
        for raw in iter(self._document, None):
            crc = crc64(raw, crc)
            yield name, raw
        self._crc[name] = crc

    def _end(
        self, name: Name, header: dict[str, Any], problems: dict[Name, str] | None
    ) -> None:
        if self._document() is not None:
            raise self._reader.damaged(f"{name} goes on behind its end mark")
        self.unfinished.discard(name)
        if self._crc.get(name, 0) == int(header.get("CRC", 0)) & _CRC_MASK:
            return
        wrong = f"the checksum of {name} differs: the archive is damaged"
        if problems is None:
            raise UnreadableFileError(self._file, wrong, AGAIN)
        problems[name] = wrong

    def _header(self) -> None:
        length = self._reader.length()
        if length is None:
            raise self._reader.cut()
        self._fields(self._reader.body(length))
        self._reader.count = 0

    def _add_entry(self, entry: dict[str, Any]) -> None:
        self._reader.count = 0
        kind, name = entry.get("type"), self._name(entry)
        if kind == "timeseries":
            name = Name(name.database, f"system.buckets.{name.collection}")
        self.unfinished.add(name)
        if kind == "view":
            self._views.add(name)
        elif name != _OPLOG:
            self.collections.add(name)

    def _document(self) -> bytes | None:
        """Read a document; None at a terminator."""
        length = self._reader.length()
        if length is None:
            raise self._reader.cut()
        return None if length == _TERMINATOR else self._reader.body(length)

    def _fields(self, raw: bytes) -> dict[str, Any]:
        try:
            return bson.decode(raw, BSON_OPTIONS)
        except bson.errors.BSONError as error:
            raise self._reader.damaged(f"a header is no BSON ({error})") from error

    def _name(self, header: dict[str, Any]) -> Name:
        database, collection = header.get("db"), header.get("collection")
        if not isinstance(database, str) or not isinstance(collection, str):
            raise self._reader.damaged("a header names no collection")
        return Name(database, collection)
