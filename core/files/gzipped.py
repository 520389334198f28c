"""Gzip files unpacked within limits."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Final

from core.errors import UnreadableFileError
from core.files.magic import GZIP

MAX_UNPACKED_BYTES: Final = 1024**3
"""Most bytes that one file may hold after unpacking: 1 GiB."""

MAX_RATIO: Final = 200
"""Most bytes that one packed byte may become; exports stay below 50."""

RATIO_FREE_BYTES: Final = 16 * 1024**2
"""Below this size any ratio is harmless."""

STEP: Final = 1024**2
"""Bytes unpacked between two looks at the limits."""


def unpacked(content: bytes, file: str) -> bytes:
    """Return content, without its gzip packing if it has one.

    Raises:
        UnreadableFileError: The packing is cut, damaged, or beyond the limits.
    """
    if not content.startswith(GZIP):
        return content
    parts = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            while part := packed.read(STEP):
                parts += part
                _check_size(len(parts), len(content), file)
    except EOFError as error:
        wrong = f"is a .gz file that is cut off after {len(content)} bytes"
        raise UnreadableFileError(file, wrong, "Download it again") from error
    except (OSError, zlib.error) as error:
        wrong = f"is a .gz file that is damaged ({error})"
        raise UnreadableFileError(file, wrong, "Download it again") from error
    return bytes(parts)


def _check_size(size: int, packed_size: int, file: str) -> None:
    """Stop at a file that grows beyond what an export can be."""
    if size > MAX_UNPACKED_BYTES:
        wrong = f"unpacks to more than {MAX_UNPACKED_BYTES // 1024**2} MB"
        raise UnreadableFileError(file, wrong, "Split it into smaller files")
    if size > RATIO_FREE_BYTES and size > MAX_RATIO * packed_size:
        wrong = f"unpacks to more than {MAX_RATIO} times its size: no export does"
        raise UnreadableFileError(file, wrong, "Add the file unpacked")
