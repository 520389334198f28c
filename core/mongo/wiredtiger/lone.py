"""One collection file without the metadata that say where its data begin."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from core.mongo.wiredtiger.blocks import (
    COMPRESSED,
    HEADER_BYTES,
    MAX_BLOCK_BYTES,
    PLAIN_BYTES,
    UNIT,
    Address,
    BlockFile,
    is_whole,
)
from core.mongo.wiredtiger.btree import INTERNAL, LEAF, OVERFLOW, Table
from core.mongo.wiredtiger.compression import COMPRESSORS, CompressionError, inflate
from core.mongo.wiredtiger.failures import DamagedFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTE: Final = (
    "This is one file of a data folder: the name of its collection is not known, and "
    "nothing confirms that it is the last state. The whole folder tells both."
)
"""What staff must know about documents read from such a file."""

_PAGE_KINDS: Final = frozenset({OVERFLOW, INTERNAL, LEAF})
_PAGE: Final = Struct("<QQIIBBBB")
_BLOCK: Final = Struct("<IIB3x")


def values(path: Path, name: str) -> Iterator[bytes]:
    """Give out the values of a table whose metadata are lost.

    The internal page with the highest write generation is taken for the root: a
    checkpoint writes its root last.

    Raises:
        DamagedFileError: The file is no WiredTiger file, or a block is damaged.
    """
    with BlockFile(path, name, "none") as file:
        root, file.compressor = _newest_root(file)
        if root is None and file.size > UNIT:
            raise DamagedFileError(name, "no whole block shows where its data begin")
        for item in Table(file, root).items():
            yield item.value


def _newest_root(file: BlockFile) -> tuple[Address | None, str]:
    """Look at every whole block of the file for its root and its compressor."""
    root, newest, compressor = None, -1, ""
    offset = UNIT
    while offset < file.size:
        raw = _block(file, offset)
        if not raw:
            offset += UNIT
            continue
        _, generation, size, _, kind, flags, _, _ = _PAGE.unpack_from(raw)
        if kind == INTERNAL and generation >= newest:
            checksum = _BLOCK.unpack_from(raw, _PAGE.size)[1]
            root, newest = Address(offset, len(raw), checksum), generation
        if flags & COMPRESSED and not compressor:
            compressor = _compressor(raw, size)
        offset += len(raw)
    return root, compressor or "none"


def _block(file: BlockFile, offset: int) -> bytes:
    """Return the whole block at an offset; nothing when there is none."""
    header = file.read(offset, HEADER_BYTES)
    if len(header) < HEADER_BYTES or header[24] not in _PAGE_KINDS:
        return b""
    size = _BLOCK.unpack_from(header, _PAGE.size)[0]
    if size % UNIT or not UNIT <= size <= min(MAX_BLOCK_BYTES, file.size - offset):
        return b""
    raw = file.read(offset, size)
    return raw if is_whole(raw) else b""


def _compressor(raw: bytes, size: int) -> str:
    for compressor in COMPRESSORS:
        try:
            inflate(compressor, raw[PLAIN_BYTES:], size - PLAIN_BYTES)
        except CompressionError:
            continue
        return compressor
    return ""
