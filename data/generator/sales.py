"""Who buys when: payments and balance entries of the whole shop."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.draws import BASE62, Draw
from generator.ledger import payouts, stripe_fees
from generator.months import END, GAP, MONTHS
from generator.payments import (
    attempt,
    failed,
    guests,
    incomplete,
    packages,
    pay,
)
from generator.shop import Shopper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from generator.ledger import Entry
    from generator.payments import Payment


def needs(
    people: Sequence[Shopper], usage: dict[tuple[str, int], int]
) -> Iterator[tuple[Shopper, int, Decimal]]:
    """Give customer, month and GB to be covered; usage is in thousandths of a MB."""
    owner = {a.subuser: n for n, who in enumerate(people) for a in who.accounts}
    total: dict[tuple[int, int], int] = defaultdict(int)
    for (subuser, month), amount in usage.items():
        if subuser in owner:
            total[owner[subuser], month] += amount
    for n, who in enumerate(people):
        if who.accounts and who.first <= GAP <= who.last:
            total[n, GAP] = int(who.size_gb * 1024 * 1000)
    for (n, month), amount in sorted(total.items()):
        if amount > 50_000:
            yield people[n], month, Decimal(amount) / 1000 / 1024


def orders(
    draw: Draw, people: Sequence[Shopper], usage: dict[tuple[str, int], int]
) -> Iterator[Payment]:
    """Draw what customers and guests buy."""
    for who, month, need in needs(people, usage):
        for gb in packages(need):
            yield attempt(draw, who, gb, draw.moment(month))
    for email in guests(draw, people):
        month = draw.randrange(len(MONTHS))
        guest = Shopper(email, "", month, month, Decimal(1), "usd", ())
        yield attempt(draw, guest, draw.choice((1, 3, 5)), draw.moment(month))


def pending(draw: Draw) -> Iterator[Payment]:
    """Draw three bank debits of the last days, not settled yet."""
    for n in range(3):
        email = f"pending.parcel{n + 1}@example.net"
        ids = (f"cus_{draw.text(BASE62, 14)}",)
        who = Shopper(email, "", 35, 35, Decimal(1), "usd", ids)
        when: datetime = END - timedelta(hours=7 + 11 * n)
        waiting = attempt(draw, who, 25, when)
        waiting.id, waiting.card_id = draw.stripe_id("py"), ""
        waiting.status, waiting.message = "Pending", ""
        waiting.converted = waiting.amount
        yield waiting


def sales(
    people: Sequence[Shopper], usage: dict[tuple[str, int], int]
) -> tuple[list[Payment], list[Entry]]:
    """Draw all payment attempts, and every movement of the Stripe balance."""
    draw = Draw("sales")
    attempts: list[Payment] = []
    entries: list[Entry] = list(stripe_fees())
    for payment in orders(draw, people, usage):
        if draw.chance(70):
            attempts.append(incomplete(draw, payment))
        if draw.chance(80):
            attempts.append(failed(draw, payment))
        entries.extend(pay(draw, payment))
        attempts.append(payment)
    attempts.extend(pending(draw))
    for currency in ("usd", "eur"):
        entries.extend(payouts(list(entries), currency))
    return attempts, entries
