"""`restore BACKUP`: make a warehouse of a backup; what was there is moved, not lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.console import tell
from core.warehouse import backups

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser the options of this command."""
    option = parser.add_argument
    option("backup", type=Path, metavar="BACKUP", help="a file that backup wrote")
    option("--warehouse", required=True, type=Path, metavar="FILE")
    option("--replace", action="store_true", help="move aside what is there")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Restore a backup; return the exit code.

    Raises:
        AppError: It is no backup, or cannot be put there; nothing was changed.
    """
    path: Path = options.warehouse
    was_there = path.exists()
    found = backups.restore(options.backup, path, is_replacing=options.replace)
    tell(f"{path}: restored with {found.original_count:,} loaded files")
    if was_there:
        tell(f"what was there is now {path.name}{backups.REPLACED}")
    return 0
