"""The Stripe balance: its transactions, its payouts, and the All activity export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from generator.draws import Draw
from generator.months import END, MONTHS, first_day
from generator.text import csv_bytes, money

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEDGER_START: Final = datetime(2024, 11, 1)
"""First moment of the export, UTC; payments reach further back."""

FIRST_PAYOUT: Final = datetime(2023, 11, 6, 0, 12)
"""The first weekly payout, a Monday."""

FAILED_PAYOUT: Final = 120
"""Which weekly US dollar payout the bank sends back."""

HEADER: Final = (
    "id,Type,Source,Amount,Fee,Destination Platform Fee,Destination Platform Fee "
    "Currency,Net,Currency,Created (UTC),Available On (UTC),Description,Customer "
    "Facing Amount,Customer Facing Currency,Transfer,Transfer Date (UTC),Transfer Group"
).split(",")
"""Columns of Stripe's All activity export."""


@dataclass
class Entry:
    """One balance transaction, in minor units of its settlement currency.

    facing is what the customer saw: amount as text, and currency. The payout fields
    stay empty until a payout takes the money along.
    """

    id: str
    type: str
    source: str
    amount: int
    fee: int
    currency: str
    created: datetime
    description: str
    facing: tuple[str, str] = ("", "")
    payout_id: str = ""
    payout_date: str = ""

    @property
    def available(self) -> datetime:
        """Tell when the money can be paid out: sales wait until the fourth day."""
        if not self.facing[1] or self.type == "adjustment":
            return self.created
        return datetime(*self.created.timetuple()[:3]) + timedelta(days=4)


def stripe_fees() -> Iterator[Entry]:
    """Bill each month's use of Stripe; from 2026 on the tax on it stands in fee."""
    draw = Draw("stripe fees")
    for month in range(1, len(MONTHS)):
        when = first_day(month) + timedelta(days=1, hours=5, minutes=38)
        amount = draw.randrange(700, 2600)
        tax = amount * 8 // 100 if when.year >= 2026 else 0
        text = f"Billing - Usage Fee ({when - timedelta(days=1):%Y-%m-%d})"
        yield Entry(
            draw.stripe_id("txn"), "stripe_fee", "", -amount, tax, "usd", when, text
        )


def payouts(entries: Sequence[Entry], currency: str) -> Iterator[Entry]:
    """Pay out what is available each Monday; one payout comes back and goes again."""
    draw = Draw(f"payouts {currency}")
    waiting = [entry for entry in entries if entry.currency == currency]
    weeks = (END - FIRST_PAYOUT).days // 7 + 1
    for week in range(weeks):
        when = FIRST_PAYOUT + timedelta(weeks=week)
        ready = [entry for entry in waiting if entry.available <= when]
        total = sum(entry.amount - entry.fee for entry in ready)
        if total <= 0:
            continue
        payout = draw.stripe_id("po")
        for entry in ready:
            entry.payout_id, entry.payout_date = payout, f"{when:%Y-%m-%d %H:%M}"
        waiting = [entry for entry in waiting if not entry.payout_id]
        yield moved(draw, "payout", payout, -total, currency, when)
        if currency == "usd" and week == FAILED_PAYOUT:
            later = when + timedelta(days=3)
            back = moved(draw, "payout_failure", payout, total, currency, later)
            waiting.append(back)
            yield back


def moved(
    draw: Draw, kind: str, payout: str, amount: int, currency: str, when: datetime
) -> Entry:
    """Make the entry of a payout or of its failure."""
    text = "STRIPE PAYOUT" if kind == "payout" else "STRIPE PAYOUT FAILED"
    return Entry(draw.stripe_id("txn"), kind, payout, amount, 0, currency, when, text)


def ledger_row(entry: Entry) -> tuple[str, ...]:
    """Write an entry as a row of the All activity export."""
    return (
        entry.id,
        entry.type,
        entry.source,
        money(entry.amount),
        money(entry.fee),
        "",
        "",
        money(entry.amount - entry.fee),
        entry.currency,
        f"{entry.created:%Y-%m-%d %H:%M}",
        f"{entry.available:%Y-%m-%d %H:%M}",
        entry.description,
        *entry.facing,
        entry.payout_id,
        entry.payout_date,
        "",
    )


def ledger_file(entries: Sequence[Entry]) -> bytes:
    """Write the All activity export of the last 24 months, newest first."""
    shown = [entry for entry in entries if entry.created >= LEDGER_START]
    newest = sorted(shown, key=lambda e: (e.created, e.id), reverse=True)
    return csv_bytes(HEADER, map(ledger_row, newest))
