"""Costs: what a GB costs at a provider from a month on, as staff enter it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.actors import Action, Deed
from core.errors import OptionError
from core.warehouse.store import first, number

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.warehouse.store import Warehouse

MOST: Final = Decimal(10) ** 5
"""No GB costs as much as this many major units; it bounds the arithmetic."""

DECIMALS: Final = 6
"""Decimals that a price is kept with."""

_COLUMNS: Final = (
    "cost_id, provider, first_month, price_per_gb, currency, saved_at, saved_by, "
    "withdrawn_at, withdrawn_by"
)


@dataclass(frozen=True)
class Price:
    """What one GB costs at a provider, in major units of currency (lower case).

    It holds from first_month (first day) until the month of the provider's next price.
    """

    provider: str
    first_month: date
    price_per_gb: Decimal
    currency: str


@dataclass(frozen=True)
class Cost:
    """A price that was entered, when and by whom.

    Times are UTC without a zone; withdrawn_at is None while it counts.
    """

    cost_id: int
    price: Price
    saved_at: datetime
    saved_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


def live(warehouse: Warehouse) -> tuple[Cost, ...]:
    """List the prices that count, by provider and month."""
    return _listed(warehouse, "WHERE withdrawn_at IS NULL ORDER BY provider, 3")


def history(warehouse: Warehouse) -> tuple[Cost, ...]:
    """List every price ever entered, newest first."""
    return _listed(warehouse, "ORDER BY cost_id DESC")


def save(warehouse: Warehouse, price: Price, *, now: datetime, by: str) -> int:
    """Enter a price; return its id. One for the same provider and month gives way.

    Raises:
        OptionError: The price, the month or the currency cannot be.
    """
    _check(price)
    deed = Deed(
        Action.COST,
        f"{price.provider} from {price.first_month:%Y-%m}: "
        f"{price.price_per_gb} {price.currency.upper()} per GB",
        now,
        by,
    )
    with warehouse.writing(deed) as cursor:
        cursor.execute(
            "UPDATE cost SET withdrawn_at = ?, withdrawn_by = ? "
            "WHERE provider = ? AND first_month = ? AND withdrawn_at IS NULL",
            [now, by, price.provider, price.first_month],
        )
        currency = price.currency.lower()
        return number(
            cursor,
            "INSERT INTO cost SELECT coalesce(max(cost_id), 0) + 1, "
            "?, ?, ?, ?, ?, ?, NULL, NULL FROM cost RETURNING cost_id",
            [price.provider, price.first_month, price.price_per_gb, currency, now, by],
        )


def remove(warehouse: Warehouse, cost_id: int, *, now: datetime, by: str) -> None:
    """Take a price back; the one before it holds again.

    Raises:
        OptionError: There is no such price, or it is withdrawn already.
    """
    deed = Deed(Action.COST, f"price {cost_id} taken back", now, by)
    with warehouse.writing(deed) as cursor:
        found = first(
            cursor,
            "UPDATE cost SET withdrawn_at = ?, withdrawn_by = ? "
            "WHERE cost_id = ? AND withdrawn_at IS NULL RETURNING cost_id",
            [now, by, cost_id],
        )
        if found is None:
            raise OptionError(f"There is no price {cost_id} to take back.")


def _check(price: Price) -> None:
    per_gb, month = price.price_per_gb, price.first_month
    if not price.provider.strip():
        raise OptionError("A price needs a provider.")
    if month.day != 1:
        raise OptionError(f"A price begins with a month, not on {month:%Y-%m-%d}.")
    if not per_gb.is_finite() or not 0 <= per_gb < MOST:
        raise OptionError(f"{per_gb} is no price of a GB: 0 or more, below {MOST}.")
    if per_gb != round(per_gb, DECIMALS):
        raise OptionError(f"{per_gb} has more than {DECIMALS} decimals.")
    check_currency(price.currency)


def check_currency(currency: str) -> None:
    """See that a text is a currency code, `usd` or `USD`.

    Raises:
        OptionError: It is none.
    """
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise OptionError(f"{currency!r} is no currency code. Use one like 'usd'.")


def _listed(warehouse: Warehouse, rest: str) -> tuple[Cost, ...]:
    rows = warehouse.rows(f"SELECT {_COLUMNS} FROM cost {rest}")
    return tuple(Cost(row[0], Price(*row[1:5]), *row[5:]) for row in rows)  # type: ignore[arg-type]
