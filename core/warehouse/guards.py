"""Guards: what is odd about a usage file, told before it is loaded."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from statistics import median_high, median_low
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Granularity, Kind, Reading
from core.warehouse import layouts, loaded_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    import duckdb

    from core.warehouse.batches import Twin
    from core.warehouse.differences import MonthChange

FACTORS: Final = {
    "1,000 or 1,024": (400, 2_600),
    "1,000,000": (400_000, 2_600_000),
}
"""Ratios that look like a wrong unit; the widths leave room for growth.

MB read as GB is 1,000 or 1,024 times off, bytes read as MB 1,000,000 times.
"""

ENOUGH: Final = 5
"""Subusers that make a typical one; fewer tell nothing."""

NEAREST: Final = 5
"""Months that tell what is usual: enough for a median, near enough to be alike."""

JUMP: Final = 3
"""A month with this many times the month before, or one in as many, is told."""

FALL: Final = 2
"""Changed days with one in so many of their GB are told."""

SHOWN: Final = 5
"""Names that a guard lists."""


@dataclass(frozen=True)
class Guard:
    """One odd thing in words. is_stop: the load waits until a person confirms it."""

    words: str
    is_stop: bool = False


def of_usage(
    cursor: duckdb.DuckDBPyConnection,
    reading: Reading,
    changes: Sequence[MonthChange],
) -> tuple[Guard, ...]:
    """List what is odd about a usage file beside the provider's history.

    Args:
        cursor: In the state that the file would be loaded into.
        reading: The file; of any kind but usage nothing is told.
        changes: Its differences by month.
    """
    if reading.kind is not Kind.USAGE or not reading.rows.num_rows:
        return ()
    loaded = loaded_months.months(cursor, reading.provider)
    after = {each.month: _after(each) for each in changes if each.month}
    rows = {each.month: _rows(each) for each in changes if each.month}
    before = {_before(month) for month in after}
    granularity = reading.rows["granularity"][0].as_py()
    amounts = loaded_months.amounts(cursor, reading.provider, before)
    counts = loaded_months.row_counts(cursor, reading.provider, granularity, before)
    return (
        *_unit_guards(cursor, reading, loaded),
        *_jump_guards(after, {**amounts, **after}),
        *_row_guards(rows, {**counts, **rows}),
        *_fall_guards(reading, changes),
        *_end_guards(reading),
        *_gap_guards(after, loaded),
        *_drop_guards(changes),
        *_twin_guards(cursor, reading),
        *_column_guards(cursor, reading),
    )


def of_twins(reading: Reading, twins: Sequence[Twin]) -> Iterable[Guard]:
    """Tell that the very content is loaded: read otherwise, or of another provider."""
    for twin in twins:
        if twin.provider == reading.provider:
            yield Guard(
                f"This file is load {twin.batch_id}, read otherwise. This load takes "
                "its place: the earlier one is withdrawn in the same step."
            )
        else:
            yield Guard(
                f"This very file is loaded as {twin.provider}'s already (load "
                f"{twin.batch_id}). Its usage would count twice: undo that load "
                "first, unless both providers sent the same.",
                is_stop=True,
            )


def _after(change: MonthChange) -> Decimal:
    """GB of the file in a month."""
    return change.amount_new + change.amount_changed_after + change.amount_same


def _rows(change: MonthChange) -> int:
    """Rows of the file in a month."""
    return change.rows_new + change.rows_changed + change.rows_same


def _unit_guards(
    cursor: duckdb.DuckDBPyConnection, reading: Reading, months: Sequence[date]
) -> Iterable[Guard]:
    """Stop a month whose subusers typically use 1,000, 1,024 or 1,000,000 times off.

    What is typical is the median over subusers; it holds against growth and against
    single heavy users. Usual is the median of the loaded months of the provider that
    are nearest in time, for a first file that of its own other months.
    """
    cursor.register("incoming", reading.rows)
    after = dict(cursor.execute(_medians(reading)).fetchall())
    cursor.unregister("incoming")
    loaded = _usual(cursor, reading.provider, sorted(after), months)
    for month, typical in sorted(after.items()):
        near = _nearest(month, loaded or after)
        # Two months that disagree tell nothing: the lower and the upper median must.
        factors = {_factor(typical / usual(near)) for usual in _MIDDLES if near}
        factor = factors.pop() if len(factors) == 1 else None
        if factor:
            yield Guard(
                f"{reading.file}: in {month:%Y-%m} a subuser typically has "
                f"{typical:,.6f} GB where {median_low(near):,.6f} GB are usual, about "
                f"{factor} times off. Is the unit right?",
                is_stop=True,
            )


_MIDDLES: Final = (median_low, median_high)


def _usual(
    cursor: duckdb.DuckDBPyConnection,
    provider: str,
    told: Sequence[date],
    months: Sequence[date],
) -> dict[date, float]:
    """Give the medians of the loaded months that are nearest to those that are told."""
    near = {other for month in told for other in _by_distance(month, months)[:NEAREST]}
    found = loaded_months.medians(cursor, provider, near, least=ENOUGH)
    if len(found) < len(near):
        # Months with too few subusers tell nothing: those after them do.
        return loaded_months.medians(cursor, provider, months, least=ENOUGH)
    return found


def _nearest(month: date, medians: dict[date, float]) -> list[float]:
    """Return the medians of the months nearest to a month, itself left out."""
    return [medians[other] for other in _by_distance(month, medians)[:NEAREST]]


def _by_distance(month: date, others: Iterable[date]) -> list[date]:
    """Put months in the order of their distance from one that is left out."""
    return sorted(
        (other for other in others if other != month),
        key=lambda other: (abs(other - month), other),
    )


def _medians(reading: Reading) -> str:
    """Select the median of subusers by month; a file of months has one row of each."""
    is_month = reading.rows["granularity"][0].as_py() == Granularity.MONTH
    monthly = (
        "SELECT period_start AS month, usage_gb FROM incoming"
        if is_month
        else "SELECT date_trunc('month', period_start)::DATE AS month, "
        "sum(usage_gb) AS usage_gb FROM incoming GROUP BY subuser, month"
    )
    return (
        f"SELECT month, median(usage_gb)::DOUBLE FROM ({monthly}) "
        f"WHERE usage_gb > 0 GROUP BY month HAVING count(*) >= {ENOUGH}"
    )


def _factor(ratio: float) -> str | None:
    for factor, (least, most) in FACTORS.items():
        if least <= max(ratio, 1 / ratio) <= most:
            return factor
    return None


def _jump_guards(
    after: dict[date, Decimal], months: dict[date, Decimal]
) -> Iterable[Guard]:
    """Tell a month with several times the GB of the month before, or a fraction."""
    for month in sorted(after):
        previous = months.get(_before(month))
        if not previous:
            continue
        ratio = after[month] / previous
        if ratio >= JUMP:
            yield Guard(
                f"{month:%Y-%m} has {ratio:,.1f} times the GB of the month before."
            )
        elif ratio * JUMP <= 1:
            yield Guard(
                f"{month:%Y-%m} has {ratio:.0%} of the GB of the month before. "
                "Was it exported before it was over?"
            )


def _row_guards(after: dict[date, int], months: dict[date, int]) -> Iterable[Guard]:
    """Tell a month with several times the rows of the month before, or a fraction."""
    for month, count in sorted(after.items()):
        previous = months.get(_before(month), 0)
        if max(count, previous) < ENOUGH or not (count and previous):
            continue
        if count >= JUMP * previous or count * JUMP <= previous:
            yield Guard(
                f"{month:%Y-%m} has {count:,} rows where the month before has "
                f"{previous:,}. Is the export whole?"
            )


def _fall_guards(reading: Reading, changes: Sequence[MonthChange]) -> Iterable[Guard]:
    """Tell days that fall to half or less: some of their hours would replace them all.

    So it is with refused hours that come back corrected, and with a day cut short.
    """
    if reading.rows["granularity"][0].as_py() != Granularity.DAY:
        return
    before = sum(change.amount_changed_before for change in changes)
    after = sum(change.amount_changed_after for change in changes)
    if before and after * FALL <= before:
        yield Guard(
            f"{reading.file}: days that are loaded with {before:,.3f} GB would have "
            f"{after:,.3f} GB. A file replaces whole days: if it has only some of "
            "their hours or parts, load one that has them all."
        )


def _end_guards(reading: Reading) -> Iterable[Guard]:
    """Tell a last month of days that has not come to its end."""
    if reading.rows["granularity"][0].as_py() != Granularity.DAY:
        return
    last = pc.max(reading.rows["period_start"]).as_py()
    length = monthrange(last.year, last.month)[1]
    if last.day < length:
        yield Guard(
            f"{last:%Y-%m} ends with day {last.day} of {length}: it is incomplete. "
            "Load a later export once the month is over."
        )


def _gap_guards(after: dict[date, Decimal], loaded: Sequence[date]) -> Iterable[Guard]:
    """Tell the months without data between the first and the last month."""
    months = sorted({*after, *loaded})
    missing = []
    month = months[0]
    while month < months[-1]:
        month = _next(month)
        if month not in after and month not in loaded:
            missing.append(f"{month:%Y-%m}")
    if missing:
        yield Guard(f"No usage for {_listed(missing)}: ask for these months too.")


def _drop_guards(changes: Sequence[MonthChange]) -> Iterable[Guard]:
    rows = sum(change.rows_missing for change in changes)
    if rows:
        usage_gb = sum(change.amount_missing for change in changes)
        yield Guard(
            f"{rows:,} loaded rows with {usage_gb:,.3f} GB are not in this file. "
            "They stay; undo their load if they are wrong."
        )


def _twin_guards(
    cursor: duckdb.DuckDBPyConnection, reading: Reading
) -> Iterable[Guard]:
    """Tell names that differ only in case or in blanks around them."""
    names = pa.table({"subuser": pc.unique(reading.rows["subuser"])})
    cursor.register("incoming", names)
    rows = []
    if cursor.execute(f"SELECT 1 {_ALIKE_NAMES} LIMIT 1").fetchall():
        rows = cursor.execute(_TWIN_NAMES, [reading.provider]).fetchall()
    cursor.unregister("incoming")
    if rows:
        yield Guard(
            "Names that differ only in case or blanks, each counted by itself: "
            f"{_listed([name for (name,) in rows])}."
        )


_ALIKE_NAMES: Final = (
    "FROM (SELECT subuser FROM incoming UNION SELECT subuser FROM subuser_name) "
    "GROUP BY lower(trim(subuser)) HAVING count(*) > 1"
)
"""Names that are alike, of any provider: nearly always there are none."""

_TWIN_NAMES: Final = (
    "SELECT string_agg(subuser, ' and ' ORDER BY subuser) FROM ("
    "SELECT subuser FROM incoming UNION "
    "SELECT subuser FROM usage_month WHERE provider = ?) "
    "GROUP BY lower(trim(subuser)) HAVING count(*) > 1 ORDER BY 1"
)


def _column_guards(
    cursor: duckdb.DuckDBPyConnection, reading: Reading
) -> Iterable[Guard]:
    """Tell columns that the provider's files did not have before, and lost ones."""
    new, gone = layouts.changed_columns(cursor, reading)
    told = [
        f"{words} {_listed(names)}."
        for words, names in (("New columns:", new), ("Columns gone:", gone))
        if names
    ]
    if told:
        yield Guard(f"{' '.join(told)} Is it still the same export?")


def _before(month: date) -> date:
    years, index = divmod(month.month - 2, 12)
    return month.replace(year=month.year + years, month=index + 1)


def _next(month: date) -> date:
    years, index = divmod(month.month, 12)
    return month.replace(year=month.year + years, month=index + 1)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
