"""Compressed blocks and log records."""

from __future__ import annotations

import zlib
from typing import Final

import cramjam

COMPRESSORS: Final = ("snappy", "zstd", "zlib")
"""The compressors that MongoDB offers."""

_PREFIX: Final = 8
"""Bytes of the length that stands before snappy and zstd data."""


class CompressionError(ValueError):
    """The data are not what this compressor writes."""


def inflate(compressor: str, data: bytes, size: int) -> bytes:
    """Unpack data that were size bytes long.

    Raises:
        CompressionError: They are damaged, of another compressor or another size.
    """
    try:
        content = _inflated(compressor, data, size)
    except (cramjam.DecompressionError, zlib.error) as error:
        message = f"not {compressor} data"
        raise CompressionError(message) from error
    if len(content) != size:
        message = f"{len(content)} bytes instead of {size}"
        raise CompressionError(message)
    return content


def inflate_any(data: bytes, size: int) -> bytes:
    """Unpack data of an unknown compressor.

    Raises:
        CompressionError: No compressor wrote them.
    """
    for compressor in COMPRESSORS:
        try:
            return inflate(compressor, data, size)
        except CompressionError:
            continue
    message = "of no known compressor"
    raise CompressionError(message)


def _inflated(compressor: str, data: bytes, size: int) -> bytes:
    if compressor == "zlib":
        return zlib.decompressobj().decompress(data, size)
    end = _PREFIX + int.from_bytes(data[:_PREFIX], "little")
    body = data[_PREFIX:end]
    if compressor == "snappy":
        if cramjam.snappy.decompress_raw_len(body) != size:
            message = "another size than its page says"
            raise CompressionError(message)
        return bytes(cramjam.snappy.decompress_raw(body))
    content = bytearray(size)
    written = cramjam.zstd.decompress_into(body, content)
    return bytes(content[:written])
