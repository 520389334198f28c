"""`check FILE...`: what each file is, its rows and its problems; loads nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core import job
from core.commands.console import tell_reading, upload

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser the options of this command."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Tell what each file is; return 2 if one of them cannot be loaded."""
    intake = job.take([upload(file) for file in options.files])
    for reading in intake.readings:
        tell_reading(reading)
    for refusal in intake.refusals:
        sys.stderr.write(f"{refusal.message}\n")
    return 2 if intake.refusals else 0
