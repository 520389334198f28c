"""Backups: a warehouse and the files it was loaded from, in one tar file.

The first member lists the others with their SHA-256. A backup is made of what is
committed, whether the warehouse is open in the app or not, and is whole or absent.
"""

from __future__ import annotations

import filecmp
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from core import scratch
from core.errors import UnreadableFileError, WarehouseError, WarehouseLockedError
from core.warehouse import originals, sharing
from core.warehouse.store import Warehouse

LIST: Final = "backup.json"
"""Member that lists the others: their names and fingerprints."""

WAREHOUSE: Final = "warehouse.duckdb"
"""Member that is the warehouse."""

REPLACED: Final = ".replaced"
"""What is added to the names of a warehouse and its originals that a restore moved."""

_ORIGINAL: Final = re.compile(r"originals/[0-9a-f]{64}\.zst")
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Backup:
    """What a backup holds: its bytes, and how many loaded files."""

    size_bytes: int
    original_count: int


def write(path: Path, target: Path) -> Backup:
    """Back up a warehouse, open elsewhere or not, into a new file.

    Raises:
        WarehouseError: It is not there or cannot be read, the target exists or cannot
            be written. No target is left then.
    """
    if target.exists():
        raise WarehouseError(f"{target} exists. Name a new file for the backup.")
    try:
        scratch.sweep(target.parent)
        with (
            scratch.folder(target.parent) as beside,
            sharing.copied(path, sharing.holder(path)) as copied,
        ):
            found = {**_originals(path, copied), WAREHOUSE: copied}
            part = beside / target.name
            with part.open("xb") as to:
                _pack(found, to)
                os.fsync(to.fileno())
            part.replace(target)
    except (OSError, duckdb.Error) as error:
        raise WarehouseError(
            f"{target} cannot be written ({error}). No backup was made."
        ) from error
    return Backup(target.stat().st_size, len(found) - 1)


def restore(backup: Path, path: Path, *, is_replacing: bool = False) -> Backup:
    """Put a backup in the place of a warehouse; what was there is moved, not lost.

    Args:
        backup: A file that write made.
        path: The warehouse to make.
        is_replacing: A warehouse that is there may be moved aside, to names that end
            in REPLACED.

    Raises:
        UnreadableFileError: It is no backup, or a damaged one. Nothing was changed.
        WarehouseError: The warehouse is there and may not be moved, is open in another
            program, or cannot be written. Nothing was changed.
    """
    _require_place(path, is_replacing=is_replacing)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.sweep(path.parent)
        with scratch.folder(path.parent) as beside:
            made = beside / path.name
            count = _unpack(backup, made)
            Warehouse(made).close()
            with sharing.alone(path):
                _put(made, path)
    except OSError as error:
        raise WarehouseError(
            f"{backup} cannot be restored to {path} ({error.strerror}). "
            "Nothing was changed."
        ) from error
    return Backup(backup.stat().st_size, count)


def _originals(path: Path, copied: Path) -> dict[str, Path]:
    """Find the loaded files that a copy of a warehouse names; write in its log."""
    folder = originals.folder_of(path)
    # As it is: opened as a warehouse it would become one of this program's version.
    with duckdb.connect(str(copied)) as connection:
        rows = connection.execute("SELECT DISTINCT original_sha256 FROM batch")
        named = sorted(f"{sha256}{originals.KEPT}" for (sha256,) in rows.fetchall())
    return {
        f"originals/{name}": folder / name for name in named if (folder / name).exists()
    }


def _pack(found: dict[str, Path], to: io.BufferedWriter) -> None:
    listed = {name: _sha256(file) for name, file in found.items()}
    content = json.dumps(listed, indent=2).encode()
    with tarfile.open(fileobj=to, mode="w") as packed:
        packed.addfile(_member(LIST, len(content)), io.BytesIO(content))
        for name, file in found.items():
            with file.open("rb") as source:
                packed.addfile(_member(name, file.stat().st_size), source)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _unpack(backup: Path, made: Path) -> int:
    """Write the members of a backup where they belong, each one checked."""
    folder = originals.folder_of(made)
    folder.mkdir()
    try:
        with tarfile.open(backup, "r:") as packed:
            listed = _list(packed, backup)
            for name, sha256 in listed.items():
                target = made if name == WAREHOUSE else folder / Path(name).name
                _extract(packed, name, target)
                if _sha256(target) != sha256:
                    raise _damaged(backup, f"{name} is not as it was written")
    except (tarfile.TarError, KeyError, EOFError) as error:
        raise _damaged(backup, "it is no backup, or it ends early") from error
    return len(listed) - 1


def _list(packed: tarfile.TarFile, backup: Path) -> dict[str, str]:
    first = packed.next()
    source = packed.extractfile(first) if first and first.name == LIST else None
    if source is None:
        raise _damaged(backup, f"it does not begin with {LIST}")
    try:
        listed = json.loads(source.read())
    except ValueError as error:
        raise _damaged(backup, f"its {LIST} cannot be read") from error
    names = set(listed) if isinstance(listed, dict) else set()
    if WAREHOUSE not in names or not all(
        _ORIGINAL.fullmatch(name) for name in names - {WAREHOUSE}
    ):
        raise _damaged(backup, f"its {LIST} names what no backup holds")
    return {str(name): str(sha256) for name, sha256 in listed.items()}


def _extract(packed: tarfile.TarFile, name: str, target: Path) -> None:
    source = packed.extractfile(name)
    if source is None:
        raise KeyError(name)
    with source, target.open("xb") as to:
        shutil.copyfileobj(source, to, _CHUNK)


def _require_place(path: Path, *, is_replacing: bool) -> None:
    if not path.exists():
        return
    if not is_replacing:
        raise WarehouseError(
            f"{path} exists. Name another file, or add --replace: it is then moved "
            f"to {path.name}{REPLACED}."
        )
    aside = _aside(path)
    if aside.exists() and not filecmp.cmp(aside, path, shallow=False):
        raise WarehouseError(f"{aside} exists. Move it away first.")
    Warehouse(path).close()


def _put(made: Path, path: Path) -> None:
    """Put the restored in the place of what is there, which is kept aside.

    The last step alone makes it another warehouse: a kill before it leaves the one
    that is there, with second names of its files that a later restore takes over.
    """
    there, new = originals.folder_of(path), originals.folder_of(made)
    if path.exists():
        holder = sharing.holder(path)
        if holder is not None:
            raise WarehouseLockedError(path, holder)
        if there.exists():
            _aside(there).mkdir(exist_ok=True)
            for file in there.iterdir():
                _name_again(file, _aside(there) / file.name)
        _name_again(path, _aside(path))
    there.mkdir(exist_ok=True)
    for file in new.iterdir():
        file.replace(there / file.name)
    made.replace(path)


def _name_again(file: Path, to: Path) -> None:
    """Give a file a second name, or a copy where the disk knows no second names."""
    part = to.with_name(to.name + originals.PART)
    part.unlink(missing_ok=True)
    if to.exists():
        return
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, part)
        part.replace(to)


def _aside(path: Path) -> Path:
    return path.with_name(path.name + REPLACED)


def _sha256(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _damaged(backup: Path, wrong: str) -> UnreadableFileError:
    return UnreadableFileError(backup.name, wrong, "Nothing was changed")
