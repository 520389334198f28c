"""Usage exports: GB per subuser and month or day.

Source: exports of the providers in core.sources.profiles, known by their field names;
any other table whose columns are told by their header or by a person.
Grain: subuser and period. Hours and parts of one usage are added up to it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import NotLoadableError, OptionError, UnreadableFileError
from core.files import textcolumns
from core.models import USAGE_SCHEMA, Kind, Reading
from core.progress import tell
from core.sources import counters, rollup
from core.sources.asking import request
from core.sources.counters import FIRST_READING
from core.sources.distinct import told
from core.sources.headers import signature
from core.sources.mapping import Mapping, MappingNeededError
from core.sources.name_warnings import name_warnings
from core.sources.profiles import DEFAULT_PROVIDER
from core.sources.recognition import (
    Recognised,
    by_hand,
    is_usage,
    recognise,
)
from core.sources.refusals import Refusals
from core.sources.repeats import repeat_reasons
from core.sources.totals import find_totals
from core.sources.usage_cells import Cells, questions, read_cells
from core.sources.usage_warnings import (
    counter_warnings,
    known_warnings,
    number_warnings,
    period_warnings,
    rollup_warnings,
    table_warnings,
    unit_warnings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.table import TextTable

DESTROYED_NAME: Final = r"(?i)^\d(?:[.,]\d+)?E[+-]?\d+$"
"""A name that a spreadsheet has turned into a number (`6.46E+11`, `6,46E+11`)."""

CONTROL_CHARACTER: Final = r"[\x00-\x1f\x7f]"
"""A line break or the like: no name has it, it shows a broken row."""

SHEET_ERROR: Final = r"^#(?:N/A|REF!|VALUE!|NAME\?|NULL!|NUM!|DIV/0!|SPILL!|CALC!)$"
"""What a cell of a spreadsheet shows when its formula fails."""

PREVIEW_ROWS: Final = 200
"""Rows that a preview reads."""


def identify(header: Sequence[str]) -> bool:
    """Tell whether a file with this header is a usage export, loadable or not."""
    return is_usage(header)


def read(
    table: TextTable,
    *,
    sha256: str,
    provider: str | None = None,
    unit: str | None = None,
    mapping: Mapping | None = None,
) -> Reading:
    """Turn a usage export into rows of USAGE_SCHEMA.

    Refused are rows without subuser, rows with a period or a usage that cannot be
    read, is below zero or beyond what GB_TYPE holds, total rows, projections, first
    readings of counters, and rows that repeat or contradict another one.

    Args:
        table: The export as text.
        sha256: Fingerprint of the file.
        provider: Who sent it; None to tell it from the mapping or the header.
        unit: A key of GB_PER_UNIT chosen by hand; None to tell it from the file.
        mapping: The columns as a person chose them; None to recognise them.

    Raises:
        MappingNeededError: The file does not tell enough; a person must.
        NotLoadableError: The file has limits or running counters, no usage; or one
            reading of each counter.
        OptionError: The unit or the mapping cannot be used.
        UnreadableFileError: The file has no rows.
    """
    reading = _read(table, sha256, provider, unit, mapping)
    reasons = {problem.reason for problem in reading.problems}
    if not reading.rows_kept and FIRST_READING in reasons:
        raise NotLoadableError(table.file, *counters.LONE)
    return reading


def _read(
    table: TextTable,
    sha256: str,
    provider: str | None,
    unit: str | None,
    mapping: Mapping | None,
) -> Reading:
    found = _recognised(table, provider, mapping)
    if not table.rows_read:
        wrong = "has no rows below the header"
        raise UnreadableFileError(table.file, wrong, "Export it again")
    if not found.is_complete:
        raise MappingNeededError(request(table, found, sha256))
    tell(0.4, "reading names, periods and figures")
    cells = read_cells(table, found, unit)
    tell(0.8, "looking for totals and repeats")
    asked = (*found.questions, *questions(table, found, cells))
    if asked:
        found = replace(found, questions=asked)
        raise MappingNeededError(request(table, found, sha256, cells))
    return _reading(table, found, cells, sha256)


def _recognised(
    table: TextTable, provider: str | None, mapping: Mapping | None
) -> Recognised:
    if mapping is None:
        return recognise(table, provider)
    return by_hand(table, mapping, provider)


def preview(table: TextTable, mapping: Mapping) -> Reading:
    """Read the first rows of a table as a mapping says, for a look at the result.

    Raises:
        AppError: As read; the file is not read to its end, so later rows may differ.
    """
    return _read(table.top(PREVIEW_ROWS), "", None, None, mapping)


def _reading(table: TextTable, found: Recognised, cells: Cells, sha256: str) -> Reading:
    mapping = found.mapping
    provider = mapping.provider or DEFAULT_PROVIDER
    totals = find_totals(_total_view(table, cells), mapping.gb_base)
    refusals = _refusals(table, mapping, cells, totals.is_total)
    kept, told = _kept_rows(table, mapping, cells, refusals)
    has_parts = cells.periods.has_clock or bool(mapping.parts)
    rows = rollup.rolled_up(kept) if has_parts else _as_schema(kept)
    return Reading(
        file=table.file,
        sha256=sha256,
        kind=Kind.USAGE,
        layout=", ".join(table.header[at] for at in mapping.columns()),
        rows=rows,
        rows_read=table.rows_read,
        rows_merged=len(kept) - len(rows),
        problems=refusals.problems(),
        provider=provider,
        header_signature=signature(table.header),
        header=table.header,
        is_provider_told=bool(mapping.provider),
        unit=cells.units.unit,
        unit_rule=cells.units.rule,
        warnings=(
            *known_warnings(mapping, provider),
            *table_warnings(table, mapping.columns()),
            *number_warnings(cells.numbers, cells.rounded_count),
            *unit_warnings(cells.units, rows["usage_gb"]),
            *period_warnings(cells.periods, mapping),
            *told,
            *rollup_warnings(table, mapping, len(kept), len(rows)),
            *name_warnings(rows),
            *totals.warnings,
        ),
    )


def _as_schema(rows: pa.Table) -> pa.Table:
    return rows.select(USAGE_SCHEMA.names).cast(USAGE_SCHEMA)


def _kept_rows(
    table: TextTable, mapping: Mapping, cells: Cells, refusals: Refusals
) -> tuple[pa.Table, list[str]]:
    """Refuse what repeats or contradicts another row; return what is left.

    A counter is turned into its steps; what there is to tell of them comes second.
    """
    rows = _rows(table, cells)
    blamed = _blamed(mapping)
    repeats = repeat_reasons(rows, refusals.kept())
    refusals.refuse(pc.is_valid(repeats), blamed, repeats)
    if not mapping.is_cumulative:
        return _completed(_kept(rows, refusals), cells), []
    spelled = _with(rows, "subuser", textcolumns.plain(rows["subuser"]))
    found = counters.steps(spelled, refusals.kept())
    refusals.refuse(found.is_first, mapping.usage[0], FIRST_READING)
    rows = _kept(_with(rows, "usage_gb", found.usage_gb), refusals)
    return _completed(rows, cells), counter_warnings(found)


def _kept(rows: pa.Table, refusals: Refusals) -> pa.Table:
    """Return the rows that nothing refuses, without a copy where that is all."""
    if not pc.any(refusals.is_refused).as_py():
        return rows
    found = rows.filter(refusals.kept())
    # Coded anew: names that only refused rows have are left out.
    names = textcolumns.plain(found["subuser"]).dictionary_encode()
    return _with(found, "subuser", names)


def _completed(rows: pa.Table, cells: Cells) -> pa.Table:
    """Add what all rows have in common."""
    codes = pa.repeat(pa.scalar(0, pa.int8()), len(rows))
    kind = pa.DictionaryArray.from_arrays(codes, [cells.periods.granularity.value])
    return rows.append_column("granularity", kind)


def _with(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """Return rows with other values in one column."""
    return rows.set_column(rows.schema.get_field_index(name), name, values)


def _rows(table: TextTable, cells: Cells) -> pa.Table:
    """Return all rows of the table, null where a cell could not be read."""
    is_destroyed = told(
        cells.names, lambda names: pc.match_substring_regex(names, DESTROYED_NAME)
    )
    return pa.table(
        {
            "line": table.lines,
            "subuser": cells.names,
            "period_start": cells.periods.starts,
            "usage_gb": cells.usage_gb,
            "is_destroyed": is_destroyed,
            "moment": cells.periods.moments,
            "part": cells.part,
        }
    )


def _total_view(table: TextTable, cells: Cells) -> pa.Table:
    """Return the columns that a total row is told by."""
    return pa.table(
        {
            "line": table.lines,
            "subuser": cells.names,
            "period": cells.period_texts,
            "usage": cells.usage_texts,
            "unit": cells.units.values,
            "start": cells.periods.starts,
            "usage_gb": cells.usage_gb,
        }
    )


def _is_blank(names: pa.Array) -> pa.Array:
    return pc.equal(pc.utf8_trim_whitespace(names), "")


def _blamed(mapping: Mapping) -> int:
    """Return the column that a fault of the subuser is told of."""
    return mapping.usage[0] if mapping.subuser is None else mapping.subuser


def _refusals(
    table: TextTable, mapping: Mapping, cells: Cells, is_total: pa.Array
) -> Refusals:
    """Refuse the rows that cannot be usage, each by its first fault."""
    who, used = _blamed(mapping), mapping.usage[0]
    is_blank = told(cells.names, _is_blank)
    is_broken = told(
        cells.names, lambda names: pc.match_substring_regex(names, CONTROL_CHARACTER)
    )
    refusals = Refusals(table)
    refusals.refuse(is_total, who, "total row")
    refusals.refuse(is_blank, who, "no subuser")
    refusals.refuse(is_broken, who, "a line break in the name")
    is_error = told(
        cells.names, lambda names: pc.match_substring_regex(names, SHEET_ERROR)
    )
    refusals.refuse(is_error, who, "an error of a spreadsheet, not a name")
    if mapping.projected is not None:
        reason = "a projection, not used yet"
        refusals.refuse(cells.is_projected, mapping.projected, reason)
    reasons = cells.periods.reasons
    if mapping.period is None and reasons.null_count < len(reasons):
        raise OptionError(f"{mapping.period_text!r} is no month like 2020-09.")
    if mapping.period is not None:
        refusals.refuse(pc.is_valid(reasons), mapping.period, reasons)
    _refuse_numbers(refusals, used, cells)
    return refusals


def _refuse_numbers(refusals: Refusals, used: int, cells: Cells) -> None:
    """Refuse the rows whose usage cannot be one."""
    numbers = cells.numbers
    has_no_gb = pc.is_null(cells.usage_gb)
    too_large = pc.or_(numbers.is_too_large, pc.and_(cells.is_number, has_no_gb))
    no_number = "not a number"
    if numbers.decimal_mark == ",":
        no_number += " with a decimal comma, as the column is written"
    refusals.refuse(numbers.is_empty, used, "no usage")
    refusals.refuse(too_large, used, "too large")
    refusals.refuse(pc.invert(cells.is_number), used, no_number)
    refusals.refuse(cells.is_below_zero, used, "usage is below zero")
    reasons = cells.units.reasons
    refusals.refuse(pc.is_valid(reasons), used, reasons)
