"""`build`: load files and write the download files of everything loaded.

A warehouse that the app has open is written as it is committed; only files to load need
it closed.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core import job
from core.commands.console import tell, tell_reading, upload
from core.errors import OptionError, WarehouseLockedError
from core.exports import folder, report
from core.exports.edition import Edition, Format
from core.models import Kind, Rule
from core.units import GB_PER_UNIT
from core.warehouse import settings, sharing
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.models import Reading

BY: Final = "command line"
"""Who loads and sets, in the audit."""

STRIPE: Final = frozenset(
    {Kind.STRIPE_LEDGER, Kind.STRIPE_PAYMENTS, Kind.STRIPE_SUMMARY}
)
"""Kinds that `--stripe` takes."""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser the options of this command."""
    option = parser.add_argument
    option("--usage", action="append", default=[], type=Path, metavar="FILE")
    option("--customers", action="append", default=[], metavar="SOURCE")
    option("--stripe", action="append", default=[], type=Path, metavar="FILE")
    option("--out", required=True, type=Path, metavar="DIR", help="folder to write")
    option("--rule", choices=[rule.value for rule in Rule], help="how to match")
    option("--time-zone", metavar="ZONE", help="zone of months, as Europe/Berlin")
    option("--warehouse", type=Path, metavar="FILE", help="keep what is loaded here")
    option("--provider", metavar="NAME", help="provider of the usage files")
    option("--unit", choices=list(GB_PER_UNIT), help="unit of the usage files")
    option("--confirm", action="store_true", help="load what looks like a wrong unit")
    option("--private", action="store_true", help="put stand-ins for all identities")
    option("--round-amounts", action="store_true", help="leave two digits of each")
    option("--raw-text", action="store_true", help="keep text a spreadsheet would run")
    option("--from", dest="first_month", type=_month, metavar="YYYY-MM")
    option("--to", dest="last_month", type=_month, metavar="YYYY-MM")
    forms = [form.value for form in Format]
    option("--format", action="append", choices=forms, help="csv, or several")
    option("--parquet", action="store_true", help="write facts by year as well")
    option("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Load the files named and write the download files; return the exit code.

    Raises:
        AppError: A file cannot be loaded; nothing was loaded or written.
    """
    readings = [
        *_usage(options),
        *(job.read_customers(where) for where in options.customers),
        *_stripe(options),
    ]
    if not readings and options.warehouse is None:
        raise OptionError("Nothing to build from: name --usage, --customers, --stripe.")
    with _opened(options.warehouse, is_loading=bool(readings)) as warehouse:
        now = datetime.now(UTC).replace(tzinfo=None)
        _choose(warehouse, options, now)
        content = job.build(
            warehouse,
            readings,
            _delivery(options),
            now=now,
            by=BY,
            is_confirmed=options.confirm,
        )
    if options.json:
        sys.stdout.write(report.as_json(content).decode())
    else:
        _tell(readings, content, options.out)
    return 0


@contextmanager
def _opened(path: Path | None, *, is_loading: bool) -> Iterator[Warehouse]:
    """Open a warehouse, or a copy of what is committed where the app has it open."""
    if path is None or is_loading or not path.exists():
        with Warehouse(path) as warehouse:
            yield warehouse
        return
    try:
        warehouse = Warehouse(path)
    except WarehouseLockedError as error:
        with sharing.copied(path, error.holder) as copied, Warehouse(copied) as opened:
            yield opened
        return
    with warehouse:
        yield warehouse


def _month(text: str) -> date:
    return datetime.strptime(text, "%Y-%m").date()


def _delivery(options: argparse.Namespace) -> folder.Delivery:
    edition = Edition(
        options.first_month,
        options.last_month,
        is_private=options.private,
        is_rounded=options.round_amounts,
        is_safe=not options.raw_text,
    )
    formats = tuple(Format(each) for each in options.format or [Format.CSV])
    if options.parquet and edition != Edition(is_safe=edition.is_safe):
        raise OptionError(
            "--parquet writes every identity, month and figure as it is. "
            "Leave out --private, --round-amounts, --from and --to, or --parquet."
        )
    return folder.Delivery(options.out, edition, formats, options.parquet)


def _usage(options: argparse.Namespace) -> list[Reading]:
    provider, unit = options.provider, options.unit
    return [
        _only(reading, frozenset({Kind.USAGE}), "--usage")
        for file in options.usage
        for reading in job.read_all(upload(file), provider=provider, unit=unit)
    ]


def _stripe(options: argparse.Namespace) -> list[Reading]:
    return [
        _only(reading, STRIPE, "--stripe")
        for file in options.stripe
        for reading in job.read_all(upload(file))
    ]


def _only(reading: Reading, kinds: frozenset[Kind], option: str) -> Reading:
    if reading.kind not in kinds:
        raise OptionError(
            f"{reading.file}: this is {reading.layout}, not a file for {option}."
        )
    return reading


def _choose(warehouse: Warehouse, options: argparse.Namespace, now: datetime) -> None:
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
    settings.save(warehouse, wanted, now=now, by=BY)


def _tell(readings: Sequence[Reading], content: report.Entry, out: Path) -> None:
    for reading in readings:
        tell_reading(reading)
    files = content["files"]
    if isinstance(files, list):
        tell(f"{len(files)} files and {folder.REPORT} written to {out}")
