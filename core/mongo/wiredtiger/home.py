"""A data folder of a MongoDB server.

Source: a dbPath, a copy of it, or a backup of it (`WiredTiger.backup`).
The metadata say where each table's checkpoint is; the catalog says which table holds
which collection; the journal says what came after the checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import bson

from core.errors import SourceError
from core.mongo.document import BSON_OPTIONS
from core.mongo.namespace import Name
from core.mongo.wiredtiger.blocks import BlockFile
from core.mongo.wiredtiger.btree import Table, root_address
from core.mongo.wiredtiger.config import log_position, parse, word
from core.mongo.wiredtiger.failures import DamagedFileError
from core.mongo.wiredtiger.journal import (
    MODIFY,
    PUT,
    REMOVE,
    Journal,
    Operation,
    modified,
)
from core.mongo.wiredtiger.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

METADATA: Final = "WiredTiger.wt"
CATALOG: Final = "_mdb_catalog"
TURTLES: Final = ("WiredTiger.turtle", "WiredTiger.turtle.set")
BACKUP: Final = "WiredTiger.backup"
LOCK: Final = "mongod.lock"
"""Files of a home that have fixed names; the catalog's file ends in .wt."""

METADATA_URI: Final = "file:WiredTiger.wt"
_METADATA_ID: Final = 0
_MAX_TEXT_BYTES: Final = 64 * 1024**2


class HomeFiles(Protocol):
    """Where the files of a home are."""

    name: str

    def find(self, name: str) -> Path | None:
        """Return the path of a file of the home; None when it is not there."""

    def logs(self) -> list[Path]:
        """Return the log files of the journal."""

    def size(self, name: str) -> int:
        """Tell how large a file is; 0 when it is not there."""

    def fetch(self, names: Iterable[str]) -> None:
        """Make files ready in one go."""

    def whole_bytes(self) -> int:
        """Tell how many bytes all files of the home have."""

    def copy(self, into: Path) -> Path:
        """Copy all files of the home to a new folder; return where they are."""

    def close(self) -> None:
        """Let go of what was made ready."""


@dataclass(frozen=True)
class Collection:
    """A collection of the catalog: its name, and the table that holds it."""

    name: Name
    ident: str


@dataclass
class Freshness:
    """What came of laying the journal over a table, known after it was read."""

    applied: int = 0
    truncates: int = 0
    newest_timestamp: int = 0


