"""Changes of a document as the log of a replica set holds them, `$v: 2`.

A change names fields to remove (`d`), to set where they are (`u`), to put at the end
(`i`), and documents or lists within (`s<field>`) with changes of their own. A list
has `a: true`, maybe a new length `l`, and `u<index>` and `s<index>`.
Source: the oplog of MongoDB 5.0 and newer.
"""

from __future__ import annotations

from typing import Final

from core.mongo.element import ARRAY, BOOLEAN_TRUE, DOCUMENT, NULL, elements, joined

MAX_LIST: Final = 10_000_000
"""More entries than a document of 16 MiB can hold."""


class UnknownChangeError(ValueError):
    """A change of a kind that this product does not know."""


def changed(document: bytes, delta: bytes) -> bytes:
    """Apply a change to a raw document.

    Raises:
        UnknownChangeError: The change is of an unknown kind or does not fit.
        ValueError: The bytes are no BSON.
    """
    parts = elements(delta)
    fields = elements(document)
    for name, value in parts.items():
        if name == b"d":
            for field in _inner(value):
                fields.pop(field, None)
        elif name == b"u":
            fields.update(_inner(value))
        elif name == b"i":
            for field, inserted in _inner(value).items():
                fields.pop(field, None)
                fields[field] = inserted
        elif name[:1] == b"s":
            fields[name[1:]] = _changed_within(fields.get(name[1:]), value)
        else:
            raise UnknownChangeError(name.decode("utf-8", "replace"))
    return joined(fields.items())


def _changed_within(value: bytes | None, delta: bytes) -> bytes:
    if value is None or delta[0] != DOCUMENT:
        raise UnknownChangeError
    is_list = elements(delta[1:]).get(b"a") == BOOLEAN_TRUE
    if value[0] != (ARRAY if is_list else DOCUMENT):
        raise UnknownChangeError
    within = _changed_list if is_list else changed
    return value[:1] + within(value[1:], delta[1:])


def _changed_list(document: bytes, delta: bytes) -> bytes:
    entries = list(elements(document).values())
    length: int | None = None
    for name, value in elements(delta).items():
        if name == b"a":
            continue
        if name == b"l":
            length = _count(value)
            continue
        if name[:1] not in (b"u", b"s") or not name[1:].isdigit():
            raise UnknownChangeError(name.decode("utf-8", "replace"))
        index = int(name[1:])
        _resize(entries, max(index + 1, len(entries)))
        is_new = name[:1] == b"u"
        entries[index] = value if is_new else _changed_within(entries[index], value)
    if length is not None:
        _resize(entries, length)
    return joined((str(index).encode(), entry) for index, entry in enumerate(entries))


def _resize(entries: list[bytes], length: int) -> None:
    if not 0 <= length <= MAX_LIST:
        raise UnknownChangeError
    entries[length:] = [NULL] * (length - len(entries))


def _count(value: bytes) -> int:
    if value[0] != 0x10:
        raise UnknownChangeError
    return int.from_bytes(value[1:], "little", signed=True)


def _inner(value: bytes) -> dict[bytes, bytes]:
    if value[0] != DOCUMENT:
        raise UnknownChangeError
    return elements(value[1:])
