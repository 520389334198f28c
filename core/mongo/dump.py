"""Documents out of what mongodump writes without `--archive`.

Source: a dump folder, `<database>/<collection>.bson` with metadata beside it, plain
or gzip; or one such file alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from core.errors import SourceError, UnreadableFileError
from core.mongo.bsondata import decoded, raw_documents
from core.mongo.namespace import FieldSample, Name, Namespace
from core.mongo.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from core.errors import RowProblem
    from core.mongo.document import Document
    from core.scratch import Scratch

SUFFIXES: Final = (".bson.gz", ".bson")
"""Endings of the files that hold documents."""

METADATA_SUFFIX: Final = ".metadata.json"
"""Ending of the file beside it, before `.gz`."""

OPLOG: Final = "oplog"
"""Name of the file that `mongodump --oplog` writes beside the databases."""

MAX_METADATA_BYTES: Final = 16 * 1024**2
"""Larger metadata are not looked at: one collection has at most 64 indexes."""

_PACKED: Final = ("", ".gz")

_CUT_NAME: Final = "%24"
"""Stands in a file name that was too long to hold the collection's name."""


class Dump:
    """Files of documents, each of them one collection."""

    layout: Final = "mongodump folder"
    sha256: Final = ""

    def __init__(self, file: str, places: dict[Name, Place], *notes: str) -> None:
        self.file = file
        self._places = places
        self._notes = notes
        self._unpacked: Scratch | None = None

    def namespaces(self) -> list[Namespace]:
        """List the collections with counts, in order of name.

        One that is cut or damaged has a problem instead of a count.
        """
        return [self._counted(name) for name in sorted(self._places)]

    def documents(
        self,
        name: Name,
        fields: Sequence[str] | None = None,
    ) -> Iterator[Document | RowProblem]:
        """Read one collection.

        Raises:
            UnreadableFileError: Its file is cut or damaged.
            SourceError: There is no such collection.
        """
        del fields
        return decoded(self.raw_documents(name), self.file)

    def raw_documents(self, name: Name) -> Iterator[bytes]:
        """Read one collection as raw documents."""
        place = self._places.get(name)
        if place is None:
            raise SourceError(f"{self.file}: has no collection {name}.")
        with place.stream() as stream:
            yield from raw_documents(stream, place.name)

    def notes(self, name: Name) -> tuple[str, ...]:
        """Tell what was found beside the collections."""
        del name
        return self._notes

    def keep(self, unpacked: Scratch) -> None:
        """Hold a temporary folder that has the files, until the dump is closed."""
        self._unpacked = unpacked

    def close(self) -> None:
        """Delete what was unpacked, if anything was."""
        if self._unpacked is not None:
            self._unpacked.cleanup()

    def _counted(self, name: Name) -> Namespace:
        count, sample = 0, FieldSample()
        try:
            for raw in self.raw_documents(name):
                count += 1
                sample.add(raw)
        except UnreadableFileError as error:
            return Namespace(name, None, sample.fields, str(error))
        return Namespace(name, count, sample.fields)


def dump_folder(root: Path, file: str, *, depth: int = 2) -> Dump | None:
    """Find the collections of a dump; None when there are none.

    Args:
        root: The dump folder, or the folder of one of its databases.
        file: What the dump is called in messages.
        depth: How many levels of folders are looked at.
    """
    places: dict[Name, Place] = {}
    notes: list[str] = []
    for path in sorted(_files(root, depth)):
        stem = _stem(path.name)
        if stem is None:
            continue
        if stem == OPLOG and not _has_metadata(path, stem):
            notes.append(
                f"{path.name} holds changes that came while the dump was made; "
                "they are not applied"
            )
            continue
        name = Name(path.parent.name, _collection(path, stem))
        place = Place(path.relative_to(root).as_posix(), path)
        places[name] = place
    return Dump(file, places, *notes) if places else None


def is_part(name: str) -> bool:
    """Tell whether a file of a packed folder belongs to a dump."""
    return _stem(name) is not None or METADATA_SUFFIX in name


def single_file(place: Place) -> Dump:
    """Take one file of documents as a dump; its name tells the collection."""
    stem = _stem(place.name) or place.name.partition(".")[0]
    return Dump(place.name, {Name("", unquote_plus(stem)): place})


def _files(root: Path, depth: int) -> Iterator[Path]:
    """Find files, not following links, not those that macOS adds to packed folders."""
    for path in root.iterdir():
        if path.is_symlink() or path.name.startswith("._"):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and depth > 1:
            yield from _files(path, depth - 1)


def _stem(file_name: str) -> str | None:
    for suffix in SUFFIXES:
        if file_name.endswith(suffix):
            return file_name.removesuffix(suffix)
    return None


def _has_metadata(path: Path, stem: str) -> bool:
    return any(path.with_name(f"{stem}{METADATA_SUFFIX}{z}").exists() for z in _PACKED)


def _collection(path: Path, stem: str) -> str:
    """Tell the collection's name, from the metadata where the file's name is cut."""
    if _CUT_NAME in stem:
        for suffix in _PACKED:
            beside = path.with_name(f"{stem}{METADATA_SUFFIX}{suffix}")
            name = _name_in_metadata(beside)
            if name:
                return name
    return unquote_plus(stem)


def _name_in_metadata(path: Path) -> str:
    try:
        metadata = json.loads(Place.of(path).head(MAX_METADATA_BYTES))
    except (UnreadableFileError, ValueError, RecursionError):
        return ""
    found = metadata.get("collectionName") if isinstance(metadata, dict) else None
    return found if isinstance(found, str) else ""
