"""Rates: what a currency was worth in another in a month, as staff enter it.

They serve a converted view only, which is labelled so; no figure is added without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.actors import Action, Deed
from core.errors import OptionError
from core.warehouse.costs import check_currency
from core.warehouse.store import first, number

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.warehouse.store import Warehouse

MOST: Final = Decimal(10) ** 9
"""No currency is worth as much of another; it bounds the arithmetic."""

DECIMALS: Final = 9
"""Decimals that a rate is kept with."""

_COLUMNS: Final = (
    "rate_id, month, currency, target, rate, saved_at, saved_by, withdrawn_at, "
    "withdrawn_by"
)


@dataclass(frozen=True)
class Rate:
    """One unit of currency is rate units of target in a month, both major units.

    Currencies are lower case, month its first day. Times are UTC without a zone;
    withdrawn_at is None while it counts.
    """

    rate_id: int
    month: date
    currency: str
    target: str
    rate: Decimal
    saved_at: datetime
    saved_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


def live(warehouse: Warehouse) -> tuple[Rate, ...]:
    """List the rates that count, by target, currency and month."""
    rest = "WHERE withdrawn_at IS NULL ORDER BY target, currency, month"
    rows = warehouse.rows(f"SELECT {_COLUMNS} FROM rate {rest}")
    return tuple(Rate(*row) for row in rows)  # type: ignore[arg-type]


def save(
    warehouse: Warehouse,
    month: date,
    pair: tuple[str, str],
    rate: Decimal,
    *,
    now: datetime,
    by: str,
) -> int:
    """Enter a rate; return its id. One for the same month and pair gives way.

    Args:
        warehouse: Where to keep it.
        month: First day.
        pair: The currency, and the target that it is turned into.
        rate: Units of the target for one unit of the currency.
        now: The time of the entry, UTC without a zone.
        by: Who enters it.

    Raises:
        OptionError: The rate, the month or a currency cannot be.
    """
    _check(month, pair, rate)
    currency, target = (code.lower() for code in pair)
    words = f"{month:%Y-%m}: 1 {currency.upper()} is {rate} {target.upper()}"
    with warehouse.writing(Deed(Action.RATE, words, now, by)) as cursor:
        cursor.execute(
            "UPDATE rate SET withdrawn_at = ?, withdrawn_by = ? WHERE month = ? "
            "AND currency = ? AND target = ? AND withdrawn_at IS NULL",
            [now, by, month, currency, target],
        )
        return number(
            cursor,
            "INSERT INTO rate SELECT coalesce(max(rate_id), 0) + 1, "
            "?, ?, ?, ?, ?, ?, NULL, NULL FROM rate RETURNING rate_id",
            [month, currency, target, rate, now, by],
        )


def remove(warehouse: Warehouse, rate_id: int, *, now: datetime, by: str) -> None:
    """Take a rate back.

    Raises:
        OptionError: There is no such rate, or it is withdrawn already.
    """
    deed = Deed(Action.RATE, f"rate {rate_id} taken back", now, by)
    with warehouse.writing(deed) as cursor:
        found = first(
            cursor,
            "UPDATE rate SET withdrawn_at = ?, withdrawn_by = ? "
            "WHERE rate_id = ? AND withdrawn_at IS NULL RETURNING rate_id",
            [now, by, rate_id],
        )
        if found is None:
            raise OptionError(f"There is no rate {rate_id} to take back.")


def _check(month: date, pair: tuple[str, str], rate: Decimal) -> None:
    for code in pair:
        check_currency(code)
    if pair[0].lower() == pair[1].lower():
        raise OptionError(f"{pair[0]!r} needs no rate to itself.")
    if month.day != 1:
        raise OptionError(f"A rate is of a month, not of the day {month:%Y-%m-%d}.")
    if not rate.is_finite() or not 0 < rate < MOST:
        raise OptionError(f"{rate} is no rate: more than 0, below {MOST}.")
    if rate != round(rate, DECIMALS):
        raise OptionError(f"{rate} has more than {DECIMALS} decimals.")
