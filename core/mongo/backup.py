"""Customers out of a data folder of a MongoDB server, or one file of it.

Source: a dbPath, a backup of it as a folder or packed, a `collection-*.wt` file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bson
from bson.errors import BSONError

from core.errors import SourceError, UnreadableFileError
from core.mongo import oplog
from core.mongo.bsondata import decoded
from core.mongo.document import BSON_OPTIONS
from core.mongo.element import elements
from core.mongo.namespace import SERVER_DATABASES, FieldSample, Name, Namespace
from core.mongo.wiredtiger import lone
from core.mongo.wiredtiger.failures import DamagedFileError
from core.mongo.wiredtiger.home import Freshness, Home
from core.mongo.wiredtiger.packing import pack
from core.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.errors import RowProblem
    from core.mongo.document import Document
    from core.mongo.place import Place
    from core.mongo.wiredtiger.home import HomeFiles

OPLOG: Final = Name("local", "oplog.rs")
TRUNCATION: Final = Name("local", "replset.oplogTruncateAfterPoint")
VERSIONS: Final = Name("admin", "system.version")
STARTUPS: Final = Name("local", "startup_log")
"""The server's own collections that tell how fresh the others are."""

MAX_COUNTED_BYTES: Final = 2 * 1024**3
"""Collections of a packed folder above this size are listed without a count."""

_MAX_TIMESTAMP: Final = 2**64 - 1


class Backup:
    """A data folder, read in place; nothing is written to it.

    Raises:
        SourceError: The folder lacks what is needed to read it.
    """

    layout: Final = "data folder of MongoDB"
    sha256: Final = ""

    def __init__(self, files: HomeFiles) -> None:
        self.file = files.name
        self.files = files
        self._home = Home(files)
        self._idents = {c.name: c.ident for c in self._home.collections}
        self._fresh: dict[Name, Freshness] = {}
        self._changes: dict[Name, oplog.Changes] = {}
        self._replay: oplog.Replay | None = None
        self._lost = ""

    def namespaces(self) -> list[Namespace]:
        """List the collections but the server's own, in order of name.

        One that cannot be read has a problem instead of a count.
        """
        names = [
            name
            for name in self._replayed().names(self._idents)
            if name.database not in SERVER_DATABASES
        ]
        small = [name for name in names if self._size(name) <= MAX_COUNTED_BYTES]
        self.files.fetch(self._file_names(small))
        return [
            self._counted(name) if name in small else Namespace(name, None)
            for name in names
        ]

    def documents(
        self, name: Name, fields: Sequence[str] | None = None
    ) -> Iterator[Document | RowProblem]:
        """Read one collection.

        Raises:
            SourceError: It is missing, damaged, encrypted or of an unknown form.
        """
        del fields
        return decoded(self.raw_documents(name), self.file)

    def raw_documents(self, name: Name) -> Iterator[bytes]:
        """Read one collection as raw documents, as they were last written."""
        changes = self._replayed().changes(name)
        if changes is None or (changes.base == name and name not in self._idents):
            raise SourceError(f"{self.file}: has no collection {name}.")
        self._changes[name] = changes
        self._fresh[name] = Freshness()
        checkpoint = self._checkpoint(changes.base, self._fresh[name])
        try:
            yield from changes.documents(checkpoint)
        except ValueError as error:
            wrong = f"{name} holds what is no document ({error})"
            raise DamagedFileError(self.file, wrong) from error

    def notes(self, name: Name) -> tuple[str, ...]:
        """Tell how fresh a collection is, once it has been read."""
        notes = [*self._server_notes(), *self._home.journal.warnings]
        fresh = self._fresh.get(name, Freshness())
        stable = self._home.stable_timestamp
        if self._home.is_unclean and not self._home.journal:
            notes.append(
                "The server was running or was killed when the files were copied, and "
                "there is no journal: up to 60 seconds of last writes may be missing."
            )
        if fresh.applied:
            notes.append(f"{fresh.applied:,} operations of the journal were applied.")
        if fresh.truncates:
            notes.append(
                f"{fresh.truncates:,} journal operations that remove ranges of "
                "documents were not applied: some documents may be deleted ones."
            )
        if 0 < stable < fresh.newest_timestamp < _MAX_TIMESTAMP:
            notes.append(
                "Some documents are newer than what a majority of the replica set had."
            )
        return (*notes, *self._oplog_notes(name))

    def close(self) -> None:
        """Delete what was unpacked, if anything was."""
        self.files.close()

    @property
    def feature_version(self) -> str:
        """Feature compatibility version, like `7.0`; empty where it is not told."""
        for entry in self._server_documents(VERSIONS):
            if entry.get("_id") == "featureCompatibilityVersion":
                return str(entry.get("version"))
        return ""

    @property
    def has_oplog(self) -> bool:
        """Tell whether the folder is that of a member of a replica set."""
        return OPLOG in self._idents

    def _oplog_notes(self, name: Name) -> Iterator[str]:
        if self._lost:
            yield (
                "What the replica set wrote after its last checkpoint is missing, its "
                f"log cannot be read: {self._lost}"
            )
        changes = self._changes.get(name)
        if changes is None:
            return
        if told := oplog.told(changes.applied):
            yield f"Newer operations of the replica set were applied: {told}."
        if told := oplog.told(changes.not_applied):
            yield (
                f"Newer operations of the replica set were not applied: {told}. "
                "Dump the collection with mongodump to have them."
            )

    def _server_notes(self) -> Iterator[str]:
        started = [entry.get("buildinfo") for entry in self._server_documents(STARTUPS)]
        versions = [str(b.get("version")) for b in started if isinstance(b, dict)]
        for entry in self._server_documents(VERSIONS):
            if entry.get("_id") == "featureCompatibilityVersion":
                by = f"MongoDB {versions[-1]}" if versions else "a server of MongoDB"
                yield f"Written by {by}, with features of {entry.get('version')}."

    def _server_documents(self, name: Name) -> list[dict[str, Any]]:
        """Read a small collection of the server; nothing when it cannot be read."""
        if name not in self._idents:
            return []
        try:
            rows = list(self._home.rows(self._idents[name]))
            return [bson.decode(raw, BSON_OPTIONS) for raw in rows]
        except (SourceError, BSONError):
            return []

    def _replayed(self) -> oplog.Replay:
        """Sort what came after the checkpoint by collection, once."""
        if self._replay is None:
            wanted = [VERSIONS, STARTUPS]
            if self._home.stable_timestamp:
                wanted += [OPLOG, TRUNCATION]
            self.files.fetch(self._file_names(wanted))
            try:
                self._replay = oplog.Replay(self._newer_entries())
            except SourceError as error:
                self._replay, self._lost = oplog.Replay([]), str(error)
            except oplog.NO_OPERATION as error:
                self._replay = oplog.Replay([])
                self._lost = f"{OPLOG} holds what is no operation ({error})."
        return self._replay

    def _newer_entries(self) -> Iterator[bytes]:
        stable = self._home.stable_timestamp
        if not stable or OPLOG not in self._idents:
            return
        until = self._truncation()
        for raw in self._home.rows(self._idents[OPLOG], from_key=pack(stable)):
            if oplog.is_newer(raw, stable, until):
                yield raw

    def _truncation(self) -> int:
        """Return the point behind which the server drops entries at its next start."""
        if TRUNCATION not in self._idents:
            return 0
        points = [
            oplog.timestamp(elements(raw).get(b"oplogTruncateAfterPoint", b""))
            for raw in self._home.rows(self._idents[TRUNCATION])
        ]
        return max(points, default=0)

    def _checkpoint(self, base: Name | None, fresh: Freshness) -> Iterator[bytes]:
        if base is not None and base in self._idents:
            yield from self._home.rows(self._idents[base], fresh)

    def _counted(self, name: Name) -> Namespace:
        count, sample = 0, FieldSample()
        try:
            for raw in self.raw_documents(name):
                count += 1
                sample.add(raw)
        except SourceError as error:
            return Namespace(name, None, sample.fields, str(error))
        return Namespace(name, count, sample.fields)

    def _size(self, name: Name) -> int:
        return max(
            (self.files.size(file) for file in self._file_names([name])), default=0
        )

    def _file_names(self, names: list[Name]) -> list[str]:
        changes = [self._replay.changes(n) if self._replay else None for n in names]
        bases = [c.base if c else name for c, name in zip(changes, names, strict=True)]
        return [f"{self._idents[base]}.wt" for base in bases if base in self._idents]


