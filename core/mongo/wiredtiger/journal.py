"""What a server wrote since its last checkpoint.

Source: `journal/WiredTigerLog.NNNNNNNNNN`. Grain: one operation on one record.
"""

from __future__ import annotations

import re
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from core.mongo.checksum import crc32c_around
from core.mongo.wiredtiger.compression import CompressionError, inflate_any
from core.mongo.wiredtiger.failures import DamagedFileError, EncryptedFileError
from core.mongo.wiredtiger.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

LOG_NAME: Final = re.compile(r"WiredTigerLog\.\d{10}")
"""Names of log files; the digits count them."""

PUT: Final = 4
REMOVE: Final = 5
TRUNCATE: Final = 6
MODIFY: Final = 10
"""Types of operations that change a record."""

Position = tuple[int, int]
"""Log file and offset of a record."""

_ALIGNMENT: Final = 128
_MAGIC: Final = 0x101064
_MAX_RECORD_BYTES: Final = 1024**3
_COMMIT: Final = 1
_COMPRESSED: Final = 1
_ENCRYPTED: Final = 2
_IGNORED_FILE: Final = 0x80000000
_HEADER: Final = Struct("<IIHxxI")
_CHANGE_COUNT: Final = Struct("<Q")
_CHANGE: Final = Struct("<QQQ")


class Operation(NamedTuple):
    """A change of one record.

    value is the new value of a PUT and the changed bytes of a MODIFY.
    """

    position: Position
    kind: int
    file_id: int
    key: bytes
    value: bytes


class Journal:
    """The log files of a home, read anew for each question."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = sorted(paths, key=lambda path: path.name)
        self.warnings: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self._paths)

    def operations(self, file_ids: Collection[int]) -> Iterator[Operation]:
        """Give out the operations on some files, oldest first.

        A damaged record in the last log file is its torn end: what was written there
        last is lost, as it is to the server. Whole records behind it are told.

        Raises:
            DamagedFileError: A log file is damaged before the end of the journal.
            EncryptedFileError: The journal is encrypted.
        """
        for path in self._paths:
            last = path == self._paths[-1]
            with path.open("rb") as stream:
                for position, body in self._records(stream, path, last=last):
                    try:
                        yield from _operations(position, body, file_ids)
                    except (ValueError, IndexError) as error:
                        wrong = f"the record at {position[1]} is damaged ({error})"
                        raise DamagedFileError(path.name, wrong) from error

    def _records(
        self, stream: BinaryIO, path: Path, *, last: bool
    ) -> Iterator[tuple[Position, bytes]]:
        opening = stream.read(_ALIGNMENT)
        if len(opening) < _ALIGNMENT:
            return
        if int.from_bytes(opening[16:20], "little") != _MAGIC:
            raise DamagedFileError(path.name, "is no log file of WiredTiger")
        number, offset = int(path.name[-10:]), _ALIGNMENT
        while (raw := _record(stream, offset)) is not None:
            if raw:
                yield (number, offset), _body(raw, path.name, offset)
                offset += -len(raw) // _ALIGNMENT * -_ALIGNMENT
                continue
            wrong = f"the record at {offset} has a wrong checksum"
            if not last:
                raise DamagedFileError(path.name, wrong)
            self._warn_of_lost(stream, path.name, offset)
            return

    def _warn_of_lost(self, stream: BinaryIO, name: str, offset: int) -> None:
        """Count the whole records behind a damaged one."""
        lost, size = 0, stream.seek(0, 2)
        for place in range(offset + _ALIGNMENT, size, _ALIGNMENT):
            if _may_begin(stream, place, size):
                lost += bool(_record(stream, place))
        behind = f", and {lost:,} whole records behind it" if lost else ""
        self.warnings[
            f"{name}: the record at {offset} is damaged. It{behind} could not be "
            "applied: the last writes before the stop are missing."
        ] = None


def _may_begin(stream: BinaryIO, offset: int, size: int) -> bool:
    """Tell cheaply whether a record can begin here: most places hold other bytes."""
    stream.seek(offset)
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return False
    length, _, flags, _ = _HEADER.unpack(header)
    return bool(length <= size - offset and flags <= _COMPRESSED | _ENCRYPTED)


def _record(stream: BinaryIO, offset: int) -> bytes | None:
    """Read a record; empty when it is damaged, None at the end of the log."""
    stream.seek(offset)
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size or not any(header[:4]):
        return None
    length, checksum, _, _ = _HEADER.unpack(header)
    if not _HEADER.size <= length <= _MAX_RECORD_BYTES:
        return b""
    raw = header + stream.read(length - _HEADER.size)
    whole = len(raw) == length and crc32c_around(raw, 4) == checksum
    return raw if whole else b""


def _body(raw: bytes, name: str, offset: int) -> bytes:
    _, _, flags, size = _HEADER.unpack_from(raw)
    if flags & _ENCRYPTED:
        raise EncryptedFileError(name)
    body = raw[_HEADER.size :]
    if not flags & _COMPRESSED:
        return body
    try:
        return inflate_any(body, size - _HEADER.size)
    except CompressionError as error:
        wrong = f"the record at {offset} cannot be unpacked ({error})"
        raise DamagedFileError(name, wrong) from error


def _operations(
    position: Position, body: bytes, file_ids: Collection[int]
) -> Iterator[Operation]:
    kind, at = unpack(body, 0)
    if kind != _COMMIT:
        return
    _, at = unpack(body, at)
    while at < len(body) and body[at]:
        kind, place = unpack(body, at)
        size, place = unpack(body, place)
        end = at + size
        if end > len(body) or end <= at:
            message = "an operation goes beyond its record"
            raise ValueError(message)
        if kind in (PUT, REMOVE, TRUNCATE, MODIFY):
            file_id, place = unpack(body, place)
            if not file_id & _IGNORED_FILE and file_id in file_ids:
                yield _operation(position, kind, file_id, body[place:end])
        at = end


def _operation(position: Position, kind: int, file_id: int, rest: bytes) -> Operation:
    if kind == REMOVE:
        return Operation(position, kind, file_id, rest, b"")
    if kind == TRUNCATE:
        return Operation(position, kind, file_id, b"", rest)
    length, at = unpack(rest, 0)
    if at + length > len(rest):
        message = "a key goes beyond its operation"
        raise ValueError(message)
    key, value = rest[at : at + length], rest[at + length :]
    return Operation(position, kind, file_id, key, value)


def modified(value: bytes, changes: bytes) -> bytes:
    """Apply the changes of a MODIFY to a value.

    Each change puts data in place of a number of bytes at an offset.

    Raises:
        ValueError: They are damaged.
    """
    if len(changes) < _CHANGE_COUNT.size:
        message = "changes without a count"
        raise ValueError(message)
    (count,) = _CHANGE_COUNT.unpack_from(changes)
    data_at = _CHANGE_COUNT.size + count * _CHANGE.size
    if data_at > len(changes):
        message = "fewer changes than counted"
        raise ValueError(message)
    result = bytearray(value)
    for place in range(_CHANGE_COUNT.size, data_at, _CHANGE.size):
        length, offset, replaced = _CHANGE.unpack_from(changes, place)
        if data_at + length > len(changes) or offset > _MAX_RECORD_BYTES:
            message = "a change goes beyond its record"
            raise ValueError(message)
        result.extend(bytes(max(0, offset - len(result))))
        result[offset : offset + replaced] = changes[data_at : data_at + length]
        data_at += length
    return bytes(result)
