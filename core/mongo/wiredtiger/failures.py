"""What is told when files of WiredTiger cannot be read.

* SourceError
  - DamagedFileError        bytes are missing or are not those that were written
  - UnsupportedFileError    whole, but in a form this reader does not know
"""

from __future__ import annotations

from core.errors import SourceError


class DamagedFileError(SourceError):
    """A file is cut, changed, or was copied while the server wrote."""

    def __init__(self, file: str, wrong: str, before: int | None = None) -> None:
        self.file = file
        self.wrong = wrong
        came = "" if before is None else f" {before:,} documents came before it."
        super().__init__(
            f"{file}: {wrong}.{came} Copy the folder again, from a snapshot or "
            "while the server is stopped."
        )


class UnsupportedFileError(SourceError):
    """A file is in a form that this reader does not know."""

    def __init__(self, file: str, found: str) -> None:
        super().__init__(
            f"{file}: {found}, which cannot be read here. "
            "Dump the collection with mongodump and load that file."
        )


class EncryptedFileError(SourceError):
    """A file is encrypted at rest."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file}: is encrypted at rest. Only its own server with the key can "
            "read it: dump the collection with mongodump and load that file."
        )