class LoneTable:
    """One collection file without the folder it belongs to."""

    layout: Final = "one file of a data folder of MongoDB"
    sha256: Final = ""

    def __init__(self, place: Place) -> None:
        self.file = place.name
        self._name = Name("", place.name.removesuffix(".wt"))
        self._unpacked: Scratch | None = None
        self._path = self._on_disk(place)

    def namespaces(self) -> list[Namespace]:
        """List the one collection; its name is that of the file."""
        count, sample = 0, FieldSample()
        for raw in self.raw_documents(self._name):
            count += 1
            sample.add(raw)
        return [Namespace(self._name, count, sample.fields)]

    def documents(
        self, name: Name, fields: Sequence[str] | None = None
    ) -> Iterator[Document | RowProblem]:
        """Read the collection.

        Raises:
            SourceError: The file is damaged or of an unknown form.
        """
        del fields
        return decoded(self.raw_documents(name), self.file)

    def raw_documents(self, name: Name) -> Iterator[bytes]:
        """Read the collection as raw documents."""
        del name
        yield from lone.values(self._path, self.file)

    def notes(self, name: Name) -> tuple[str, ...]:
        """Tell what is not known without the folder."""
        del name
        return (lone.NOTE,)

    def close(self) -> None:
        """Delete the copy, if one was made."""
        if self._unpacked is not None:
            self._unpacked.cleanup()

    def _on_disk(self, place: Place) -> Path:
        if isinstance(place.source, Path):
            return place.source
        try:
            self._unpacked = Scratch()
            path = Path(self._unpacked.name) / "table.wt"
            path.write_bytes(place.source)
        except OSError as error:
            wrong = f"cannot be kept for reading: {error.strerror or error}"
            raise UnreadableFileError(self.file, wrong, "Make room") from error
        return path
