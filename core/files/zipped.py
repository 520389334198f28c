"""Files inside a zip, within limits; nothing is ever written to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import UnreadableFileError
from core.files.gzipped import MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FREE_BYTES
from core.files.magic import ZIP

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO

MAX_ENTRIES: Final = 10_000
"""Most files that a zip may list, wanted or not."""

MAX_NAME_CHARS: Final = 200
"""Longest name of a file inside that is shown."""

AGAIN: Final = "Download or pack it again"
"""What to do with a damaged zip."""

PACKINGS: Final = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2}
)
"""Ways of packing that are unpacked; LZMA may ask for gigabytes of memory."""

_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True)
class Member:
    """A file inside a zip; name is fit to be shown, info is zipfile's own."""

    name: str
    info: zipfile.ZipInfo

    @property
    def size(self) -> int:
        """Bytes when unpacked, as the zip claims; more than that is never read."""
        return self.info.file_size


class Zip:
    """A zip file in memory."""

    def __init__(self, content: bytes, file: str) -> None:
        """Open a zip and list its files.

        Raises:
            UnreadableFileError: It is damaged, or lists too many files.
        """
        self.file = file
        self._size = len(content)
        if content.count(_ENTRY) > MAX_ENTRIES:
            wrong = f"holds more than {MAX_ENTRIES:,} files"
            raise UnreadableFileError(file, wrong, "Add the files one by one")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except DAMAGE as error:
            raise self._damaged(error) from error
        self.members = tuple(
            Member(shown_name(info.filename), info)
            for info in self._zip.infolist()
            # A folder; is_dir() of Python 3.11 fails on a name without a letter.
            if not info.filename.endswith("/")
        )

    def check(self, members: Iterable[Member]) -> None:
        """Refuse files that would be too large when unpacked.

        Raises:
            UnreadableFileError: They are, or their packing is beyond belief.
        """
        size = sum(member.size for member in members)
        if size > MAX_UNPACKED_BYTES:
            wrong = f"unpacks to more than {MAX_UNPACKED_BYTES // 1024**2} MB"
            raise UnreadableFileError(self.file, wrong, "Split it into smaller files")
        if size > RATIO_FREE_BYTES and size > MAX_RATIO * self._size:
            wrong = f"unpacks to more than {MAX_RATIO} times its size: no export does"
            raise UnreadableFileError(self.file, wrong, "Add the files unpacked")

    def read(self, member: Member) -> bytes:
        """Unpack one file.

        Raises:
            UnreadableFileError: It is damaged, protected, or packed in a rare way.
        """
        try:
            with self.open(member) as stream:
                return stream.read()
        except DAMAGE as error:
            raise self._damaged(error, member) from error

    def open(self, member: Member) -> IO[bytes]:
        """Open one file to be read as a stream, which may raise any of DAMAGE.

        Raises:
            UnreadableFileError: It is protected by a password, or not packed in one
                of PACKINGS.
        """
        if member.info.flag_bits & _ENCRYPTED:
            wrong = f"is protected by a password ({member.name!r})"
            action = "Unpack it with the password and add what is inside"
            raise UnreadableFileError(self.file, wrong, action)
        if member.info.compress_type not in PACKINGS:
            wrong = f"holds {member.name!r}, packed in a rare way"
            raise UnreadableFileError(self.file, wrong, "Pack it as a plain zip")
        try:
            return self._zip.open(member.info)
        except DAMAGE as error:
            raise self._damaged(error, member) from error

    def _damaged(
        self, error: Exception, member: Member | None = None
    ) -> UnreadableFileError:
        inside = f" in {member.name!r}" if member else ""
        wrong = f"is a zip that is cut off or damaged{inside} ({error})"
        return UnreadableFileError(self.file, wrong, AGAIN)


DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, OSError, ValueError, NotImplementedError),
)
"""What reading a damaged zip may raise."""


def is_zip(content: bytes) -> bool:
    """Tell whether content begins like a zip file."""
    return content.startswith(ZIP)


def shown_name(name: str) -> str:
    """Make the name of a file inside fit to be shown: one line, not too long."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in name)
    return clean if len(clean) <= MAX_NAME_CHARS else f"{clean[:MAX_NAME_CHARS]}..."
