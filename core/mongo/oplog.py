"""What a replica set wrote after the checkpoint of its data files.

Source: `local.oplog.rs`. The collections of a member hold the state of its last
checkpoint; later inserts, updates and deletes are only in this log.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

from core.mongo import modifiers
from core.mongo.delta import changed
from core.mongo.element import elements, identity
from core.mongo.namespace import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WRITES: Final = {"i": "insert", "u": "update", "d": "delete"}
_HARMLESS: Final = frozenset(
    "createIndexes startIndexBuild commitIndexBuild abortIndexBuild dropIndexes "
    "deleteIndexes collMod dbCheck".split()
)
"""Commands that change no document. Source: MongoDB manual, database commands."""

NO_OPERATION: Final = (
    *(ValueError, LookupError, TypeError),
    *(AttributeError, ArithmeticError, BSONError),
)
"""What a document of the log raises that is no operation."""

_NO_TIME: Final = bson.Timestamp(0, 0)
_RETRYABLE_INSERTS: Final = 1
"""Type of an applyOps entry that is whole although it follows another."""

UNFIT: Final = "update not fitting its document"
"""What an update is called that cannot be applied to the document it names."""

_RAW: Final = bson.CodecOptions(document_class=RawBSONDocument)


@dataclass
class Changes:
    """What the log did to one collection.

    base is the collection of the checkpoint that it continues, None for one that is
    new. counts has the operations by kind; refused those not applied, because they or
    an earlier one are not understood; unfit the updates among counts that the last
    reading of the documents could not apply.
    """

    base: Name | None
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    by_identity: dict[object, list[tuple[str, bytes]]] = field(default_factory=dict)
    unfit: Counter[str] = field(default_factory=Counter)

    @property
    def applied(self) -> Counter[str]:
        """Return the operations applied, by kind."""
        return self.counts - Counter({_WRITES["u"]: self.unfit.total()})

    @property
    def not_applied(self) -> Counter[str]:
        """Return the operations not applied, by what they are."""
        return self.refused + self.unfit

    def documents(self, checkpoint: Iterable[bytes]) -> Iterator[bytes]:
        """Give out the documents of the checkpoint as they are after the changes.

        Documents that the checkpoint does not have come last, in order of insertion.
        What does not fit is counted in unfit, anew in each reading.
        """
        self.unfit.clear()
        if not self.by_identity:
            yield from checkpoint
            return
        left = dict(self.by_identity)
        for raw in checkpoint:
            operations = left.pop(identity(raw), None)
            after = self._after(raw, operations) if operations else raw
            if after is not None:
                yield after
        for operations in left.values():
            after = self._after(None, operations)
            if after is not None:
                yield after

    def add(self, kind: str, key: object, change: bytes) -> None:
        """Remember one write; not when an earlier one was not understood."""
        if self.refused:
            self.refused[_WRITES[kind]] += 1
            return
        self.counts[_WRITES[kind]] += 1
        operations = self.by_identity.setdefault(key, [])
        if kind != "u":
            operations.clear()
        operations.append((kind, change))

    def _after(
        self, raw: bytes | None, operations: list[tuple[str, bytes]]
    ) -> bytes | None:
        is_known = True
        for kind, change in operations:
            if kind == "d":
                raw, is_known = None, True
            elif kind == "i" or (raw is not None and not _is_partial(change)):
                raw, is_known = change, True
            elif not is_known:
                self.unfit[_WRITES[kind]] += 1
            elif raw is not None:
                after = _updated(raw, change)
                raw, is_known = after or raw, after is not None
                if not is_known:
                    self.unfit[UNFIT] += 1
        return raw


class Replay:
    """The entries of a log, sorted by collection."""

    def __init__(self, entries: Iterable[bytes]) -> None:
        self._changes: dict[Name, Changes | None] = {}
        self._dropped_databases: set[str] = set()
        for raw in entries:
            self._add(bson.decode(raw, _RAW))

    def changes(self, name: Name) -> Changes | None:
        """Return what the log did to a collection, None when it dropped it."""
        if name not in self._changes:
            gone = name.database in self._dropped_databases
            return None if gone else Changes(name)
        return self._changes[name]

    def names(self, checkpoint: Iterable[Name]) -> list[Name]:
        """List the collections there are after the log, in order of name."""
        known = {*checkpoint, *self._changes}
        return sorted(name for name in known if self.changes(name) is not None)

    def _add(self, entry: RawBSONDocument) -> None:
        kind = str(entry.get("op"))
        if kind == "n":
            return
        name = _name(str(entry.get("ns", "")))
        if kind == "c":
            self._add_command(name.database, entry)
        elif kind in _WRITES and _is_understood(kind, entry):
            document = entry["o"] if kind != "u" else entry["o2"]
            # A large inner document has a view of its bytes, not bytes.
            change = b"" if kind == "d" else bytes(entry["o"].raw)
            self._opened(name).add(kind, identity(bytes(document.raw)), change)
        else:
            self._refuse(name, _WRITES.get(kind, f"operation {kind!r}"))

    def _add_command(self, database: str, entry: RawBSONDocument) -> None:
        command = entry["o"]
        verb = next(iter(command), "")
        if verb == "applyOps":
            self._add_transaction(entry, command["applyOps"])
        elif verb == "create":
            self._changes[Name(database, str(command[verb]))] = Changes(None)
        elif verb == "drop":
            self._changes[Name(database, str(command[verb]))] = None
        elif verb == "renameCollection":
            old, new = _name(str(command[verb])), _name(str(command["to"]))
            self._changes[new] = self.changes(old)
            self._changes[old] = None
        elif verb == "dropDatabase":
            self._dropped_databases.add(database)
            gone = [name for name in self._changes if name.database == database]
            self._changes.update(dict.fromkeys(gone, None))
        elif verb not in _HARMLESS:
            self._refuse(_name(f"{database}.{command[verb]}"), f"command {verb}")

    def _add_transaction(
        self, entry: RawBSONDocument, operations: Iterable[RawBSONDocument]
    ) -> None:
        """Add operations that belong together; parts of a larger whole are refused."""
        for operation in operations:
            if _is_whole(entry):
                self._add(operation)
            else:
                what = "operation of a transaction over several entries"
                self._refuse(_name(str(operation.get("ns", ""))), what)

    def _opened(self, name: Name) -> Changes:
        changes = self.changes(name)
        if changes is None:
            changes = Changes(None)
        self._changes[name] = changes
        return changes

    def _refuse(self, name: Name, what: str) -> None:
        self._opened(name).refused[what] += 1


def _is_partial(change: bytes) -> bool:
    """Tell whether an update rests on the document as it was before."""
    return modifiers.is_modifier(change) or modifiers.VERSION in elements(change)


def _updated(raw: bytes, change: bytes) -> bytes | None:
    """Apply a partial update; None if it does not fit."""
    try:
        if modifiers.is_modifier(change):
            return modifiers.modified(raw, change)
        return changed(raw, elements(change)[b"diff"][1:])
    except ValueError:
        return None


def is_newer(raw: bytes, since: int, until: int = 0) -> bool:
    """Tell whether an entry came after a point, and not behind another.

    Args:
        raw: An entry of the log.
        since: Timestamp of the checkpoint (exclusive).
        until: Timestamp of the last entry that counts; 0 when all do.
    """
    at = timestamp(elements(raw).get(b"ts", b""))
    return at > since and (not until or at <= until)


def timestamp(value: bytes) -> int:
    """Return a BSON timestamp as one number, seconds before increment; 0 for others."""
    return int.from_bytes(value[1:9], "little") if value[:1] == b"\x11" else 0


def told(counts: Counter[str]) -> str:
    """Write counted operations: `3 deletes, 5 inserts`."""
    return ", ".join(
        f"{count:,} {what}" if count == 1 else f"{count:,} {_plural(what)}"
        for what, count in sorted(counts.items())
        if count > 0
    )


def _plural(what: str) -> str:
    noun, space, rest = what.partition(" ")
    return f"{noun}s{space}{rest}"


def _is_whole(entry: RawBSONDocument) -> bool:
    """Tell whether an applyOps entry holds all operations that belong together."""
    command = entry["o"]
    if command.get("partialTxn") or command.get("prepare"):
        return False
    before = entry.get("prevOpTime")
    is_first = before is None or not before.get("ts", _NO_TIME).time
    return is_first or entry.get("multiOpType") == _RETRYABLE_INSERTS


def _is_understood(kind: str, entry: RawBSONDocument) -> bool:
    if kind != "u":
        return isinstance(entry.get("o"), RawBSONDocument)
    change = entry.get("o")
    if not isinstance(change, RawBSONDocument) or "o2" not in entry:
        return False
    if change.get("$v") == 2:
        return "diff" in change
    is_replacement = not any(name.startswith("$") for name in change)
    return is_replacement or modifiers.is_modifier(bytes(change.raw))


def _name(full: str) -> Name:
    database, _, collection = full.partition(".")
    return Name(database, collection)
