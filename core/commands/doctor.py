"""`doctor`: versions, paths, sizes, free disk, integrity, and unsafe settings."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core import places, scratch
from core.commands import settings
from core.commands.console import tell
from core.warehouse import health, originals, schema

if TYPE_CHECKING:
    import argparse

PACKAGES: Final = ("streamlit", "duckdb", "pyarrow", "pandas", "pymongo")
"""Packages whose versions matter when something is told to a helper."""

LEAST_FREE_SHARE: Final = 3
"""Sizes of the warehouse that should be free: a large load and a backup beside it."""


LEAST_SCRATCH_BYTES: Final = 2 * settings.MAX_UPLOAD_MB * 1024**2
"""Bytes for temporary files: two uploads of the largest size at once."""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser the options of this command."""
    option = parser.add_argument
    option("--warehouse", type=Path, default=places.warehouse(), metavar="FILE")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print how the product is; return 2 if something should be mended, else 0.

    Raises:
        OptionError: The settings cannot be read.
        WarehouseError: The warehouse cannot be read at all.
    """
    _tell_versions()
    problems = [*settings.unsafe(), *_check(options.warehouse)]
    problems += _tell_log(places.log(options.warehouse)) + _tell_scratch()
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if not problems:
        tell("Nothing to mend.")
    return 2 if problems else 0


def _tell_versions() -> None:
    tell(f"Python {platform.python_version()} on {platform.platform()}")
    tell(", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES))
    tell(f"product {places.ROOT}, warehouses of version {len(schema.MIGRATIONS)}")
    for path in (settings.CONFIG, *settings.SECRETS):
        tell(f"settings {path}{'' if path.exists() else ' (not there)'}")


def _check(path: Path) -> list[str]:
    tell(f"warehouse {path}")
    if not path.exists():
        tell("  it is not there yet; the first load makes it")
        return _closed(path.parent, f"the folder {path.parent}")
    found = health.check(path)
    folder = originals.folder_of(path)
    free = shutil.disk_usage(path.parent).free
    tell(f"  {found.size_bytes:,} bytes, version {found.schema_version}")
    tell(f"  {sum(found.row_counts.values()):,} rows in {len(found.row_counts)} tables")
    tell(f"  {found.original_count:,} loaded files in {folder}")
    tell(f"  {free:,} bytes free on its disk")
    problems = list(found.problems)
    if free < LEAST_FREE_SHARE * found.size_bytes:
        problems.append(f"only {free:,} bytes are free: a large load may not fit")
    if all(each.stat().st_mode & stat.S_IROTH for each in (path, path.parent)):
        problems.append(
            "every account of this machine can read it; take that right from its "
            f"folder: chmod o-rwx {path.parent}"
        )
    return [f"{path}: {problem}" for problem in problems]


def _tell_scratch() -> list[str]:
    """Print what is free where uploads and large queries are put down for a moment."""
    folder = scratch.home()
    free = shutil.disk_usage(folder).free
    tell(f"temporary files {folder}, {free:,} bytes free")
    if free >= LEAST_SCRATCH_BYTES:
        return []
    return [f"only {free:,} bytes are free in {folder}: a large upload may not fit"]


def _tell_log(path: Path) -> list[str]:
    """Print where the log is and what it takes; say if it cannot be written."""
    files = [each for each in path.parent.glob(f"{path.name}*") if each.is_file()]
    size = sum(each.stat().st_size for each in files)
    tell(f"log {path}, {size:,} bytes in {len(files)} files")
    return _closed(path if path.exists() else path.parent, f"the log {path}")


def _closed(place: Path, name: str) -> list[str]:
    if not place.exists():
        return [f"{name} has no folder {place}; make it"]
    return [] if os.access(place, os.W_OK) else [f"{name} cannot be written"]
