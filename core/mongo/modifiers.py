"""Changes of a document as `$set` and `$unset`, which name fields by their paths.

A path is parted by dots; on a list a part of it is an index. What is set and is not
there comes last, what is beyond the end of a list is filled with nulls, and an entry
of a list that is unset becomes null: as the server's update operators do.
Source: the oplog of MongoDB 3.4 to 4.4 (`$v: 1`); MongoDB manual, update operators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.mongo.delta import MAX_LIST, UnknownChangeError
from core.mongo.element import ARRAY, DOCUMENT, NULL, elements, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

SET: Final = b"$set"
UNSET: Final = b"$unset"
VERSION: Final = b"$v"
"""Names in a change; the version is absent in MongoDB 3.4."""

MAX_STEPS: Final = 200
"""MongoDB nests documents no deeper. Source: MongoDB manual, limits."""

_EMPTY: Final = joined([])
_NEW: Final = bytes([DOCUMENT]) + _EMPTY


def is_modifier(change: bytes) -> bool:
    """Tell whether a change is of this form: fields to set or to unset, nothing else.

    Raises:
        ValueError: The bytes are no BSON.
    """
    parts = elements(change)
    version = parts.pop(VERSION, b"\x10\1")
    is_first = version[0] in (0x10, 0x12) and int.from_bytes(version[1:], "little") == 1
    kinds = {value[0] for value in parts.values()}
    return is_first and kinds == {DOCUMENT} and parts.keys() <= {SET, UNSET}


def modified(document: bytes, change: bytes) -> bytes:
    """Apply a change to a raw document.

    Raises:
        UnknownChangeError: A path leads through what is neither document nor list.
        ValueError: The bytes are no BSON.
    """
    parts = elements(change)
    whole = bytes([DOCUMENT]) + document
    for path, value in elements(parts.get(SET, _NEW)[1:]).items():
        whole = _set(whole, _steps(path), value)
    for path in elements(parts.get(UNSET, _NEW)[1:]):
        whole = _unset(whole, _steps(path))
    return whole[1:]


def _steps(path: bytes) -> list[bytes]:
    steps = path.split(b".")
    if len(steps) > MAX_STEPS:
        raise UnknownChangeError
    return steps


def _set(whole: bytes, steps: Sequence[bytes], value: bytes) -> bytes:
    """Return a document or a list with a value put at a path within it."""
    if whole[0] not in (DOCUMENT, ARRAY):
        raise UnknownChangeError
    fields, step = elements(whole[1:]), steps[0]
    if whole[0] == ARRAY:
        _fill(fields, step)
    if len(steps) > 1:
        value = _set(fields.get(step, _NEW), steps[1:], value)
    fields[step] = value
    return whole[:1] + joined(fields.items())


def _fill(entries: dict[bytes, bytes], index: bytes) -> None:
    """Put nulls behind the end of a list, up to an index."""
    if not index.isdigit() or (len(index) > 1 and index[:1] == b"0"):
        raise UnknownChangeError
    if int(index) > MAX_LIST:
        raise UnknownChangeError
    for number in range(len(entries), int(index)):
        entries[str(number).encode()] = NULL


def _unset(whole: bytes, steps: Sequence[bytes]) -> bytes:
    """Return a document or a list without what is at a path within it."""
    if whole[0] not in (DOCUMENT, ARRAY):
        return whole
    fields, step = elements(whole[1:]), steps[0]
    if step not in fields:
        return whole
    if len(steps) > 1:
        fields[step] = _unset(fields[step], steps[1:])
    elif whole[0] == ARRAY:
        fields[step] = NULL
    else:
        del fields[step]
    return whole[:1] + joined(fields.items())
