"""Sentences for staff about a whole usage file; nothing is refused by them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import listed
from core.models import Granularity
from core.units import GB_SCALE, plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.files.table import TextTable
    from core.sources.counters import Steps
    from core.sources.mapping import Mapping
    from core.sources.numbers import Numbers
    from core.sources.periods import Periods
    from core.sources.usage_units import RowUnits

USUAL_GB: Final = Decimal(50)
"""Half of all subusers use less in a month. Source: exports of residential proxies."""

MOST_GB: Final = Decimal(5000)
"""No subuser uses more in a month. Source: exports of residential proxies."""


CUT_COUNTS: Final = frozenset({50, 100, 500, 1000, 5000})
"""Rows at which exports are cut off. Source: page sizes and limits of providers."""


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
    if table.rows_read in CUT_COUNTS:
        found.append(
            f"The file has exactly {table.rows_read} rows, as many exports have that "
            "are cut off: check that it is whole."
        )
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


def assumed(provider: str) -> str:
    """Tell of a provider that nothing in the file names."""
    return f"The header does not tell the provider: {provider} is assumed."


def known_warnings(mapping: Mapping, provider: str) -> list[str]:
    """Tell of a provider and of a subuser that no column names."""
    found: list[str] = []
    if not mapping.provider:
        found.append(assumed(provider))
    if mapping.subuser is None:
        found.append(
            f"No column has the subuser: every row is of {mapping.subuser_name!r}."
        )
    return found


def period_warnings(periods: Periods, mapping: Mapping) -> list[str]:
    """Tell how days were made of what stands in the file, and of weeks."""
    found: list[str] = []
    if periods.is_first_of_month:
        found.append("Every date is the first of a month: they were read as months.")
    elif _is_one_first(periods, mapping):
        found.append(
            "Every date is the first of one month, and is read as that day. If the "
            "rows are of the whole month, say that the file is by month."
        )
    if periods.has_clock:
        zone = mapping.time_zone
        found.append(f"Times of day were added up to days of the time zone {zone}.")
    if periods.offsets:
        hours = ", ".join(f"{offset / 3600:+g}" for offset in periods.offsets)
        found.append(f"The days begin {hours} hours from UTC and are kept as they are.")
    if _is_weekly(periods):
        found.append(
            "All dates fall on one day of the week: this looks like usage by week, "
            "which cannot be divided between months. Export it by day."
        )
    return found


def _is_one_first(periods: Periods, mapping: Mapping) -> bool:
    is_days = periods.granularity is Granularity.DAY and mapping.granularity is None
    days = pc.unique(periods.starts.drop_null())
    return bool(is_days and len(days) == 1 and days[0].as_py().day == 1)


def _is_weekly(periods: Periods) -> bool:
    if periods.granularity is not Granularity.DAY or periods.has_clock:
        return False
    days = pc.unique(periods.starts.drop_null())
    return len(days) > 2 and pc.count_distinct(pc.day_of_week(days)).as_py() == 1


def rollup_warnings(
    table: TextTable, mapping: Mapping, before: int, after: int
) -> list[str]:
    """Tell that rows of one subuser and period were added up."""
    if before == after:
        return []
    names = [table.header[at] for at in mapping.parts]
    found = f"{before} rows were added up to {after}, one per subuser and period."
    if names:
        found += f" Rows that differ only in {listed(names)} are parts of one usage."
    return [found]


def counter_warnings(steps: Steps) -> list[str]:
    """Tell of counters that fell, and of steps over the end of a month."""
    found: list[str] = []
    if steps.drops:
        names = [name for name, _ in steps.drops]
        times = sum(count for _, count in steps.drops)
        found.append(
            f"Counters fell {times} times ({listed(names, limit=10)}): usage after a "
            "fall counts from zero, usage just before it may be missing."
        )
    if steps.crossing_count:
        found.append(
            f"{steps.crossing_count} steps of the counter began in an earlier month "
            "than they ended in; they count where they ended."
        )
    return found
