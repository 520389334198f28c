"""Total rows of a usage export: found, left out, used as a checksum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import GB_TYPE
from core.sources.distinct import told
from core.sources.gigabytes import SUM_TYPE
from core.units import GB_BASES, GB_SCALE, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

TOTAL_NAME: Final = (
    r"(?i)^\s*(?:(?:grand |sub)?-?\s?totals?|sum|summary|all users"
    r"|итого|summe|gesamt|总计)\s*:?\s*$"
)
"""What stands in the name or the period of a total row, in several languages."""

CLOSE: Final = Decimal("0.01")
"""A dated row named `total` is a total when it is this near to the sum of others."""


@dataclass(frozen=True)
class Totals:
    """Total rows of a table.

    is_total has one entry per row. warnings tell totals that differ from the sum of
    the rows, and rows of that name that are none.
    """

    is_total: pa.Array
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    row: int
    line: int
    subuser: str
    period: str
    start: date | None
    usage: str
    usage_gb: Decimal | None
    unit: str
    gb_base: int


def find_totals(rows: pa.Table, gb_base: int = 1024) -> Totals:
    """Find total rows by their name, their empty cells and their sum.

    A row named `total` without a period is one, and so is a period of that name where
    all rows are of one subuser. With a period it is one if its usage is near the sum of
    that period or of the file, or above both: somebody may be called so, but nobody
    uses more than all others. A row without a name is one if it equals such a sum, as
    far as its digits go.

    Args:
        rows: Columns line, subuser, period, usage (text as sent), unit, start and
            usage_gb (null where the text cannot be read).
        gb_base: The number of MB in a GB.
    """
    names = rows["subuser"].combine_chunks().dictionary_encode()
    is_blank = told(names, lambda texts: pc.equal(pc.utf8_trim_whitespace(texts), ""))
    suspects = pc.or_(told(names, _is_named), is_blank)
    if len(names.dictionary) == 1:
        texts = rows["period"].combine_chunks().dictionary_encode()
        suspects = pc.or_(suspects, told(texts, _is_named))
    is_total = [False] * len(rows)
    warnings: list[str] = []
    if pc.any(suspects).as_py():
        sums = _Sums(rows, pc.invert(suspects))
        for candidate in _candidates(rows, suspects, gb_base):
            is_total[candidate.row], warning = _judged(candidate, sums)
            warnings += [warning] if warning else []
    return Totals(pa.array(is_total, pa.bool_()), tuple(warnings))


def _is_named(texts: pa.Array) -> pa.Array:
    return pc.match_substring_regex(texts, TOTAL_NAME)


class _Sums:
    """Sums in GB over the rows that are no candidates and can be read."""

    def __init__(self, rows: pa.Table, others: pa.Array) -> None:
        is_usage = pc.greater_equal(rows["usage_gb"], pa.scalar(0, GB_TYPE))
        is_good = pc.and_(others, pc.and_(pc.is_valid(rows["start"]), is_usage))
        self._rows = rows.select(["start", "usage_gb"]).filter(is_good)
        self._known: dict[date | None, Decimal | None] = {}

    def of(self, start: date | None) -> Decimal | None:
        """Sum one period, or all of them for None; None without any row."""
        if start not in self._known:
            self._known[start] = self._sum(start)
        return self._known[start]

    def _sum(self, start: date | None) -> Decimal | None:
        values = self._rows["usage_gb"]
        if start is not None:
            at_start = pc.equal(self._rows["start"], pa.scalar(start))
            values = values.filter(at_start)
        found: Decimal | None = pc.sum(values.cast(SUM_TYPE)).as_py()
        return found


def _candidates(
    rows: pa.Table, suspects: pa.Array, gb_base: int
) -> Iterator[_Candidate]:
    indices = pc.indices_nonzero(suspects)
    found = rows.take(indices).to_pylist()
    for row, cells in zip(indices.to_pylist(), found, strict=True):
        yield _Candidate(row=row, gb_base=gb_base, **cells)


def _judged(found: _Candidate, sums: _Sums) -> tuple[bool, str]:
    """Tell whether a row is a total, and what to say about it."""
    is_named = bool(re.match(TOTAL_NAME, found.subuser))
    sum_gb = _nearest_sum(found, sums)
    if found.start is None and (is_named or re.match(TOTAL_NAME, found.period)):
        return True, _difference(found, sum_gb)
    if found.usage_gb is None or sum_gb is None:
        return False, ""
    gap = abs(found.usage_gb - sum_gb)
    if is_named and (gap <= abs(sum_gb) * CLOSE or _is_above(found, sums)):
        return True, _difference(found, sum_gb)
    if is_named:
        return False, (
            f"The row on line {found.line} is named {found.subuser!r} but is no sum of "
            f"other rows ({plain(sum_gb)} GB): it is kept as a subuser."
        )
    return gap <= _half_digit(found), ""


def _is_above(found: _Candidate, sums: _Sums) -> bool:
    """Tell whether usage is above the sum of its period and of the file."""
    known = [each for each in (sums.of(None), sums.of(found.start)) if each is not None]
    return found.usage_gb is not None and found.usage_gb > max(known, default=0)


def _nearest_sum(found: _Candidate, sums: _Sums) -> Decimal | None:
    """Return the sum of its period or of the file, whichever is nearer."""
    choices = {sums.of(None), sums.of(found.start)} - {None}
    near = [choice for choice in choices if choice is not None]
    usage = found.usage_gb or Decimal(0)
    return min(near, key=lambda choice: (abs(choice - usage), choice), default=None)


def _difference(found: _Candidate, sum_gb: Decimal | None) -> str:
    """Say that a total differs from the sum; empty when it does not."""
    if found.usage_gb is None or sum_gb is None:
        return ""
    if abs(found.usage_gb - sum_gb) <= _half_digit(found):
        return ""
    return (
        f"The total row on line {found.line} says {plain(found.usage_gb)} GB, but the "
        f"rows that could be read sum to {plain(sum_gb)} GB: "
        "the file may be incomplete."
    )


def _half_digit(found: _Candidate) -> Decimal:
    """Return half a unit of the last digit that the row shows, in GB."""
    shown = re.search(r"[.,](\d+)\D*$", found.usage)
    has_power = "e" in found.usage.lower()
    decimals = GB_SCALE if has_power else len(shown[1]) if shown else 0
    return Decimal(5).scaleb(-decimals - 1) * GB_BASES[found.gb_base][found.unit]
