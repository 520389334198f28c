"""Where a file of MongoDB is: on disk, or among the bytes of an upload.

Packed content is unpacked while it is read, within limits.
"""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from core.errors import UnreadableFileError
from core.files.gzipped import MAX_RATIO, RATIO_FREE_BYTES
from core.files.magic import GZIP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_STREAM_BYTES: Final = 64 * 1024**3
"""Most bytes that one packed file may hold: 64 GiB, a large snapshot."""

_BUFFER: Final = 1024**2


@dataclass(frozen=True)
class Place:
    """A file: its name for messages, and its path or its content."""

    name: str
    source: Path | bytes

    @classmethod
    def of(cls, path: Path) -> Place:
        """Name a file on disk."""
        return cls(path.name, path)

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """Open the file for one pass, without its gzip packing if it has one.

        Raises:
            UnreadableFileError: It cannot be opened, or its packing is cut, damaged
                or beyond the limits; also while the stream is read.
        """
        try:
            with self._opened() as raw:
                packed = raw.read(2) == GZIP
                raw.seek(0)
                if packed:
                    yield io.BufferedReader(_Unpacked(raw, self.name), _BUFFER)
                else:
                    yield raw
        except EOFError as error:
            wrong = "the packed file is cut off"
            raise UnreadableFileError(self.name, wrong, "Copy it again") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            wrong = f"the packed file is damaged ({error})"
            raise UnreadableFileError(self.name, wrong, "Copy it again") from error
        except OSError as error:
            wrong = f"cannot be read: {error.strerror or error}"
            raise UnreadableFileError(self.name, wrong, "Check the file") from error

    def size(self) -> int:
        """Tell how many bytes the file has, packed as it is."""
        if isinstance(self.source, bytes):
            return len(self.source)
        return self.source.stat().st_size

    def head(self, size: int) -> bytes:
        """Return the first bytes of the unpacked content."""
        with self.stream() as stream:
            return stream.read(size)

    def _opened(self) -> BinaryIO:
        if isinstance(self.source, bytes):
            return io.BytesIO(self.source)
        return self.source.open("rb")


class _Unpacked(io.RawIOBase):
    """The content of a gzip stream, stopped when it grows beyond the limits."""

    def __init__(self, packed: BinaryIO, name: str) -> None:
        super().__init__()
        self._packed = packed
        self._content = gzip.GzipFile(fileobj=packed)
        self._name = name
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        part = self._content.read(len(view))
        view[: len(part)] = part
        self._size += len(part)
        if self._size > RATIO_FREE_BYTES:
            self._check()
        return len(part)

    def _check(self) -> None:
        if self._size > MAX_RATIO * self._packed.tell():
            wrong = f"unpacks to more than {MAX_RATIO} times its size: no backup does"
            raise UnreadableFileError(self._name, wrong, "Add it unpacked")
        if self._size > MAX_STREAM_BYTES:
            wrong = f"unpacks to more than {MAX_STREAM_BYTES // 1024**3} GB"
            raise UnreadableFileError(self._name, wrong, "Add the unpacked folder")
