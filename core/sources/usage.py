"""Usage exports: GB per subuser and month or day.

Source: Oxylabs, `Subuser, Date, Bandwidth Usage`, in the spellings of its header that
people and other providers use.
Grain: subuser and period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import MissingColumnsError, NotLoadableError, UnreadableFileError
from core.models import USAGE_SCHEMA, Kind, Reading
from core.sources.gigabytes import to_gb_by_row
from core.sources.headers import Role, roles, signature
from core.sources.numbers import Numbers, decimals
from core.sources.periods import Periods, periods
from core.sources.profiles import DEFAULT_PROVIDER
from core.sources.refusals import Refusals
from core.sources.repeats import repeat_reasons
from core.sources.totals import find_totals
from core.sources.usage_units import RowUnits, row_units, written_units
from core.sources.usage_warnings import (
    name_warnings,
    number_warnings,
    period_warnings,
    table_warnings,
    unit_warnings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.table import TextTable

DESTROYED_NAME: Final = r"(?i)^\d(?:\.\d+)?E[+-]?\d+$"
"""A name that a spreadsheet has turned into a number (`6.46E+11`)."""

CONTROL_CHARACTER: Final = r"[\x00-\x1f\x7f]"
"""A line break or the like: no name has it, it shows a broken row."""


@dataclass(frozen=True)
class _Columns:
    """Positions of the columns that are used."""

    subuser: int
    period: int
    usage: int
    unit: int | None

    def used(self) -> list[int]:
        return [at for at in vars(self).values() if at is not None]


@dataclass(frozen=True)
class _Cells:
    """The columns of a table, read: one entry per row each."""

    names: pa.Array
    periods: Periods
    numbers: Numbers
    units: RowUnits
    usage_gb: pa.Array
    rounded_count: int


def identify(header: Sequence[str]) -> bool:
    """Tell whether a file with this header is a usage export, loadable or not."""
    return roles(header).is_sure


def read(
    table: TextTable, *, sha256: str, provider: str | None, unit: str | None
) -> Reading:
    """Turn a usage export into rows of USAGE_SCHEMA.

    Refused are rows without subuser, rows with a period or a usage that cannot be
    read, is below zero or beyond what GB_TYPE holds, total rows, and rows that repeat
    or contradict another one.

    Args:
        table: The export as text.
        sha256: Fingerprint of the file.
        provider: Who sent it; the provider of this header when None.
        unit: A key of GB_PER_UNIT chosen by hand; None to tell it from the file.

    Raises:
        MissingColumnsError: There is no column of subusers.
        NotLoadableError: The file has limits or running counters, no usage.
        OptionError: There is no such unit.
        UnreadableFileError: No rows, or two columns for one thing.
    """
    columns = _columns(table)
    if not table.rows_read:
        wrong = "has no rows below the header"
        raise UnreadableFileError(table.file, wrong, "Export it again")
    provider = (provider or "").strip() or DEFAULT_PROVIDER
    cells = _cells(table, columns, provider, unit)
    totals = find_totals(_total_view(table, columns, cells))
    refusals = _refusals(table, columns, cells, totals.is_total)
    rows = _kept_rows(table, columns, cells, refusals)
    return Reading(
        file=table.file,
        sha256=sha256,
        kind=Kind.USAGE,
        layout=", ".join(table.header[at] for at in columns.used()),
        rows=rows,
        rows_read=table.rows_read,
        problems=refusals.problems(),
        provider=provider,
        header_signature=signature(table.header),
        unit=cells.units.unit,
        unit_rule=cells.units.rule,
        warnings=(*_warnings(table, columns, cells, rows), *totals.warnings),
    )


def _kept_rows(
    table: TextTable, columns: _Columns, cells: _Cells, refusals: Refusals
) -> pa.Table:
    """Refuse what repeats or contradicts another row; return what is left."""
    rows = _rows(table, cells)
    repeats = repeat_reasons(rows, refusals.kept())
    refusals.refuse(pc.is_valid(repeats), columns.subuser, repeats)
    return rows.filter(refusals.kept()).cast(USAGE_SCHEMA)


def _warnings(
    table: TextTable, columns: _Columns, cells: _Cells, rows: pa.Table
) -> list[str]:
    return [
        *table_warnings(table, columns.used()),
        *number_warnings(cells.numbers, cells.rounded_count),
        *unit_warnings(cells.units, rows["usage_gb"]),
        *period_warnings(cells.periods),
        *name_warnings(rows),
    ]


def _columns(table: TextTable) -> _Columns:
    """Find the columns to use, or say why the file is nothing to load."""
    found = roles(table.header)
    if not found[Role.SUBUSER]:
        raise MissingColumnsError(
            table.file, "a usage export", ["Subuser"], table.header
        )
    if not found[Role.USAGE]:
        why = (
            "It has no column with what was used, only what is allowed or left. "
            "Export the usage by month."
        )
        raise NotLoadableError(table.file, "a list of limits or balances", why)
    if not found[Role.PERIOD]:
        why = (
            "It has no column with the month or the day, so it is a running counter. "
            "Export the usage by month."
        )
        raise NotLoadableError(table.file, "a snapshot of usage", why)
    return _Columns(
        subuser=_only(table, found[Role.SUBUSER], "subuser"),
        period=_only(table, found[Role.PERIOD], "period"),
        usage=_only(table, found[Role.USAGE], "usage"),
        unit=_only(table, found[Role.UNIT], "unit") if found[Role.UNIT] else None,
    )


def _only(table: TextTable, positions: Sequence[int], what: str) -> int:
    """Return the one column of a role."""
    if len(positions) == 1:
        return positions[0]
    names = [table.header[at] for at in positions]
    if len(set(names)) < len(names):
        name = max(names, key=names.count)
        wrong = f"has {names.count(name)} columns named {name!r}"
    else:
        quoted = ", ".join(map(repr, names))
        wrong = f"has {len(names)} columns that can be the {what}: {quoted}"
    raise UnreadableFileError(table.file, wrong, "Leave the right one and add it again")


def _cells(
    table: TextTable, columns: _Columns, provider: str, unit: str | None
) -> _Cells:
    numbers = decimals(
        table.column(columns.usage), comma_is_likely=table.delimiter == ";"
    )
    written = numbers.units
    if columns.unit is not None:
        written = written_units(written, table.column(columns.unit))
    units = row_units(
        written,
        usage_header=table.header[columns.usage],
        provider=provider,
        chosen=unit,
    )
    usage = to_gb_by_row(numbers.values, units.values)
    return _Cells(
        names=table.column(columns.subuser),
        periods=periods(table.column(columns.period)),
        numbers=numbers,
        units=units,
        usage_gb=usage.values,
        rounded_count=numbers.rounded_count + usage.rounded_count,
    )


def _rows(table: TextTable, cells: _Cells) -> pa.Table:
    """Return all rows of the table, null where a cell could not be read."""
    granularity = pa.scalar(cells.periods.granularity.value)
    return pa.table(
        {
            "line": table.lines,
            "subuser": cells.names,
            "period_start": cells.periods.starts,
            "granularity": pa.repeat(granularity, len(table.lines)),
            "usage_gb": cells.usage_gb,
            "is_destroyed": pc.match_substring_regex(cells.names, DESTROYED_NAME),
        }
    )


def _total_view(table: TextTable, columns: _Columns, cells: _Cells) -> pa.Table:
    """Return the columns that a total row is told by."""
    return pa.table(
        {
            "line": table.lines,
            "subuser": cells.names,
            "period": table.column(columns.period),
            "usage": table.column(columns.usage),
            "unit": cells.units.values,
            "start": cells.periods.starts,
            "usage_gb": cells.usage_gb,
        }
    )


def _refusals(
    table: TextTable, columns: _Columns, cells: _Cells, is_total: pa.Array
) -> Refusals:
    """Refuse the rows that cannot be usage, each by its first fault."""
    numbers, usage_gb = cells.numbers, cells.usage_gb
    is_blank = pc.equal(pc.utf8_trim_whitespace(cells.names), "")
    is_broken = pc.match_substring_regex(cells.names, CONTROL_CHARACTER)
    is_number = pc.is_valid(numbers.values)
    too_large = pc.or_(numbers.is_too_large, pc.and_(is_number, pc.is_null(usage_gb)))
    no_number = "not a number"
    if numbers.decimal_mark == ",":
        no_number += " with a decimal comma, as the column is written"
    refusals = Refusals(table)
    refusals.refuse(is_total, columns.subuser, "total row")
    refusals.refuse(is_blank, columns.subuser, "no subuser")
    refusals.refuse(is_broken, columns.subuser, "a line break in the name")
    reasons = cells.periods.reasons
    refusals.refuse(pc.is_valid(reasons), columns.period, reasons)
    refusals.refuse(numbers.is_empty, columns.usage, "no usage")
    refusals.refuse(too_large, columns.usage, "too large")
    refusals.refuse(pc.invert(is_number), columns.usage, no_number)
    below_zero = pc.less(numbers.values, pa.scalar(0, numbers.values.type))
    refusals.refuse(below_zero, columns.usage, "usage is below zero")
    reasons = cells.units.reasons
    refusals.refuse(pc.is_valid(reasons), columns.usage, reasons)
    return refusals
