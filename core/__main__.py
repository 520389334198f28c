"""The same job without a browser: `python -m core COMMAND`.

Exit 0 done; 2 bad input, with one clear line on standard error and nothing written;
1 a fault of ours; 141 when whoever read the output wanted no more of it.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

from core import faults
from core.commands import backup, build, check, customers, doctor, restore
from core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Sequence

READER_GONE: Final = 141
"""Exit code when the output is closed early, as by `head`: 128 + SIGPIPE, as others."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.command(options))
        sys.stdout.flush()
    except AppError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:
        # What is still held back would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return code


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
    sys.excepthook = faults.tell
    sys.exit(main())
