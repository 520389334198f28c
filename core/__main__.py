"""The same job without a browser: `python -m core COMMAND`.

Exit 0 done; 2 bad input, with one clear line on standard error and nothing written;
1 a fault of ours.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from core.commands import backup, build, check, customers, doctor, restore
from core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except AppError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in (
        ("build", build),
        ("customers", customers),
        ("check", check),
        ("backup", backup),
        ("restore", restore),
        ("doctor", doctor),
    ):
        command.add(commands.add_parser(name, help=command.__doc__))
    return parser


if __name__ == "__main__":
    sys.exit(main())
