"""One file as it came from staff: its name and its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from core.errors import UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Upload:
    """A file: name is used in messages only, content decides what it is."""

    name: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of content, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()

    @classmethod
    def from_path(cls, path: Path) -> Upload:
        """Read a file from disk.

        Raises:
            UnreadableFileError: There is no such file, or it may not be read.
        """
        try:
            return cls(path.name, path.read_bytes())
        except OSError as error:
            wrong = f"cannot be opened: {error.strerror or error}"
            raise UnreadableFileError(str(path), wrong, "Check the path") from error
