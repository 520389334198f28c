"""What a person is asked about a table: what is open, and what seems likely."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from core.errors import NotLoadableError
from core.files.table import TextTable
from core.sources.guess import guess
from core.sources.headers import header, signature
from core.sources.mapping import SAMPLE_ROWS, Mapping, Request
from core.sources.recognition import Recognised, named, recognise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sources.usage_cells import Cells


def guessed(table: TextTable, sha256: str, known: Sequence[str]) -> Request | None:
    """Say what a person must tell of a table of no known kind, if it can be usage.

    Raises:
        NotLoadableError: It has a column for each period, of several units.
    """
    found = guess(table, known)
    return None if found is None else request(table, found, sha256)


def proposed(table: TextTable, sha256: str, mapping: Mapping | None = None) -> Request:
    """Say how a table is read, or could be, for a person who wants it otherwise.

    Args:
        table: Any table.
        sha256: Fingerprint of the file.
        mapping: What a person chose before; None for what is recognised. Where nothing
            is, the proposal is empty but for a subuser and a usage told by their names.
    """
    try:
        found = recognise(table, None) if mapping is None else Recognised(mapping)
    except NotLoadableError:
        found = Recognised(named(table.header))
    return request(table, found, sha256)


def columns_of(header: Sequence[str]) -> Mapping:
    """Return the columns that a header alone tells; empty where it tells none."""
    names = [str(at) for at in range(len(header))]
    table = TextTable(
        file="",
        header=tuple(header),
        columns=pa.table({name: pa.array([], pa.string()) for name in names}),
        lines=pa.array([], pa.int64()),
        problems=(),
        delimiter="",
        encoding="",
    )
    return proposed(table, "").proposal.for_layout()


def request(
    table: TextTable, found: Recognised, sha256: str, cells: Cells | None = None
) -> Request:
    """Say what a person must tell about a table, with what seems likely."""
    unit = found.mapping.unit or _likely_unit(table, found, cells)
    rows = table.columns.slice(0, SAMPLE_ROWS).to_pylist()
    return Request(
        file=table.file,
        file_sha256=sha256,
        header=table.header,
        header_signature=signature(table.header),
        sample=tuple(tuple(row.values()) for row in rows),
        proposal=replace(found.mapping, unit=unit),
        questions=found.questions,
    )


def _likely_unit(
    table: TextTable, found: Recognised, cells: Cells | None
) -> str | None:
    """Return the unit that the file itself does not tell; None where it does."""
    if cells is not None:
        if cells.units.is_unknown:
            return cells.likely_unit[0]
        return cells.units.unit if cells.units.is_guess else None
    if found.shape is None or found.mapping.unit_column is not None:
        return None
    is_told = any(header(table.header[at]).unit for at in found.mapping.usage)
    return None if is_told else found.shape.unit
