"""Checksums of MongoDB's files."""

from __future__ import annotations

from typing import Final

import fastcrc
import google_crc32c

_ZEROS: Final = b"\0\0\0\0"


def crc32c_around(data: bytes, at: int) -> int:
    """CRC32C of data, with the four bytes at a place taken as zero.

    A block and a log record hold their own checksum, computed before it was written.
    """
    crc = google_crc32c.value(data[:at])
    crc = google_crc32c.extend(crc, _ZEROS)
    return int(google_crc32c.extend(crc, data[at + 4 :]))


def crc64(data: bytes, before: int = 0) -> int:
    """CRC-64/XZ of data, continuing from the checksum of what came before it."""
    return int(fastcrc.crc64.xz(data, before))
