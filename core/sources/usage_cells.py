"""The cells of a usage export, read by a mapping: one entry per row each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.sources.gigabytes import to_gb_by_row
from core.sources.intervals import intervals
from core.sources.magnitudes import likely_unit
from core.sources.mapping import Question
from core.sources.numbers import Numbers, added, decimals
from core.sources.periods import Periods, Reader, periods
from core.sources.profiles import provider_of
from core.sources.usage_units import Profiled, RowUnits, row_units, written_units

if TYPE_CHECKING:
    from core.files.table import TextTable
    from core.sources.recognition import Recognised

FALSE: Final = ("false", "f", "0", "no", "n", "", "falsch", "faux", "falso")
"""What a column of projections says of a row that is none."""

_SEPARATOR: Final = "\0"


@dataclass(frozen=True)
class Cells:
    """The columns of a table that make usage, read.

    names and period_texts are coded. part joins the cells that split one usage; of
    type null where no column does. period_texts and usage_texts are the cells as sent.
    numbers has no values any more: the usage in GB has taken their place. likely_unit
    is the unit that the figures look like, and why, where nothing tells it.
    """

    names: pa.DictionaryArray
    periods: Periods
    period_texts: pa.DictionaryArray
    numbers: Numbers
    is_number: pa.Array
    is_below_zero: pa.Array
    usage_texts: pa.Array
    units: RowUnits
    usage_gb: pa.Array
    part: pa.Array
    is_projected: pa.Array
    rounded_count: int
    likely_unit: tuple[str, str]


def read_cells(table: TextTable, found: Recognised, unit: str | None) -> Cells:
    """Read the columns of a complete mapping.

    Args:
        table: The export as text.
        found: Its columns.
        unit: A key of GB_PER_UNIT chosen by hand, before that of the mapping.

    Raises:
        OptionError: There is no such unit.
    """
    mapping = found.mapping
    numbers = _numbers(table, found)
    units = _units(table, found, numbers, unit)
    values = numbers.values
    usage = to_gb_by_row(values, units.values, mapping.gb_base)
    return Cells(
        names=_column(table, mapping.subuser, mapping.subuser_name),
        periods=_periods(table, found),
        period_texts=_column(table, mapping.period, mapping.period_text),
        numbers=replace(numbers, values=pa.nulls(0, values.type)),
        is_number=pc.is_valid(values),
        is_below_zero=pc.less(values, pa.scalar(0, values.type)),
        usage_texts=table.column(mapping.usage[0]),
        units=units,
        usage_gb=usage.values,
        part=_part(table, found),
        is_projected=_projected(table, mapping.projected),
        rounded_count=numbers.rounded_count + usage.rounded_count,
        likely_unit=likely_unit(values) if units.is_unknown else (units.unit, ""),
    )


def questions(table: TextTable, found: Recognised, cells: Cells) -> list[Question]:
    """Ask what only the cells can tell and do not: order of the day, unit, periods."""
    asked: list[Question] = []
    if cells.units.is_unknown:
        unit, why = cells.likely_unit
        name = table.header[found.mapping.usage[0]]
        words = f"Nothing says the unit of {name!r}; {unit} is likely: {why}."
        asked.append(Question("unit", words))
    texts = cells.period_texts
    if cells.periods.is_order_unsure:
        words = f"Does {texts[0].as_py()!r} begin with the day or with the month?"
        asked.append(Question("day_first", words))
    if len(texts) and cells.periods.is_formless and not found.is_chosen:
        words = f"{texts[0].as_py()!r} is no month and no day: which column has them?"
        asked.append(Question("period", words))
    return asked


def _column(
    table: TextTable, position: int | None, otherwise: str
) -> pa.DictionaryArray:
    if position is None:
        return pa.repeat(pa.scalar(otherwise), len(table.lines)).dictionary_encode()
    return table.coded(position)


def _periods(table: TextTable, found: Recognised) -> Periods:
    mapping = found.mapping
    reader = Reader(mapping.granularity, mapping.time_zone, mapping.day_first)
    starts = _column(table, mapping.period, mapping.period_text)
    if mapping.period_end is None:
        return periods(starts, reader)
    return intervals(starts, table.column(mapping.period_end), reader)


def _numbers(table: TextTable, found: Recognised) -> Numbers:
    comma_is_likely = table.delimiter == ";"
    columns = [table.column(at) for at in found.mapping.usage]
    return added(
        [decimals(column, comma_is_likely=comma_is_likely) for column in columns]
    )


def _units(
    table: TextTable, found: Recognised, numbers: Numbers, unit: str | None
) -> RowUnits:
    mapping, written = found.mapping, numbers.units
    if mapping.unit_column is not None:
        written = written_units(written, table.column(mapping.unit_column))
    return row_units(
        written,
        usage_header=table.header[mapping.usage[0]],
        profile=Profiled(*_profile_unit(found), mapping.gb_base),
        chosen=unit or mapping.unit,
    )


def _profile_unit(found: Recognised) -> tuple[str, str | None]:
    """Return who tells the unit, and the unit: the named provider, or the shape."""
    name, shape = found.mapping.provider, found.shape
    known = provider_of(name)
    if shape is None:
        return known.name, known.unit
    if name.casefold() == shape.provider.casefold() or known.unit is None:
        return shape.provider, shape.unit
    return known.name, known.unit


def _part(table: TextTable, found: Recognised) -> pa.Array:
    columns = [table.column(at) for at in found.mapping.parts]
    if not columns:
        return pa.nulls(len(table.lines))
    return pc.binary_join_element_wise(*columns, _SEPARATOR)


def _projected(table: TextTable, position: int | None) -> pa.Array:
    if position is None:
        return pa.repeat(pa.scalar(False), len(table.lines))
    words = pc.utf8_lower(pc.utf8_trim_whitespace(table.column(position)))
    return pc.invert(pc.is_in(words, value_set=pa.array(FALSE)))
