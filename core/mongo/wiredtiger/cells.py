"""Cells of a page: keys, values, and addresses of other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from core.mongo.wiredtiger.blocks import HEADER_BYTES, Address, read_address
from core.mongo.wiredtiger.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.mongo.wiredtiger.blocks import Page

ADDRESS_DELETED: Final = 0x0
ADDRESSES: Final = frozenset({0x1, 0x2, 0x3})
VALUE_DELETED: Final = 0x4
KEY: Final = 0x5
KEY_OVERFLOW: Final = 0x6
KEY_PREFIXED: Final = 0x7
VALUE: Final = 0x8
VALUE_COPY: Final = 0x9
VALUE_OVERFLOW: Final = 0xA
VALUE_OVERFLOW_REMOVED: Final = 0xB
KEY_OVERFLOW_REMOVED: Final = 0xC
"""Cell types: the upper half of the descriptor byte."""

_KEYS: Final = frozenset({KEY, KEY_OVERFLOW, KEY_PREFIXED, KEY_OVERFLOW_REMOVED})
_LONG: Final = 64
"""A length below it fits the descriptor; longer ones are stored less this."""

PLAIN_VALUE: Final = VALUE << 4
"""Descriptor of a value with a length and nothing else."""

_WINDOW: Final = 0x08
_COUNT: Final = 0x04
_FAST_TRUNCATE: Final = 0x20
_PREPARED: Final = 0x01
_WINDOW_BITS: Final = (0x08, 0x20, 0x02, 0x10, 0x40, 0x04)
_STOPPED: Final = 0x10 | 0x40


class PreparedError(ValueError):
    """A value belongs to a transaction that was prepared and never finished."""


class Cell(NamedTuple):
    """One cell. Its data are page.data[start:end]; the next cell begins at end.

    For a copy, start is the place of the cell that is copied. stopped is true for a
    value that was deleted. timestamp is when it was written, 0 when not known.
    """

    kind: int
    prefix: int
    start: int
    end: int
    stopped: bool
    timestamp: int


class Item(NamedTuple):
    """A record of a leaf page."""

    key: bytes
    value: bytes
    timestamp: int


def read_cell(data: bytes, at: int, page_flags: int) -> Cell:
    """Read the cell at a place.

    Raises:
        ValueError, IndexError: These bytes are no cell.
    """
    head = data[at]
    if head & 3:
        return _short_cell(data, at, head)
    kind, place, prefix = head >> 4, at + 1, 0
    if kind == KEY_PREFIXED:
        prefix, place = data[place], place + 1
    stopped, timestamp = False, 0
    if head & _WINDOW and kind not in _KEYS:
        stopped, timestamp, place = _window(data, place)
    if kind == ADDRESS_DELETED and page_flags & _FAST_TRUNCATE:
        for _ in range(3):
            _, place = unpack(data, place)
    if head & _COUNT:
        _, place = unpack(data, place)
    if kind == VALUE_DELETED:
        return Cell(kind, 0, place, place, True, timestamp)
    length, place = unpack(data, place)
    if kind == VALUE_COPY:
        return Cell(kind, 0, at - length, place, stopped, timestamp)
    if kind in (KEY, KEY_PREFIXED) or (kind == VALUE and not head & 0x0C):
        length += _LONG
    return _checked(data, Cell(kind, prefix, place, place + length, stopped, timestamp))


def _short_cell(data: bytes, at: int, head: int) -> Cell:
    kind, prefix, start = head & 3, 0, at + 1
    if kind == 2:
        prefix, start = data[start], start + 1
    cell_kind = VALUE if kind == 3 else KEY
    return _checked(data, Cell(cell_kind, prefix, start, start + (head >> 2), False, 0))


def _checked(data: bytes, cell: Cell) -> Cell:
    if cell.end > len(data):
        message = "a cell goes beyond its page"
        raise ValueError(message)
    return cell


def _window(data: bytes, at: int) -> tuple[bool, int, int]:
    """Read a time window: stopped, start timestamp, place behind it."""
    flags, place, timestamp = data[at], at + 1, 0
    if flags & _PREPARED:
        raise PreparedError
    for bit in _WINDOW_BITS:
        if flags & bit:
            number, place = unpack(data, place)
            if bit == _WINDOW_BITS[0]:
                timestamp = number
    return bool(flags & _STOPPED), timestamp, place


def children(page: Page) -> list[tuple[bytes, Address]]:
    """List the pages below an internal page: the smallest key of each, its address.

    A key that was shortened to nothing, or is not stored here, is empty.

    Raises:
        ValueError, IndexError: A cell is damaged.
    """
    found: list[tuple[bytes, Address]] = []
    key, at = b"", HEADER_BYTES
    for _ in range(page.entries):
        cell = read_cell(page.data, at, page.flags)
        at = cell.end
        if cell.kind in _KEYS:
            whole = cell.kind in (KEY, KEY_PREFIXED)
            part = page.data[cell.start : cell.end] if whole else b""
            key = key[: cell.prefix] + part
        elif cell.kind in ADDRESSES:
            address, _ = read_address(page.data, cell.start)
            if address is not None:
                found.append((key, address))
        elif cell.kind != ADDRESS_DELETED:
            message = f"cell of type {cell.kind:x} on an internal page"
            raise ValueError(message)
    return found


def items(page: Page, overflow: Callable[[bytes], bytes]) -> list[Item]:
    """List the records of a leaf page, without those that were deleted.

    Args:
        page: A leaf page of a row store.
        overflow: Reads what stands at the address in an overflow cell.

    Raises:
        ValueError, IndexError: A cell is damaged.
    """
    found: list[Item] = []
    data, at, left = page.data, HEADER_BYTES, page.entries
    key, waiting = b"", False
    while left:
        left -= 1
        if not waiting and left and data[at] & 3 == 1:
            # Nearly all records are a short key and a plain value.
            value_at = at + 1 + (data[at] >> 2)
            if data[value_at] == PLAIN_VALUE:
                key = data[at + 1 : value_at]
                length, start = unpack(data, value_at + 1)
                at = start + length + _LONG
                found.append(Item(key, _part(data, start, at), 0))
                left -= 1
                continue
        cell = read_cell(data, at, page.flags)
        at = cell.end
        if cell.kind in _KEYS:
            if waiting:
                found.append(Item(key, b"", 0))
            key, waiting = key[: cell.prefix] + _key(data, cell, overflow), True
        elif waiting:
            found.extend(_value_items(page, key, cell, overflow))
            waiting = False
        else:
            message = "a value without a key"
            raise ValueError(message)
    return found + [Item(key, b"", 0)] * waiting


def _value_items(
    page: Page, key: bytes, cell: Cell, overflow: Callable[[bytes], bytes]
) -> list[Item]:
    """Return the record that ends with this value; none when it was deleted."""
    if cell.stopped:
        return []
    return [Item(key, _value(page, cell, overflow), cell.timestamp)]


def _part(data: bytes, start: int, end: int) -> bytes:
    if end > len(data):
        message = "a cell goes beyond its page"
        raise ValueError(message)
    return data[start:end]


def _key(data: bytes, cell: Cell, overflow: Callable[[bytes], bytes]) -> bytes:
    part = data[cell.start : cell.end]
    return part if cell.kind in (KEY, KEY_PREFIXED) else overflow(part)


def _value(page: Page, cell: Cell, overflow: Callable[[bytes], bytes]) -> bytes:
    """Return the value that a cell holds, or that the copied cell holds."""
    if cell.kind == VALUE_COPY:
        if not HEADER_BYTES <= cell.start < cell.end:
            message = "a copy of a cell outside its page"
            raise ValueError(message)
        cell = read_cell(page.data, cell.start, page.flags)
    part = page.data[cell.start : cell.end]
    if cell.kind == VALUE:
        return part
    if cell.kind in (VALUE_OVERFLOW, VALUE_OVERFLOW_REMOVED):
        return overflow(part)
    message = f"cell of type {cell.kind:x} where a value belongs"
    raise ValueError(message)
