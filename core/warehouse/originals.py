"""Originals: the bytes of every loaded file, kept beside the warehouse, compressed.

Each is named by its SHA-256, so the same content is kept once. A file is written under
another name and renamed when it is whole: a kill leaves it whole or absent.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.errors import OptionError, WarehouseError
from core.progress import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from core.files.upload import Upload
    from core.warehouse.store import Warehouse

PART: Final = ".part"
"""Ending of a file that is being written."""

KEPT: Final = ".zst"
"""Ending of a file that is whole."""


def keep(warehouse: Warehouse, upload: Upload) -> bool:
    """Keep the bytes of a file; a warehouse in memory keeps none.

    Returns:
        Whether they were not kept before.

    Raises:
        ForbiddenError: The actor is a viewer.
        WarehouseError: The folder cannot be written.
    """
    warehouse.require_editor()
    target = _path(warehouse, upload.sha256)
    if target is None or target.exists():
        return False
    part = target.with_suffix(PART)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with pa.output_stream(part, compression="zstd") as stream:
            stream.write(upload.content)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise WarehouseError(
            f"{upload.name}: cannot be kept in {target.parent} ({error}). "
            "Nothing was loaded; check the disk and load again."
        ) from error
    return True


@contextlib.contextmanager
def keeping(warehouse: Warehouse, uploads: Sequence[Upload]) -> Iterator[None]:
    """Keep files, and let them go again if what is done with them fails.

    Raises:
        ForbiddenError: The actor is a viewer.
        WarehouseError: The folder cannot be written.
    """
    tell(0.0, "keeping the files")
    kept: list[str] = []
    try:
        for upload in uploads:
            if keep(warehouse, upload):
                kept.append(upload.sha256)
        yield
    except BaseException:
        for sha256 in kept:
            let_go(warehouse, sha256)
        raise


def let_go(warehouse: Warehouse, sha256: str) -> None:
    """Remove the bytes of a file that no load names, withdrawn ones included."""
    path = _path(warehouse, sha256)
    if path is not None and sha256 not in _named(warehouse):
        path.unlink(missing_ok=True)


def content(warehouse: Warehouse, sha256: str) -> bytes:
    """Return the bytes of a loaded file as they were uploaded.

    Raises:
        OptionError: This warehouse does not keep them.
    """
    path = _path(warehouse, sha256)
    if path is None or not path.exists():
        raise OptionError("The original of this load is not kept here.")
    return read(path)


def read(path: Path) -> bytes:
    """Return what one kept file holds.

    Raises:
        OSError: It is damaged, or not there.
    """
    with pa.input_stream(path, compression="zstd") as stream:
        return bytes(stream.read())


def is_kept(warehouse: Warehouse, sha256: str) -> bool:
    """Tell whether content() has the bytes of a file."""
    path = _path(warehouse, sha256)
    return path is not None and path.exists()


def sweep(warehouse: Warehouse) -> int:
    """Remove what a kill left: files half-written, and those of no load.

    Returns:
        How many files that were.
    """
    folder = _folder(warehouse)
    if folder is None or not folder.is_dir():
        return 0
    named = _named(warehouse)
    left = [path for path in folder.glob(f"*{KEPT}") if path.stem not in named]
    left += folder.glob(f"*{PART}")
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _named(warehouse: Warehouse) -> set[str]:
    rows = warehouse.rows("SELECT DISTINCT original_sha256 FROM batch")
    return {str(sha256) for (sha256,) in rows}


def folder_of(path: Path) -> Path:
    """Name the folder of originals beside a warehouse file."""
    return path.with_name(f"{path.stem}.originals")


def path_of(path: Path, sha256: str) -> Path:
    """Name the kept file with a fingerprint, beside a warehouse file."""
    return folder_of(path) / f"{sha256}{KEPT}"


def _folder(warehouse: Warehouse) -> Path | None:
    return None if warehouse.path is None else folder_of(warehouse.path)


def _path(warehouse: Warehouse, sha256: str) -> Path | None:
    return None if warehouse.path is None else path_of(warehouse.path, sha256)
