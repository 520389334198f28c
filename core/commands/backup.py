"""`backup`: write a warehouse and its loaded files into one file, app open or not."""

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
    option("--warehouse", required=True, type=Path, metavar="FILE")
    option("--out", required=True, type=Path, metavar="FILE.tar", help="a new file")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write a backup; return the exit code.

    Raises:
        WarehouseError: Something cannot be read or written; no backup was made.
    """
    made = backups.write(options.warehouse, options.out)
    tell(
        f"{options.out}: {made.size_bytes:,} bytes, the warehouse and "
        f"{made.original_count:,} loaded files"
    )
    return 0
