"""Where customer documents come from: one way to look into all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from core.errors import SourceError, UnreadableFileError
from core.files.container import STORE_FILES
from core.files.upload import Upload
from core.mongo import archive, dump, exportsource, package
from core.mongo.backup import Backup, LoneTable
from core.mongo.place import Place
from core.mongo.wiredtiger.blocks import MAGIC as WIREDTIGER
from core.mongo.wiredtiger.files import (
    FolderFiles,
    PackedFiles,
    homes,
    is_needed_first,
)
from core.mongo.wiredtiger.home import CATALOG
from core.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.errors import RowProblem
    from core.mongo.document import Document
    from core.mongo.namespace import Name, Namespace

PROBE_BYTES: Final = 512
"""How much of a file is looked at to tell what it is."""

_DUMP_DEPTH: Final = 5
"""Levels of folders in a packed dump; `backup/today/dump/shop/x.bson` has five."""


class SeveralHomesError(SourceError):
    """A folder or a package holds more than one data folder; homes names them."""

    def __init__(self, name: str, homes: Sequence[str]) -> None:
        self.homes = tuple(homes)
        super().__init__(
            f"{name}: holds several data folders: {', '.join(homes)}. "
            "Choose one of them."
        )


class CustomerSource(Protocol):
    """A place that holds collections of documents.

    file names it in messages. sha256 is the fingerprint of its content, empty where
    only the documents have one.
    """

    @property
    def file(self) -> str: ...  # noqa: D102

    @property
    def layout(self) -> str: ...  # noqa: D102

    @property
    def sha256(self) -> str: ...  # noqa: D102

    def namespaces(self) -> list[Namespace]:
        """List the collections, in order of name."""

    def documents(
        self, name: Name, fields: Sequence[str] | None = None
    ) -> Iterator[Document | RowProblem]:
        """Read one collection; a source may leave out all but these fields."""

    def notes(self, name: Name) -> tuple[str, ...]:
        """Tell what staff must know of a collection, once it has been read."""

    def close(self) -> None:
        """Let go of connections and temporary files."""


def open_source(where: str | Path | Upload, *, home: str = "") -> CustomerSource:
    """Open what holds customers, whatever it is.

    Args:
        where: An address of a server, the path of a file or folder, or a file.
        home: Which data folder is meant where a folder holds several.

    Raises:
        SeveralHomesError: It holds several data folders, and none of them is named.
        SourceError, UnreadableFileError: It is none, or cannot be read.
    """
    if isinstance(where, Upload):
        return _opened_file(Place(where.name, where.content), home)
    if isinstance(where, str) and is_address(where):
        # The driver takes a quarter of a second to import.
        from core.mongo.server import Server

        return Server(where)
    path = Path(where)
    try:
        if path.is_dir():
            return _opened_folder(path, home)
        if path.exists():
            return _opened_file(Place.of(path), home)
    except OSError as error:
        raise SourceError(
            f"{error.filename or path}: cannot be read: {error.strerror or error}. "
            "Ask for the right to read it."
        ) from error
    raise SourceError(f"{path}: there is no such file or folder. Check the path.")


def is_store(upload: Upload) -> bool:
    """Tell whether a file is one that only MongoDB or its tools write, or packs such.

    Exports as JSON are not: they are text, and are told by what is in them.
    """
    place = Place(upload.name, upload.content)
    try:
        start = place.head(PROBE_BYTES)
        if start.startswith((archive.MAGIC, WIREDTIGER)) or package.is_tar(place):
            return True
        if package.is_zip(place):
            names = package.zip_names(place)
            return any(name.endswith(STORE_FILES) for name in names)
    except UnreadableFileError:
        return False
    return _is_bson(start)


def is_address(text: str) -> bool:
    """Tell whether a text is meant as the address of a server."""
    return "://" in text


def _opened_folder(root: Path, home: str) -> CustomerSource:
    if home or not (root / f"{CATALOG}.wt").is_file():
        found = homes(
            path.relative_to(root).as_posix() for path in _catalogs(root, _DUMP_DEPTH)
        )
        if found:
            chosen = _chosen_home(root.name, found, home)
            return Backup(FolderFiles(root / chosen, root.name))
        found_dump = dump.dump_folder(root, root.name)
        if found_dump is not None:
            return found_dump
        raise _nothing_found(root.name, sorted(path.name for path in root.iterdir()))
    return Backup(FolderFiles(root))


def _catalogs(root: Path, depth: int) -> Iterator[Path]:
    for path in root.iterdir():
        if path.is_symlink():
            continue
        if path.name == f"{CATALOG}.wt":
            yield path
        elif depth and path.is_dir():
            yield from _catalogs(path, depth - 1)


def _opened_file(place: Place, home: str) -> CustomerSource:
    start = place.head(PROBE_BYTES)
    if start.startswith(archive.MAGIC):
        return archive.Archive(place)
    if start.startswith(WIREDTIGER):
        return LoneTable(place)
    if package.is_zip(place) or package.is_tar(place):
        return _opened_package(package.Package(place), home)
    if _is_bson(start):
        return dump.single_file(place)
    if not place.source:
        raise UnreadableFileError(place.name, "is empty", "Export it again")
    return exportsource.opened(place)


def _is_bson(start: bytes) -> bool:
    """Tell whether this may be a document: a length, then the type of an element."""
    if len(start) < 5 or start.lstrip()[:1] in (b"{", b"["):
        return False
    length = int.from_bytes(start[:4], "little")
    return 5 <= length <= package.MAX_HEADER_BYTES * 512 and start[4] <= 0x13


def _opened_package(packed: package.Package, home: str) -> CustomerSource:
    """Unpack what tells what a package holds, and take it for that."""
    unpacked = Scratch()
    root = Path(unpacked.name)
    try:
        members = packed.extract(root, _is_first)
        names = [member.name for member in members]
        found = homes(names)
        if found:
            chosen = _chosen_home(packed.name, found, home)
            return Backup(PackedFiles(packed, members, chosen, unpacked, root))
        found_dump = dump.dump_folder(root, packed.name, depth=_DUMP_DEPTH)
        if found_dump is None:
            raise _nothing_found(packed.name, names)
        found_dump.keep(unpacked)
    except BaseException:
        unpacked.cleanup()
        raise
    return found_dump


def _is_first(name: str) -> bool:
    return is_needed_first(name) or dump.is_part(name)


def _chosen_home(name: str, found: list[str], home: str) -> str:
    if home in found:
        return home
    if len(found) == 1 and not home:
        return found[0]
    raise SeveralHomesError(name, found)


def _nothing_found(name: str, inside: Sequence[str]) -> SourceError:
    shown = ", ".join(inside[:10]) + (", ..." if len(inside) > 10 else "")
    return SourceError(
        f"{name}: holds neither a dump (.bson files) nor a data folder of MongoDB "
        f"({CATALOG}.wt). Found: {shown or 'nothing'}."
    )
