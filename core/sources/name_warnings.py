"""Sentences for staff about the subuser names of a usage file; nothing is refused."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import listed
from core.files import textcolumns
from core.models import Granularity
from core.sources.gigabytes import SUM_TYPE
from core.units import plain

DATE_NAME: Final = (
    r"(?i)^(?:[0-9]{1,2}-)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"-[0-9]{1,2}$|^[0-9]{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$"
)
"""A name that a spreadsheet has turned into a date (`Mar-20`, `20-Mar`)."""

USUAL_LENGTH: Final = 0.8
"""Share of all-digit names that makes their length the usual one."""

ENOUGH: Final = 5
"""All-digit names that make a usual length; fewer tell nothing."""


def name_warnings(rows: pa.Table) -> list[str]:
    """Tell of blanks around names and of names that a spreadsheet changed.

    Args:
        rows: Kept rows, columns of USAGE_SCHEMA.
    """
    names = textcolumns.plain(pa.chunked_array([pc.unique(rows["subuser"])]))
    return [
        *_padded_warnings(rows["subuser"], names),
        *_destroyed_warnings(rows.filter(rows["is_destroyed"])),
        *_date_warnings(names),
        *_digit_warnings(names),
        *_long_warnings(names),
    ]


def _padded_warnings(column: pa.ChunkedArray, names: pa.Array) -> list[str]:
    """Tell how many rows of a column have a padded one of its distinct names."""
    is_padded = pc.not_equal(names, pc.utf8_trim_whitespace(names))
    if not pc.any(is_padded).as_py():
        return []
    cells = textcolumns.plain(column)
    padded = pc.sum(pc.is_in(cells, value_set=names.filter(is_padded))).as_py()
    return [
        f"{padded} rows have blanks before or after the subuser. They are kept as "
        "sent: a name with a blank is another name."
    ]


def _date_warnings(names: pa.Array) -> list[str]:
    found = sorted(names.filter(pc.match_substring_regex(names, DATE_NAME)).to_pylist())
    if not found:
        return []
    return [
        f"{len(found)} subuser names look like dates that a spreadsheet made of them "
        f"({listed(found, limit=10)}): ask the provider for these names."
    ]


def _digit_warnings(names: pa.Array) -> list[str]:
    """Tell of numbers as names that lost zeros in front, or got a `.0` behind."""
    is_float = pc.match_substring_regex(names, r"^[0-9]+\.0$")
    floats = sorted(names.filter(is_float).to_pylist())
    found: list[str] = []
    if floats:
        found.append(
            f"{len(floats)} subuser names are numbers with .0 behind them "
            f"({listed(floats, limit=10)}), as a spreadsheet writes ids."
        )
    digits = names.filter(pc.match_substring_regex(names, r"^[0-9]+$"))
    lengths = Counter(pc.utf8_length(digits).to_pylist())
    if len(digits) < ENOUGH:
        return found
    usual, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
    short = [name for name in digits.to_pylist() if len(name) < usual]
    if short and count >= USUAL_LENGTH * len(digits):
        found.append(
            f"{len(short)} subuser names are numbers shorter than the usual {usual} "
            f"digits ({listed(sorted(short), limit=10)}): they may have lost zeros in "
            "front."
        )
    return found


def _long_warnings(names: pa.Array) -> list[str]:
    """Tell of numbers as names whose digits behind the 15th are all lost."""
    found = names.filter(pc.match_substring_regex(names, r"^[0-9]{16,}$"))
    is_cut = pc.match_substring_regex(found, r"^[0-9]{15}0+$")
    if not len(found) or not pc.all(is_cut).as_py():
        return []
    return [
        f"{len(found)} subuser names are numbers with nothing but zeros behind 15 "
        f"digits ({listed(sorted(found.to_pylist()), limit=10)}): a spreadsheet keeps "
        "no more, so they may be cut; ask the provider for these names."
    ]


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
