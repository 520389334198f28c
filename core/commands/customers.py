"""`customers SOURCE`: look into a source of customers, or write them to a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from core import scratch
from core.errors import OptionError, RowProblem
from core.mongo import choice, customers, source
from core.mongo.document import canonical_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from core.models import Reading
    from core.mongo.namespace import Name
    from core.mongo.source import CustomerSource

FIELDS = {
    "email": "email",
    "oxyId": "oxy_id",
    "oxyUsername": "oxy_username",
    "briefOxyId": "brief_oxy_id",
    "briefOxyUsername": "brief_oxy_username",
}
"""Fields of a customer as the shop calls them, and their columns."""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser the options of this command."""
    option = parser.add_argument
    option("source", metavar="SOURCE", help="a file, a folder or a mongodb:// address")
    option("--list", action="store_true", help="list the collections with their counts")
    option("--home", default="", metavar="FOLDER", help="of several data folders")
    option("--database", metavar="NAME")
    option("--collection", metavar="NAME")
    option("--out", type=Path, metavar="FILE.json", help="write to a file")
    option("--all-fields", action="store_true", help="whole documents, one JSON a line")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """List collections, or write customers; return the exit code.

    Raises:
        AppError: The source cannot be read; nothing was written.
    """
    opened = source.open_source(options.source, home=options.home)
    try:
        if options.list:
            return _list(opened)
        name = choice.of_source(
            opened, database=options.database, collection=options.collection
        )
        if options.all_fields:
            return _write(options.out, lambda to: _documents(opened, name, to))
        reading = customers.from_source(opened, name)
        _tell(reading)
        return _write(options.out, lambda to: _customers(reading, to))
    finally:
        opened.close()


def _list(opened: CustomerSource) -> int:
    for space in opened.namespaces():
        line = {"namespace": str(space.name), "count": space.count}
        if space.problem:
            line["problem"] = space.problem
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


def _documents(opened: CustomerSource, name: Name, to: TextIO) -> None:
    """Write the documents that can be read, and name the others on standard error."""
    kept = refused = 0
    for document in opened.documents(name):
        if isinstance(document, RowProblem):
            refused += 1
            sys.stderr.write(
                f"{document.file}: line {document.line}: {document.reason}\n"
            )
        else:
            kept += 1
            to.write(canonical_json(document) + "\n")
    sys.stderr.write(
        f"{opened.file}: {opened.layout}; {kept + refused:,} documents read, "
        f"{kept:,} kept, {refused:,} refused\n"
    )


def _customers(reading: Reading, to: TextIO) -> None:
    rows = reading.rows.select(list(FIELDS.values())).rename_columns(list(FIELDS))
    json.dump(rows.to_pylist(), to, indent=4, ensure_ascii=False)
    to.write("\n")


def _tell(reading: Reading) -> None:
    """Say on standard error what was read: standard output may be the file."""
    sys.stderr.write(
        f"{reading.file}: {reading.layout}; {reading.rows_read:,} documents read, "
        f"{reading.rows.num_rows:,} kept, {len(reading.problems):,} refused\n"
    )
    for warning in reading.warnings:
        sys.stderr.write(f"  {warning}\n")


def _write(out: Path | None, write: Callable[[TextIO], None]) -> int:
    """Write to standard output, or to a file that is whole or absent."""
    if out is None:
        write(sys.stdout)
        return 0
    try:
        scratch.sweep(out.parent)
        with scratch.folder(out.parent) as beside:
            part = beside / out.name
            with part.open("w", encoding="utf-8", newline="\n") as to:
                write(to)
            part.replace(out)
    except OSError as error:
        raise OptionError(
            f"{out} cannot be written ({error.strerror}). Name another file."
        ) from error
    return 0
