"""BSON documents taken apart and put together without decoding their values.

What is not changed keeps every byte, whatever its type.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

import bson

if TYPE_CHECKING:
    from collections.abc import Iterable

DOCUMENT: Final = 0x03
ARRAY: Final = 0x04
BOOLEAN_TRUE: Final = b"\x08\x01"
NULL: Final = b"\x0a"
"""Element types and values that this product looks for. Source: bsonspec.org."""

_FIXED: Final = {
    0x01: 8,
    0x06: 0,
    0x07: 12,
    0x08: 1,
    0x09: 8,
    0x0A: 0,
    0x10: 4,
    0x11: 8,
    0x12: 8,
    0x13: 16,
    0x7F: 0,
    0xFF: 0,
}
_AFTER_LENGTH: Final = {0x02: 0, 0x05: 1, 0x0C: 12, 0x0D: 0, 0x0E: 0}
"""Types that begin with a length, and how many bytes it does not count."""

_NUMBERS: Final = frozenset({0x01, 0x10, 0x12, 0x13})


def elements(document: bytes) -> dict[bytes, bytes]:
    """Split a document: name of each element to its type byte and value bytes.

    Raises:
        ValueError: It is no BSON document.
    """
    found: dict[bytes, bytes] = {}
    at, end = 4, len(document) - 1
    if end < at or int.from_bytes(document[:4], "little") != len(document):
        raise _damaged()
    while at < end:
        name_end = document.find(b"\0", at + 1)
        if name_end < 0:
            raise _damaged()
        value_end = _end_of_value(document, document[at], name_end + 1)
        if value_end > end:
            raise _damaged()
        value = document[at : at + 1] + document[name_end + 1 : value_end]
        found[document[at + 1 : name_end]] = value
        at = value_end
    return found


def joined(parts: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Put a document together from names and values as elements() gives them."""
    body = b"".join(
        value[:1] + name + b"\0" + memoryview(value)[1:] for name, value in parts
    )
    return (len(body) + 5).to_bytes(4, "little") + body + b"\0"


def identity(document: bytes) -> object:
    """Return a key that is equal for documents with equal `_id`, None without one.

    Numbers of different types are one `_id`, as they are to the server.

    Raises:
        ValueError: It is no BSON document.
    """
    value = elements(document).get(b"_id")
    if value is None or value[0] not in _NUMBERS:
        return value
    number = bson.decode(joined([(b"n", value)]))["n"]
    if value[0] == 0x13:
        number = number.to_decimal()
        is_number = not number.is_nan()
    else:
        is_number = not isnan(number)
    # What is no number is equal to nothing, not even to itself.
    return number if is_number else value


def _end_of_value(document: bytes, kind: int, at: int) -> int:
    if kind in _FIXED:
        return at + _FIXED[kind]
    if kind in (DOCUMENT, ARRAY, 0x0F):
        return at + max(_length(document, at), 4)
    if kind in _AFTER_LENGTH:
        return at + 4 + _length(document, at) + _AFTER_LENGTH[kind]
    if kind == 0x0B:
        pattern_end = document.find(b"\0", at)
        options_end = document.find(b"\0", pattern_end + 1)
        if 0 < pattern_end < options_end:
            return options_end + 1
    raise _damaged()


def _length(document: bytes, at: int) -> int:
    return int.from_bytes(document[at : at + 4], "little")


def _damaged() -> ValueError:
    return ValueError("not a BSON document")
