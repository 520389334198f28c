"""Where the files of a data folder are: in a folder, or in a packed one."""

from __future__ import annotations

import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from core.errors import SourceError
from core.mongo.wiredtiger.home import (
    BACKUP,
    CATALOG,
    LOCK,
    METADATA,
    TURTLES,
)
from core.mongo.wiredtiger.journal import LOG_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from core.mongo.package import Member, Package
    from core.scratch import Scratch

JOURNAL_FOLDERS: Final = ("journal", ".")
"""Where log files may be; the first that has some counts."""

FIXED_NAMES: Final = frozenset({METADATA, f"{CATALOG}.wt", BACKUP, LOCK, *TURTLES})
"""Files that are needed before it is known which collections there are."""


class FolderFiles:
    """The files of a home in a folder on disk, read where they are."""

    def __init__(self, root: Path, name: str = "") -> None:
        self._root = root
        self.name = name or root.name

    def find(self, name: str) -> Path | None:
        """Return the path of a file; None when it is not there.

        Raises:
            SourceError: The name or a link leads out of the folder.
        """
        path = self._root / name
        if not path.is_file():
            return None
        self._check_inside(path)
        return path

    def logs(self) -> list[Path]:
        """Return the log files of the journal.

        Raises:
            SourceError: A link leads out of the folder.
        """
        for folder in JOURNAL_FOLDERS:
            place = self._root / folder
            names = place.iterdir() if place.is_dir() else ()
            found = [path for path in names if LOG_NAME.fullmatch(path.name)]
            if found:
                for path in found:
                    self._check_inside(path)
                return found
        return []

    def size(self, name: str) -> int:
        """Tell how large a file is; 0 when it is not there."""
        path = self.find(name)
        return path.stat().st_size if path else 0

    def fetch(self, names: Iterable[str]) -> None:
        """Nothing has to be fetched."""

    def whole_bytes(self) -> int:
        """Tell how many bytes all files of the home have."""
        files = (path for path in self._root.rglob("*") if path.is_file())
        return sum(path.stat().st_size for path in files)

    def copy(self, into: Path) -> Path:
        """Copy all files of the home to a new folder; return it.

        Raises:
            SourceError: A link leads out of the folder: a server would write there.
        """
        for path in self._root.rglob("*"):
            self._check_inside(path)
        return shutil.copytree(self._root, into)

    def close(self) -> None:
        """Nothing stays open."""

    def _check_inside(self, path: Path) -> None:
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise SourceError(
                f"{self.name}: {path.name} leads out of the folder and was not "
                "followed. Copy the file itself into the folder."
            )


class PackedFiles:
    """The files of a home in a package, unpacked to a temporary folder when needed."""

    def __init__(
        self,
        package: Package,
        members: Iterable[Member],
        home: str,
        unpacked: Scratch,
        root: Path,
    ) -> None:
        self._package = package
        self._prefix = "" if home == "." else f"{home}/"
        self._sizes = {
            member.name.removeprefix(self._prefix): member.size
            for member in members
            if member.name.startswith(self._prefix)
        }
        self._unpacked = unpacked
        self._root = root
        self._folder = FolderFiles(root / home, package.name)
        self.name = package.name

    def find(self, name: str) -> Path | None:
        """Return the path of a file, unpacked by now; None when it is not there."""
        self.fetch([name])
        return self._folder.find(name)

    def logs(self) -> list[Path]:
        """Return the log files of the journal."""
        return self._folder.logs()

    def size(self, name: str) -> int:
        """Tell how large a file is; 0 when it is not there."""
        return self._sizes.get(name, 0)

    def fetch(self, names: Iterable[str]) -> None:
        """Unpack files in one pass through the package.

        Raises:
            SourceError: The disk has too little room.
            UnreadableFileError: The package is cut or damaged.
        """
        missing = {
            self._prefix + name
            for name in names
            if name in self._sizes and not (self._root / self._prefix / name).exists()
        }
        if not missing:
            return
        needed = sum(self.size(name.removeprefix(self._prefix)) for name in missing)
        free = shutil.disk_usage(self._root).free
        if needed > free:
            raise SourceError(
                f"{self.name}: unpacking needs {needed / 1024**3:.1f} GB and "
                f"{free / 1024**3:.1f} GB are free. Make room and try again."
            )
        self._package.extract(self._root, missing.__contains__)

    def whole_bytes(self) -> int:
        """Tell how many bytes all files of the home have."""
        return sum(self._sizes.values())

    def copy(self, into: Path) -> Path:
        """Unpack all files of the home to a new folder; return where they are.

        Raises:
            UnreadableFileError: The package is cut or damaged.
        """
        wanted = {self._prefix + name for name in self._sizes}
        self._package.extract(into, wanted.__contains__)
        return into / self._prefix

    def close(self) -> None:
        """Delete what was unpacked."""
        self._unpacked.cleanup()


def is_needed_first(name: str) -> bool:
    """Tell whether a file of a package is metadata, catalog or journal of a home."""
    last = PurePosixPath(name).name
    return last in FIXED_NAMES or LOG_NAME.fullmatch(last) is not None


def homes(names: Iterable[str]) -> list[str]:
    """List the folders that hold a catalog, in order of name."""
    paths = [PurePosixPath(name) for name in names]
    return sorted(str(path.parent) for path in paths if path.name == f"{CATALOG}.wt")
