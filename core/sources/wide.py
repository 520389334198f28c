"""Tables with a column for each month or day, laid out as a row for each cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import listed
from core.files.textcolumns import packed
from core.sources.aliases import Role
from core.sources.headers import UNIT_NAMES, header
from core.sources.period_forms import FORMS
from core.sources.periods import periods
from core.sources.roles import candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.table import TextTable

PERIOD: Final = "Period"
"""Name of the column that gets the names of the columns of periods."""

USAGE: Final = "Usage"
"""Name of the column that gets their cells; behind it stands the unit, if told."""

COUNTED: Final = frozenset(
    form for form in FORMS if form.isdigit() and form not in {"202009", "20200930"}
)
"""Forms of periods that plain counts have, too: they make no name a period."""

_AMOUNTS: Final = frozenset({Role.USAGE, Role.UPLOAD, Role.DOWNLOAD})
_WITH_UNIT: Final = re.compile(r"(?P<period>.+?)[\s_]*[(\[]?(?P<unit>[^\W\d_]+)[)\]]?")


@dataclass(frozen=True)
class Wide:
    """Where the columns of periods of a header stand, and their names without a unit.

    unit is canonical; None where no name has one, empty where they differ.
    """

    places: tuple[int, ...]
    names: tuple[str, ...]
    unit: str | None


def find(names: Sequence[str]) -> Wide | None:
    """Find two or more columns that are called like months or days; None if not."""
    parts = [_parted(name) for name in names]
    found = periods(pa.array([name for name, _ in parts], pa.string()))
    if found.form in COUNTED:
        return None
    is_period = pc.is_valid(found.starts).to_pylist()
    places = tuple(at for at, is_one in enumerate(is_period) if is_one)
    if len(places) < 2:
        return None
    units = {parts[at][1] for at in places}
    unit = units.pop() if len(units) == 1 else ""
    return Wide(places, tuple(parts[at][0] for at in places), unit)


def long(table: TextTable) -> TextTable:
    """Give each cell of a period a row of its own, beside the other cells of its row.

    Columns are the others in their order, then PERIOD and USAGE. Rows keep the line of
    their row, and go by row, then period. Empty cells are no rows, and columns with
    usage of no period are left out; a note says so. Any table that is not wide stays as
    it is, and so does one whose periods differ in unit.
    """
    wide = find(table.header)
    if wide is None or wide.unit == "":
        return table
    width, height = len(wide.places), len(table.lines)
    cells = pa.concat_arrays([table.column(at) for at in wide.places])
    at = pa.arange(0, width * height)
    row = pc.divide(at, width)
    period = pc.subtract(at, pc.multiply(row, width))
    usage = cells.take(pc.add(pc.multiply(period, height), row))
    is_filled = pc.not_equal(pc.utf8_trim_whitespace(usage), "")
    row, period = row.filter(is_filled), period.filter(is_filled)
    others = [at for at in range(len(table.header)) if at not in wide.places]
    sums = [at for at in others if _is_usage(table.header[at])]
    others = [at for at in others if at not in sums]
    columns = [
        *(table.column(other).take(row) for other in others),
        pa.array(wide.names, pa.string()).take(period),
        usage.filter(is_filled),
    ]
    names = (*(table.header[other] for other in others), PERIOD, _usage(wide))
    empty = width * height - len(row)
    note = (
        f"It has {width} columns of periods, {wide.names[0]} to {wide.names[-1]}: each "
        f"of their cells is read as a row, {empty:,} empty ones are not."
    )
    if sums:
        named = listed([table.header[at] for at in sums], limit=5)
        note += f" Usage of no period is not read: {named}."
    return replace(
        table,
        header=names,
        columns=packed(pa.table(columns, names=[str(n) for n in range(len(names))])),
        lines=table.lines.take(row),
        notes=(*table.notes, note),
    )


def _is_usage(name: str) -> bool:
    """Tell whether a column is called like usage: the sum of the periods, mostly."""
    return any(role in _AMOUNTS for role, _ in candidates(header(name)))


def _usage(wide: Wide) -> str:
    return f"{USAGE} ({wide.unit})" if wide.unit else USAGE


def _parted(name: str) -> tuple[str, str | None]:
    """Take a unit off the end of a name: `2026-01 (GB)`, `Jan 2026 MB`."""
    match = _WITH_UNIT.fullmatch(name.strip())
    unit = UNIT_NAMES.get(match["unit"].lower()) if match else None
    return (match["period"], unit) if match and unit else (name, None)
