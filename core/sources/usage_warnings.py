"""Sentences for staff about a whole usage file; nothing is refused by them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import listed
from core.models import Granularity
from core.sources.gigabytes import SUM_TYPE
from core.units import GB_SCALE, plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.files.table import TextTable
    from core.sources.numbers import Numbers
    from core.sources.periods import Periods
    from core.sources.usage_units import RowUnits

USUAL_GB: Final = Decimal(50)
"""Half of all subusers use less in a month. Source: exports of residential proxies."""

MOST_GB: Final = Decimal(5000)
"""No subuser uses more in a month. Source: exports of residential proxies."""


def table_warnings(table: TextTable, used: Collection[int]) -> list[str]:
    """Tell of a guessed encoding and of columns that are not used."""
    found: list[str] = []
    if table.encoding == "cp1252":
        found.append(
            "The file is not UTF-8 and was read as Windows-1252: "
            "check names with letters beyond a to z."
        )
    extra = [name for at, name in enumerate(table.header) if at not in used]
    if extra:
        found.append(f"Columns that are not used: {listed(extra)}.")
    return found


def number_warnings(numbers: Numbers, rounded_count: int) -> list[str]:
    """Tell of marks that could be read in two ways, and of rounding."""
    found: list[str] = []
    if numbers.is_unsure:
        comma = "decimal mark" if numbers.decimal_mark == "," else "thousands mark"
        dot = "thousands mark" if numbers.decimal_mark == "," else "decimal mark"
        found.append(
            "Every number with a comma or a dot has three digits behind it, so either "
            f"could be meant. A comma was read as {comma}, a dot as {dot}."
        )
    if rounded_count:
        found.append(
            f"{rounded_count} values were rounded to {GB_SCALE} decimals of a GB, "
            "a billionth of a byte."
        )
    return found


def unit_warnings(units: RowUnits, usage_gb: pa.Array) -> list[str]:
    """Tell of a unit that only a profile told, and of figures that speak against it."""
    found = list(units.warnings)
    if not units.is_guess:
        return found
    found.append(f"The file does not say its unit ({units.rule}).")
    values = usage_gb.drop_null()
    many = pc.sum(pc.greater(values, pa.scalar(USUAL_GB))).as_py() or 0
    largest = pc.max(values).as_py()
    if largest is not None and (many * 2 > len(values) or largest > MOST_GB):
        found.append(
            f"The figures are large for {units.unit}: {many} of {len(values)} rows are "
            f"above {USUAL_GB} GB, the largest is {plain(largest)} GB. "
            "If the file is in another unit, load it with that unit."
        )
    return found


def period_warnings(periods: Periods) -> list[str]:
    """Tell that months were read out of days."""
    if not periods.is_first_of_month:
        return []
    return ["Every date is the first of a month: they were read as months."]


def name_warnings(rows: pa.Table) -> list[str]:
    """Tell of blanks around names and of names that a spreadsheet destroyed.

    Args:
        rows: Kept rows, columns of USAGE_SCHEMA.
    """
    names = rows["subuser"]
    is_padded = pc.not_equal(names, pc.utf8_trim_whitespace(names))
    padded = pc.sum(is_padded).as_py() or 0
    found: list[str] = []
    if padded:
        found.append(
            f"{padded} rows have blanks before or after the subuser. They are kept as "
            "sent: a name with a blank is another name."
        )
    return found + _destroyed_warnings(rows.filter(rows["is_destroyed"]))


def _destroyed_warnings(rows: pa.Table) -> list[str]:
    if not len(rows):
        return []
    names = sorted(pc.unique(rows["subuser"]).to_pylist())
    is_month = rows["granularity"][0].as_py() == Granularity.MONTH.value
    starts = sorted(map(str, pc.unique(rows["period_start"]).to_pylist()))
    shown = [start[:7] if is_month else start for start in (starts[0], starts[-1])]
    span = f"{len(starts)} {'months' if is_month else 'days'}, {' to '.join(shown)}"
    total = plain(pc.sum(rows["usage_gb"].cast(SUM_TYPE)).as_py())
    return [
        f"{len(names)} subuser names were turned into numbers by a spreadsheet "
        f"({listed(names, limit=10)}): {len(rows)} rows ({span}) with {total} GB. "
        "They stay in the totals; ask the provider for these names."
    ]
