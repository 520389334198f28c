"""The same job without a browser: `python -m core build|customers|check`.

Exit 0 done; 2 bad input, with one clear line on standard error and nothing written;
1 a fault of ours.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core import job
from core.errors import AppError, OptionError
from core.exports import folder, report
from core.files.upload import Upload
from core.models import Kind, Rule
from core.units import GB_PER_UNIT
from core.warehouse import settings
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Reading

STRIPE = frozenset({Kind.STRIPE_LEDGER, Kind.STRIPE_PAYMENTS})
"""Kinds that `--stripe` takes."""

SHOWN_PROBLEMS = 20
"""Refused rows that `check` prints for each file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except AppError as error:
        print(error, file=sys.stderr)
        return 2


def build(options: argparse.Namespace) -> int:
    """Load files and write the download files of everything loaded."""
    readings = [
        *_readings(options.usage, frozenset({Kind.USAGE}), "--usage", options),
        *_readings(options.customers, frozenset({Kind.CUSTOMERS}), "--customers"),
        *_readings(options.stripe, STRIPE, "--stripe"),
    ]
    if not readings and options.warehouse is None:
        raise OptionError("Nothing to build from: name --usage, --customers, --stripe.")
    with Warehouse(options.warehouse) as warehouse:
        _choose(warehouse, options)
        content = job.build(
            warehouse,
            readings,
            options.out,
            now=_now(),
            by="command line",
            is_confirmed=options.confirm,
        )
    if options.json:
        sys.stdout.write(report.as_json(content).decode())
    else:
        _print_build(readings, content, options.out)
    return 0


def check(options: argparse.Namespace) -> int:
    """Say what each file is, its rows and its problems; loads nothing."""
    intake = job.take([_upload(file) for file in options.files])
    for reading in intake.readings:
        _print_reading(reading)
    for refusal in intake.refusals:
        print(refusal.message, file=sys.stderr)
    return 2 if intake.refusals else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands.add_parser("build", help="load files, write download files"))
    checks = commands.add_parser("check", help="say what files are; load nothing")
    checks.add_argument("files", nargs="+", type=Path, metavar="FILE")
    checks.set_defaults(command=check)
    return parser


def _add_build(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--usage", action="append", default=[], type=Path, metavar="FILE")
    add("--customers", action="append", default=[], type=Path, metavar="SOURCE")
    add("--stripe", action="append", default=[], type=Path, metavar="FILE")
    add("--out", required=True, type=Path, metavar="DIR", help="folder to write into")
    add("--rule", choices=[rule.value for rule in Rule], help="how to match")
    add("--time-zone", metavar="ZONE", help="zone whose months count, as Europe/Berlin")
    add("--warehouse", type=Path, metavar="FILE", help="keep what is loaded here")
    add("--provider", metavar="NAME", help="provider of the usage files")
    add("--unit", choices=list(GB_PER_UNIT), help="unit of the usage files")
    add("--confirm", action="store_true", help="load what looks like a wrong unit")
    add("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(command=build)


def _readings(
    files: Sequence[Path],
    kinds: frozenset[Kind],
    option: str,
    options: argparse.Namespace | None = None,
) -> list[Reading]:
    found = []
    for file in files:
        provider = options.provider if options else None
        unit = options.unit if options else None
        reading = job.read(_upload(file), provider=provider, unit=unit)
        if reading.kind not in kinds:
            raise OptionError(
                f"{file}: this is {reading.layout}, not a file for {option}."
            )
        found.append(reading)
    return found


def _upload(file: Path) -> Upload:
    try:
        return Upload.from_path(file)
    except OSError as error:
        raise OptionError(f"{file}: cannot be read ({error.strerror}).") from error


def _choose(warehouse: Warehouse, options: argparse.Namespace) -> None:
    """Apply the options that decide figures; a kept warehouse keeps its own choice."""
    current = settings.current(warehouse)
    wanted = replace(
        current,
        rule=Rule(options.rule or current.rule),
        time_zone=options.time_zone or current.time_zone,
    )
    if wanted == current:
        return
    if options.warehouse is not None and warehouse.version() > 0:
        raise OptionError(
            f"{options.warehouse} is kept with rule {current.rule.value} and time zone "
            f"{current.time_zone}. Change its settings in the app, or leave the option."
        )
    settings.save(warehouse, wanted)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _print_build(readings: Sequence[Reading], content: report.Entry, out: Path) -> None:
    for reading in readings:
        _print_reading(reading)
    files = content["files"]
    if isinstance(files, list):
        print(f"{len(files)} files and {folder.REPORT} written to {out}")


def _print_reading(reading: Reading) -> None:
    print(
        f"{reading.file}: {reading.layout}; {reading.rows_read:,} rows read, "
        f"{reading.rows.num_rows:,} kept, {len(reading.problems):,} refused"
    )
    for warning in reading.warnings:
        print(f"  {warning}")
    for problem in reading.problems[:SHOWN_PROBLEMS]:
        place = f"line {problem.line}, {problem.column}"
        print(f"  refused: {place}: {problem.value!r}: {problem.reason}")
    if len(reading.problems) > SHOWN_PROBLEMS:
        print(f"  and {len(reading.problems) - SHOWN_PROBLEMS:,} more refused rows")


if __name__ == "__main__":
    sys.exit(main())
