"""A mongoexport file as a place that holds one collection."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import RowProblem
from core.files.text import text_bytes
from core.files.upload import Upload
from core.mongo import export
from core.mongo.csvexport import CsvExport
from core.mongo.lonefile import LoneFile
from core.mongo.namespace import FieldSample, Name, Namespace

_NAMES: Final = re.compile(rb'\s*"?[\w.$ -]+"?\s*(?:[,;\t|]|\r?\n|$)')
"""How a line of column names begins; text of the MongoDB shell does not."""

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.mongo.document import Document
    from core.mongo.place import Place


def opened(place: Place) -> Export | CsvExport:
    """Take a text file for JSON or for CSV, by what it begins with.

    Raises:
        UnreadableFileError: It is no text.
    """
    source = place.source
    if isinstance(source, Path):
        upload = Upload.from_path(source)
    else:
        upload = Upload(place.name, source)
    text = text_bytes(upload)
    is_json = text.lstrip()[:1] in (b"{", b"[") or not _NAMES.match(text)
    return Export(upload) if is_json else CsvExport(upload)


class Export(LoneFile):
    """One export as JSON; its collection is called like the file."""

    @property
    def layout(self) -> str:
        """What the file is, and the shape it has."""
        return f"mongoexport JSON, {export.shape(self._text)}"

    def namespaces(self) -> list[Namespace]:
        """List the one collection."""
        count, sample = 0, FieldSample()
        for document in self.documents(self._name):
            count += 1
            if not isinstance(document, RowProblem):
                sample.add(document.fields)
        return [Namespace(self._name, count, sample.fields)]

    def documents(
        self, name: Name, fields: Sequence[str] | None = None
    ) -> Iterator[Document | RowProblem]:
        """Read the documents.

        Raises:
            UnreadableFileError: The file is cut, or is no JSON.
        """
        del name, fields
        return export.documents(self._text, self.file)

    @cached_property
    def _text(self) -> str:
        return text_bytes(self._upload).decode("utf-8-sig")
