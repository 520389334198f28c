"""Folders packed into one file: .tar, .tar.gz, .zip.

Only regular files are taken, only those that are wanted, and only below one folder.
A package with anything else in it (links, devices, absolute names, `..`) is refused.
"""

from __future__ import annotations

import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, BinaryIO, Final, NamedTuple, Self

from core.errors import UnreadableFileError
from core.files.gzipped import MAX_RATIO, RATIO_FREE_BYTES
from core.files.zipped import PACKINGS
from core.mongo.place import MAX_STREAM_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.mongo.place import Place

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of a zip file."""

TAR_MARK: Final = b"ustar"
TAR_MARK_AT: Final = 257
"""What the first header of a tar holds, and where. Source: POSIX."""

MAX_MEMBERS: Final = 100_000
"""Most files in a package; a server with 10,000 collections has fewer."""

MAX_NAME_BYTES: Final = 1024
MAX_PART_BYTES: Final = 255
MAX_HEADER_BYTES: Final = 64 * 1024
"""Longest name, longest part of a name, largest header that only holds names."""

DAMAGE: Final = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error),
    *(struct.error, RuntimeError, ValueError),
)
"""What reading a damaged or locked package may raise, also within one of its files."""

_COPIED: Final = 1024**2
_NAME_HEADERS: Final = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)


class Member(NamedTuple):
    """A file in a package."""

    name: str
    size: int


class Package:
    """A packed folder, read anew from its start for each question."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.name = place.name

    def extract(self, into: Path, is_wanted: Callable[[str], bool]) -> list[Member]:
        """Write the wanted files below a folder.

        Returns:
            All files of the package, also those that were not wanted.

        Raises:
            UnreadableFileError: The package is cut, damaged, beyond the limits, or
                holds what no backup holds.
        """
        with self._place.stream() as stream:
            try:
                return self._extracted(stream, into, is_wanted)
            except DAMAGE as error:
                raise self._cut(str(error)) from error

    def _extracted(
        self, stream: BinaryIO, into: Path, is_wanted: Callable[[str], bool]
    ) -> list[Member]:
        found: list[Member] = []
        written = 0
        for member, content in self._members(stream):
            found.append(member)
            if len(found) > MAX_MEMBERS:
                raise self._refused(f"holds more than {MAX_MEMBERS:,} files")
            if is_wanted(member.name):
                written = self._write(content, into / member.name, written)
        return found

    def _members(self, stream: BinaryIO) -> Iterator[tuple[Member, IO[bytes]]]:
        if is_zip(self._place):
            return self._zipped(stream)
        return self._tarred(_Tail(stream))

    def _tarred(self, stream: _Tail) -> Iterator[tuple[Member, IO[bytes]]]:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as packed:  # type: ignore[call-overload]
            for header in packed:
                name = self._checked_name(header.name)
                content = packed.extractfile(header) if header.isfile() else None
                if content is not None and not header.issparse():
                    yield Member(name, header.size), content
                elif not header.isdir():
                    raise self._refused(f"{header.name!r} is no regular file")
        if any(stream.end()):
            raise self._cut("its end mark is missing")

    def _zipped(self, stream: BinaryIO) -> Iterator[tuple[Member, IO[bytes]]]:
        with zipfile.ZipFile(stream) as packed:
            for info in packed.infolist():
                name = self._checked_name(info.filename)
                # is_dir() of Python 3.11 fails on a name without a letter.
                if info.filename.endswith("/"):
                    continue
                mode = info.external_attr >> 16
                if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
                    raise self._refused(f"{info.filename!r} is no regular file")
                if info.compress_type not in PACKINGS:
                    raise self._refused(f"{info.filename!r} is packed in a rare way")
                with packed.open(info) as content:
                    yield Member(name, info.file_size), content

    def _checked_name(self, name: str) -> str:
        """Return the name without `./`; refuse one that could lead elsewhere."""
        path = PurePosixPath(name)
        encoded = name.encode("utf-8", "surrogatepass")
        if (
            path.is_absolute()
            or ".." in path.parts
            or "\\" in name
            or name[1:2] == ":"
            or any(ord(letter) < 32 for letter in name)
        ):
            raise self._refused(f"{name[:80]!r} leads out of its folder")
        parts = (len(part.encode("utf-8", "surrogatepass")) for part in path.parts)
        if len(encoded) > MAX_NAME_BYTES or max(parts, default=0) > MAX_PART_BYTES:
            raise self._refused(f"{name[:80]!r}... is too long a name")
        return path.as_posix()

    def _write(self, content: IO[bytes], path: Path, written: int) -> int:
        """Copy one file within the limits; return the bytes written in all."""
        allowed = max(RATIO_FREE_BYTES, MAX_RATIO * self._place.size())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                while part := content.read(_COPIED):
                    written += len(part)
                    if written > min(allowed, MAX_STREAM_BYTES):
                        raise self._refused("unpacks to far more than its own size")
                    file.write(part)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise self._refused(f"holds {path.name!r} twice") from error
        return written

    def _refused(self, wrong: str) -> UnreadableFileError:
        action = "No backup holds that: it was not unpacked"
        return UnreadableFileError(self.name, f"refused, {wrong}", action)

    def _cut(self, wrong: str) -> UnreadableFileError:
        wrong = f"the packed folder is cut, damaged or locked ({wrong})"
        return UnreadableFileError(self.name, wrong, "Pack or copy it again")


def is_zip(place: Place) -> bool:
    """Tell whether a file is a zip."""
    return place.head(4) in ZIP


def zip_names(place: Place) -> list[str]:
    """List the names inside a zip; none when it is damaged."""
    try:
        with place.stream() as stream, zipfile.ZipFile(stream) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return []


def is_tar(place: Place) -> bool:
    """Tell whether a file is a tar, packed with gzip or not."""
    start = place.head(TAR_MARK_AT + len(TAR_MARK))
    return start[TAR_MARK_AT:] == TAR_MARK


class _Header(tarfile.TarInfo):
    """A header of a tar that may not ask for endless memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.type in _NAME_HEADERS and header.size > MAX_HEADER_BYTES:
            message = "a name without end"
            raise tarfile.ReadError(message)
        return header


class _Tail:
    """A stream that remembers its last bytes: a whole tar ends with zeros."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._last = b""

    def read(self, size: int) -> bytes:
        part = self._stream.read(size)
        self._last = (self._last + part[-tarfile.BLOCKSIZE :])[-tarfile.BLOCKSIZE :]
        return part

    def end(self) -> bytes:
        """Read to the end and return the last block."""
        while self.read(_COPIED):
            pass
        return self._last
