"""Blocks of a WiredTiger file: found by address, checked, unpacked.

A file begins with a description block; every other block is a page. No byte of a
block is given out before its checksum was found right.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from core.mongo.checksum import crc32c_around
from core.mongo.wiredtiger.compression import CompressionError, inflate
from core.mongo.wiredtiger.failures import (
    DamagedFileError,
    EncryptedFileError,
    UnsupportedFileError,
)
from core.mongo.wiredtiger.packing import unpack

if TYPE_CHECKING:
    from pathlib import Path

UNIT: Final = 4096
"""Allocation size of MongoDB's files: addresses count in it."""

MAGIC: Final = (120897).to_bytes(4, "little")
"""First bytes of a WiredTiger file."""

HEADER_BYTES: Final = 40
"""Page header and block header; cells follow."""

PLAIN_BYTES: Final = 64
"""Start of a compressed block that is not compressed."""

MAX_BLOCK_BYTES: Final = 512 * 1024**2
"""No page of MongoDB comes near: a document is at most 16 MiB."""

COMPRESSED: Final = 0x01
ENCRYPTED: Final = 0x08
WHOLE: Final = 0x01
"""Block flag: the checksum covers the whole block, not only its plain start."""

_CHECKSUM_AT: Final = 32
_PAGE: Final = Struct("<QQIIBBBB")
_BLOCK: Final = Struct("<IIB3x")


class Address(NamedTuple):
    """Where a block is, in bytes, and its checksum."""

    offset: int
    size: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Page:
    """An unpacked block. data begins with the headers; cells begin at HEADER_BYTES."""

    offset: int
    kind: int
    flags: int
    entries: int
    generation: int
    data: bytes


def read_address(data: bytes, at: int = 0) -> tuple[Address | None, int]:
    """Read an address; None stands for no block.

    Raises:
        ValueError, IndexError: These bytes are no address.
    """
    offset, at = unpack(data, at)
    size, at = unpack(data, at)
    checksum, at = unpack(data, at)
    if not size:
        return None, at
    return Address((offset + 1) * UNIT, size * UNIT, checksum), at


class BlockFile:
    """A file of blocks, opened for reading only.

    Raises:
        DamagedFileError: The file is missing, empty, or no WiredTiger file.
    """

    def __init__(self, path: Path, name: str, compressor: str) -> None:
        self.name = name
        self.compressor = compressor
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            wrong = f"cannot be opened: {error.strerror or error}"
            raise DamagedFileError(name, wrong) from error
        self.size = os.fstat(self._file.fileno()).st_size
        start = self._file.read(len(MAGIC))
        if start != MAGIC:
            self._file.close()
            wrong = "is no WiredTiger file" if self.size else "is empty"
            raise DamagedFileError(name, wrong)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def page(self, address: Address) -> Page:
        """Read and check the block at an address.

        Raises:
            DamagedFileError: It lies beyond the end, or its checksum differs.
            EncryptedFileError: It is encrypted.
            UnsupportedFileError: Its compressor is not known.
        """
        raw = self.read(address.offset, address.size)
        if len(raw) != address.size:
            raise self._damaged(address, f"ends before byte {sum(address[:2])}")
        found = _BLOCK.unpack_from(raw, _PAGE.size)[1]
        if found != address.checksum or not is_whole(raw):
            raise self._damaged(address, "has a wrong checksum")
        return self._unpacked(raw, address)

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes of the file, fewer at its end.

        Raises:
            DamagedFileError: The disk does not give them.
        """
        if size > MAX_BLOCK_BYTES or offset >= self.size:
            return b""
        try:
            self._file.seek(offset)
            raw = self._file.read(size)
            while len(raw) < size and (more := self._file.read(size - len(raw))):
                raw += more
        except OSError as error:
            wrong = f"byte {offset} cannot be read: {error.strerror or error}"
            raise DamagedFileError(self.name, wrong) from error
        return raw

    def _unpacked(self, raw: bytes, address: Address) -> Page:
        _, generation, size, entries, kind, flags, _, _ = _PAGE.unpack_from(raw)
        used = _BLOCK.unpack_from(raw, _PAGE.size)[0]
        if flags & ENCRYPTED:
            raise EncryptedFileError(self.name)
        if flags & COMPRESSED:
            data = raw[:PLAIN_BYTES] + self._inflated(raw[:used], size, address)
        else:
            data = raw[:size]
        if len(data) != size:
            raise self._damaged(address, "is shorter than it says")
        return Page(address.offset, kind, flags, entries, generation, data)

    def _inflated(self, raw: bytes, size: int, address: Address) -> bytes:
        if not PLAIN_BYTES <= size <= MAX_BLOCK_BYTES:
            raise self._damaged(address, f"says that it holds {size} bytes")
        if self.compressor not in ("snappy", "zstd", "zlib"):
            raise UnsupportedFileError(self.name, f"compressor {self.compressor!r}")
        try:
            return inflate(self.compressor, raw[PLAIN_BYTES:], size - PLAIN_BYTES)
        except CompressionError as error:
            raise self._damaged(address, f"cannot be unpacked ({error})") from error

    def _damaged(self, address: Address, wrong: str) -> DamagedFileError:
        return DamagedFileError(self.name, f"the block at {address.offset} {wrong}")


def is_whole(raw: bytes) -> bool:
    """Tell whether a block's checksum is right."""
    _, checksum, flags = _BLOCK.unpack_from(raw, _PAGE.size)
    covered = raw if flags & WHOLE else raw[:PLAIN_BYTES]
    return crc32c_around(covered, _CHECKSUM_AT) == int(checksum)