class Home:
    """Reads collections of a data folder in place: it writes and locks nothing.

    Raises:
        SourceError: The folder lacks what is needed to read it.
    """

    def __init__(self, files: HomeFiles) -> None:
        self.files = files
        self.journal = Journal(files.logs())
        self._backup = self._pairs(BACKUP)
        self._turtle = self._pairs(*TURTLES)
        self.metadata = self._backup or self._checkpointed_metadata()
        self.collections = tuple(self._catalog())

    @property
    def is_unclean(self) -> bool:
        """Tell whether the server was not stopped before the files were copied."""
        lock = self.files.find(LOCK)
        return lock is not None and lock.stat().st_size > 0

    @property
    def stable_timestamp(self) -> int:
        """The point that the checkpoint of a replica set member has; 0 when none.

        Raises:
            DamagedFileError: It is no number.
        """
        config = parse(self.metadata.get("system:checkpoint", ""))
        text = word(config, "checkpoint_timestamp", "0")
        try:
            return int(text, 16)
        except ValueError as error:
            wrong = f"the time of its checkpoint is no number: {text!r}"
            raise DamagedFileError(METADATA, wrong) from error

    def rows(
        self, ident: str, freshness: Freshness | None = None, from_key: bytes = b""
    ) -> Iterator[bytes]:
        """Give out the values of a table, in order of key, newer keys last.

        Args:
            ident: The table's name in the catalog.
            freshness: Filled while reading.
            from_key: Pages that end before this key are not read.

        Raises:
            SourceError: The table's file is missing, damaged or of an unknown form.
        """
        uri = f"file:{ident}.wt"
        config_text = self.metadata.get(uri)
        if config_text is None:
            raise DamagedFileError(f"{ident}.wt", "is not in the metadata")
        overlay = Overlay(f"{ident}.wt", self._operations(config_text))
        with self._open(ident, config_text) as file:
            table = Table(file, root_address(parse(config_text), file.name))
            for item in overlay.items(table.items(from_key)):
                yield item.value
        if freshness is not None:
            freshness.applied = overlay.applied
            freshness.truncates = overlay.truncates
            freshness.newest_timestamp = table.newest_timestamp

    def _open(self, ident: str, config_text: str) -> BlockFile:
        name = f"{ident}.wt"
        path = self.files.find(name)
        if path is None:
            raise SourceError(
                f"{self.files.name}: the file {name} is missing. Copy it from the "
                "backup; the other collections can be read without it."
            )
        config = parse(config_text)
        return BlockFile(path, name, word(config, "block_compressor") or "none")

    def _operations(self, config_text: str) -> Iterator[Operation]:
        """Give out what the journal has for a table since its own checkpoint."""
        file_id = word(parse(config_text), "id")
        if not file_id.isdigit():
            return
        since = log_position(config_text)
        for operation in self.journal.operations({int(file_id)}):
            if since is None or operation.position >= since:
                yield operation

    def _checkpointed_metadata(self) -> dict[str, str]:
        if not self._turtle:
            raise SourceError(
                f"{self.files.name}: has neither {TURTLES[0]} nor {BACKUP}, so where "
                "its data begin is not known. Copy the whole folder; or give one "
                "collection file alone, which is read without them."
            )
        config_text = self._turtle.get(METADATA_URI)
        if config_text is None:
            raise DamagedFileError(TURTLES[0], f"says nothing of {METADATA}")
        path = self.files.find(METADATA)
        if path is None:
            raise SourceError(
                f"{self.files.name}: the file {METADATA} is missing. Copy the whole "
                "folder; or give one collection file alone, which is read without it."
            )
        config = parse(config_text)
        found: dict[str, str] = {}
        compressor = word(config, "block_compressor") or "none"
        with BlockFile(path, METADATA, compressor) as file:
            for item in Table(file, root_address(config, METADATA)).items():
                found[_text(item.key)] = _text(item.value)
        self._replay_metadata(found, log_position(config_text) or (1, 0))
        return found

    def _replay_metadata(self, found: dict[str, str], since: tuple[int, int]) -> None:
        for operation in self.journal.operations({_METADATA_ID}):
            if operation.position < since:
                continue
            key = _text(operation.key)
            if operation.kind == PUT:
                found[key] = _text(operation.value)
            elif operation.kind == REMOVE:
                found.pop(key, None)
            elif operation.kind == MODIFY and key in found:
                found[key] = _modified_text(found[key], operation)

    def _catalog(self) -> Iterator[Collection]:
        if f"file:{CATALOG}.wt" not in self.metadata:
            raise SourceError(
                f"{self.files.name}: has no {CATALOG}.wt, so it is no data folder of "
                "MongoDB. Choose the folder that holds this file."
            )
        for value in self.rows(CATALOG):
            try:
                entry = bson.decode(value, BSON_OPTIONS)
            except bson.errors.BSONError as error:
                raise DamagedFileError(f"{CATALOG}.wt", f"no BSON ({error})") from error
            ident = entry.get("ident")
            about = entry.get("md")
            inner = about.get("ns") if isinstance(about, dict) else None
            full = entry.get("ns") or inner
            if isinstance(ident, str) and isinstance(full, str):
                database, _, collection = full.partition(".")
                yield Collection(Name(database, collection), ident)

    def _pairs(self, *names: str) -> dict[str, str]:
        """Read a text file in which keys and values alternate by line."""
        path = next(filter(None, map(self.files.find, names)), None)
        if path is None:
            return {}
        with path.open("rb") as stream:
            text = stream.read(_MAX_TEXT_BYTES).decode("utf-8", "replace")
        lines = text.split("\n")
        return dict(zip(lines[::2], lines[1::2], strict=False))


def _text(data: bytes) -> str:
    return data.rstrip(b"\0").decode("utf-8", "replace")


def _modified_text(text: str, operation: Operation) -> str:
    try:
        return _text(modified(text.encode() + b"\0", operation.value))
    except ValueError as error:
        wrong = f"a change at {operation.position[1]} of the journal does not fit"
        raise DamagedFileError(METADATA, wrong) from error
