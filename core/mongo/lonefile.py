"""One export file that is one collection, called like the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.mongo.namespace import Name

if TYPE_CHECKING:
    from core.files.upload import Upload


class LoneFile:
    """What exports of one collection have in common, whatever their format."""

    def __init__(self, upload: Upload) -> None:
        self.file = upload.name
        self._upload = upload
        self._name = Name("", upload.name.partition(".")[0])

    @property
    def sha256(self) -> str:
        """Fingerprint of the file."""
        return self._upload.sha256

    def notes(self, name: Name) -> tuple[str, ...]:
        """Nothing of an export needs a note."""
        del name
        return ()

    def close(self) -> None:
        """Nothing stays open."""
