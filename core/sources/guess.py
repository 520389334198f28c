"""Tables of no known kind that could be usage: what a person is asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import NotLoadableError
from core.sources import wide
from core.sources.aliases import Role
from core.sources.mapping import Mapping, Question
from core.sources.numbers import decimals
from core.sources.periods import periods
from core.sources.recognition import Recognised
from core.sources.roles import roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from core.files.table import TextTable

SAMPLE_ROWS: Final = 200
"""Rows from the top that a guess rests on."""

_WIDE: Final = (
    "Each month or day is a column of its own, and their names differ in unit. Make it "
    "one row for each subuser and month, with the columns Subuser, Date and Usage."
)


def guess(table: TextTable, known: Sequence[str]) -> Recognised | None:
    """Propose columns for a table of no known kind; None when it cannot be usage.

    It can be when one column has periods, another one numbers and a third one texts.
    Everything is left for a person to confirm.

    Args:
        table: The table.
        known: Kinds of files that are known, for the message.

    Raises:
        NotLoadableError: The periods are columns that differ in unit.
    """
    if wide.find(table.header) is not None:
        raise NotLoadableError(table.file, "a table with a column per period", _WIDE)
    places = range(len(table.header))
    dated = [at for at in places if _is_dated(_top(table, at))]
    numeric = [at for at in places if at not in dated and _is_numeric(_top(table, at))]
    texts = [at for at in places if at not in dated and at not in numeric]
    named = roles(table.header)
    if not (dated and numeric and (texts or named[Role.SUBUSER])):
        return None
    subuser = _preferred(named[Role.SUBUSER], texts)
    mapping = Mapping(
        usage=(_preferred(named[Role.USAGE], numeric),),
        subuser=subuser,
        period=_preferred(named[Role.PERIOD], dated),
    )
    if len(set(mapping.columns())) < 3:
        return None
    words = (
        f"It is not recognised. Known kinds: {', '.join(known)}. If it is a usage "
        "export, say which columns hold the subuser, the month or day, and the usage."
    )
    others = [Question(field, "") for field in ("period", "usage")]
    return Recognised(mapping, (Question("subuser", words), *others))


def _top(table: TextTable, at: int) -> pa.Array:
    return table.column(at).slice(0, SAMPLE_ROWS)


def _is_dated(cells: pa.Array) -> bool:
    """Tell whether most cells are months or days, and not plain counts."""
    found = periods(cells)
    is_counted = found.form in wide.COUNTED
    return (
        len(cells) > 0 and not is_counted and found.starts.null_count * 2 < len(cells)
    )


def _is_numeric(cells: pa.Array) -> bool:
    return len(cells) > 0 and 2 * int(decimals(cells).values.null_count) < len(cells)


def _preferred(named: Sequence[int], fitting: Sequence[int]) -> int:
    """Return the fitting column that its name speaks for, else the first."""
    both = [at for at in fitting if at in named]
    return (both or fitting or named)[0]
