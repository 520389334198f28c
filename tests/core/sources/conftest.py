"""Tables and Stripe accounts made by hand, for tests of the sources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.files.table import read_table
from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.files.table import TextTable


@pytest.fixture(scope="session")
def table_of() -> Callable[..., TextTable]:
    """Read the text of a file."""

    def read(text: str, file: str = "file.csv") -> TextTable:
        return read_table(Upload(file, text.encode()))

    return read


Figures = dict[str, dict[str, dict[str, Decimal]]]
"""Currency -> month -> name -> amount in major units."""


@pytest.fixture(scope="session")
def expected() -> Callable[[str], Figures]:
    """Tell the figures of a Stripe sample, found by csv and Decimal alone."""
    path = Path(__file__).parent / "samples" / "stripe" / "expected.json"
    figures = json.loads(path.read_text())
    return figures.__getitem__


@pytest.fixture(scope="session")
def flat() -> Callable[[Figures], dict[tuple[str, str, str], Decimal]]:
    """Turn figures into one level, those that are 0 left out."""

    def flatten(figures: Figures) -> dict[tuple[str, str, str], Decimal]:
        return {
            (currency, month, name): Decimal(amount)
            for currency, months in figures.items()
            for month, sums in months.items()
            for name, amount in sums.items()
            if Decimal(amount)
        }

    return flatten


@dataclass(frozen=True)
class Sale:
    """One payment of a made account, in cents, and what became of it.

    refund_days and dispute_days count from the payment; None where there is none.
    """

    amount: int
    fee: int
    tax: int
    minute: int
    refund: int = 0
    refund_days: int = 0
    is_failed: bool = False


@dataclass(frozen=True)
class Account:
    """A made Stripe account in US dollars: the same sales as either export."""

    sales: tuple[Sale, ...]

    def payments(self, order: Sequence[int]) -> str:
        """Write the Payments export, rows in the order of these numbers."""
        header = (
            "id,Created date (UTC),Amount,Amount Refunded,Currency,Converted Amount,"
            "Converted Amount Refunded,Converted Currency,Fee,Refunded date (UTC),"
            "Status,Taxes On Fee,Customer Email"
        )
        rows = [self._payment(number, sale) for number, sale in enumerate(self.sales)]
        return "\n".join([header, *(rows[place] for place in order)]) + "\n"

    def ledger(self) -> str:
        """Write All activity."""
        header = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC)"
        rows: list[str] = []
        for number, sale in enumerate(self.sales):
            if sale.is_failed:
                continue
            fee = sale.fee + sale.tax
            rows.append(self._movement(number, "charge", sale.amount, fee, sale, 0))
            if sale.refund:
                days = sale.refund_days
                rows.append(
                    self._movement(number, "refund", -sale.refund, 0, sale, days)
                )
        return "\n".join([header, *rows]) + "\n"

    @property
    def net_cents(self) -> int:
        """Net volume of all time."""
        good = [sale for sale in self.sales if not sale.is_failed]
        return sum(sale.amount - sale.fee - sale.tax - sale.refund for sale in good)

    def _payment(self, number: int, sale: Sale) -> str:
        status = "Failed" if sale.is_failed else "Paid"
        refund = 0 if sale.is_failed else sale.refund
        fee, tax = (0, 0) if sale.is_failed else (sale.fee, sale.tax)
        refunded_at = _time(sale, sale.refund_days) if refund else ""
        amounts = f"{_dollars(sale.amount)},{_dollars(refund)},usd"
        return (
            f"ch_{number},{_time(sale, 0)},{amounts},{amounts},{_dollars(fee)},"
            f"{refunded_at},{status},{_dollars(tax)},buyer{number % 3}@example.com"
        )

    def _movement(
        self, number: int, kind: str, amount: int, fee: int, sale: Sale, days: int
    ) -> str:
        return (
            f"txn_{kind}_{number},{kind},ch_{number},{_dollars(amount)},{_dollars(fee)},"
            f"{_dollars(amount - fee)},usd,{_time(sale, days)[:-3]}"
        )


def _dollars(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


def _time(sale: Sale, days: int) -> str:
    at = datetime(2025, 10, 1) + timedelta(minutes=sale.minute, days=days)
    return f"{at:%Y-%m-%d %H:%M:%S}"


@pytest.fixture(scope="session")
def account() -> Callable[..., Account]:
    """Make a Stripe account of (amount, fee, tax, minute, refund, days, failed)."""

    def make(*sales: tuple[int, int, int, int, int, int, bool]) -> Account:
        return Account(tuple(Sale(*sale) for sale in sales))

    return make
