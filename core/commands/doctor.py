"""`doctor`: versions, paths, sizes, free disk, integrity, and unsafe settings."""

from __future__ import annotations

import os
import platform
import re
import shutil
import stat
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core import places
from core.commands.console import tell
from core.errors import OptionError
from core.warehouse import health, originals, schema

if TYPE_CHECKING:
    import argparse

CONFIG: Final = places.ROOT / ".streamlit" / "config.toml"
"""Settings of the server; environment variables come before them."""

PACKAGES: Final = ("streamlit", "duckdb", "pyarrow", "pandas", "pymongo")
"""Packages whose versions matter when something is told to a helper."""

LEAST_FREE_SHARE: Final = 3
"""Sizes of the warehouse that should be free: a large load and a backup beside it."""

SAFE: Final = {
    ("server", "address"): ("127.0.0.1", "localhost", "::1"),
    ("server", "enableXsrfProtection"): (True, None),
    ("server", "enableCORS"): (True, None),
    ("server", "enableStaticServing"): (False, None),
    ("browser", "gatherUsageStats"): (False,),
    ("client", "showErrorDetails"): ("none",),
    ("client", "showErrorLinks"): (False,),
}
"""Settings of the server and the values that are safe; None is not set."""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser the options of this command."""
    option = parser.add_argument
    option("--warehouse", type=Path, default=places.warehouse(), metavar="FILE")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print how the product is; return 2 if something should be mended, else 0.

    Raises:
        WarehouseError: The warehouse cannot be read at all.
    """
    _tell_versions()
    problems = [*unsafe_settings(), *_check(options.warehouse)]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if not problems:
        tell("Nothing to mend.")
    return 2 if problems else 0


def unsafe_settings() -> list[str]:
    """Say of each setting of the server that is not safe what it is and should be.

    Raises:
        OptionError: The settings cannot be read.
    """
    try:
        settings = tomllib.loads(CONFIG.read_text("utf-8")) if CONFIG.exists() else {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise OptionError(f"{CONFIG} cannot be read: {error}.") from error
    return [
        f"setting {section}.{name} is {found!r}; safe is {safe[0]!r}"
        for (section, name), safe in SAFE.items()
        if (found := _setting(settings, section, name)) not in safe
    ]


def _setting(settings: dict[str, dict[str, object]], section: str, name: str) -> object:
    words = re.sub("(?<=[a-z])(?=[A-Z])", "_", name)
    variable = f"STREAMLIT_{section}_{words}".upper()
    told = os.environ.get(variable)
    if told is None:
        return settings.get(section, {}).get(name)
    return {"true": True, "false": False}.get(told.lower(), told)


def _tell_versions() -> None:
    tell(f"Python {platform.python_version()} on {platform.platform()}")
    tell(", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES))
    tell(f"product {places.ROOT}, warehouses of version {len(schema.MIGRATIONS)}")


def _check(path: Path) -> list[str]:
    tell(f"warehouse {path}")
    if not path.exists():
        tell("  it is not there yet; the first load makes it")
        return []
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
