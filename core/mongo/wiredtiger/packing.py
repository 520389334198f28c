"""Packed integers: fewer bytes for smaller numbers, ordered like the numbers."""

from __future__ import annotations

from typing import Final

_SECOND_BYTE: Final = 1 << 6
"""First number that needs two bytes."""

_MANY_BYTES: Final = _SECOND_BYTE + (1 << 13)
"""First number that needs more than two."""


def unpack(data: bytes, at: int) -> tuple[int, int]:
    """Read an unsigned integer.

    Returns:
        The number, and the place behind it.

    Raises:
        ValueError: These bytes are no packed integer.
        IndexError: The data end within it.
    """
    head = data[at]
    if 0x80 <= head < 0xC0:
        return head & 0x3F, at + 1
    if 0xC0 <= head < 0xE0:
        return ((head & 0x1F) << 8 | data[at + 1]) + _SECOND_BYTE, at + 2
    if 0xE0 < head <= 0xE8:
        end = at + 1 + (head & 0x0F)
        if end > len(data):
            raise IndexError
        return int.from_bytes(data[at + 1 : end], "big") + _MANY_BYTES, end
    message = f"0x{head:02x} begins no packed integer"
    raise ValueError(message)


def pack(number: int) -> bytes:
    """Write an unsigned integer, so that bytes compare as the numbers do."""
    if number < _SECOND_BYTE:
        return bytes([0x80 | number])
    if number < _MANY_BYTES:
        return (0xC000 | number - _SECOND_BYTE).to_bytes(2, "big")
    rest = number - _MANY_BYTES
    size = max(1, (rest.bit_length() + 7) // 8)
    return bytes([0xE0 | size]) + rest.to_bytes(size, "big")
