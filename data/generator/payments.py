"""Payments of the shop and what became of them.

Amounts are integer minor units. Every movement of the Stripe balance that a payment
causes is an Entry, so that both Stripe exports tell of the same money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from generator.handles import local_parts
from generator.ledger import Entry
from generator.months import END
from generator.text import money

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from generator.draws import Draw
    from generator.shop import Shopper

PRICES: Final = {
    1: 600,
    3: 1650,
    5: 2500,
    10: 4500,
    25: 10000,
    50: 18000,
    100: 32000,
    250: 70000,
    500: 130000,
    1000: 240000,
}
"""Price of a package in US cents, by its GB."""

SETTLED: Final = {"usd": "usd", "eur": "eur", "gbp": "usd"}
"""Settlement currency of each currency that customers pay in."""

PRICE_PERCENT: Final = {"usd": 100, "eur": 92, "gbp": 79}
"""A price in each currency, in percent of the number in PRICES."""

CARD_FEES: Final = {"usd": (290, 30), "eur": (150, 25), "gbp": (490, 30)}
"""Fee by currency paid in: hundredths of a percent, and minor units on top."""

REFUND_FEES: Final = {"usd": 0, "eur": 0, "gbp": 200}
"""Fee of a refund in hundredths of a percent: only a conversion costs."""

DISPUTE_FEES: Final = {"usd": 1500, "eur": 2000}
"""Stripe's fee for a dispute in minor units, by settlement currency."""

TAX_START: Final = datetime(2026, 1, 1)
"""From here on Stripe's fees carry a tax of TAX_RATE."""

TAX_RATE: Final = 800
"""Tax on Stripe's fees, in hundredths of a percent."""

DECLINES: Final = {
    "insufficient_funds": "The bank returned the decline code `insufficient_funds`.",
    "generic_decline": "The bank did not return any further details.",
    "do_not_honor": "The bank returned the decline code `do_not_honor`.",
}
"""Decline reasons with what the seller is told."""

INCOMPLETE: Final = ("canceled", "requires_payment_method", "requires_action")
"""Statuses of attempts that never became a charge."""


@dataclass
class Payment:
    """One payment attempt as the Payments export tells it at its end.

    amount and refunded are in currency, the converted ones, fee and tax in the
    settlement currency. An incomplete attempt has no id.
    """

    id: str
    created: datetime
    amount: int
    currency: str
    description: str
    email: str
    customer_id: str
    card_id: str = ""
    status: str = "Paid"
    message: str = "Payment complete."
    decline: str = ""
    converted: int = 0
    fee: int = 0
    tax: int = 0
    refunded: int = 0
    converted_refunded: int = 0
    refunded_at: str = ""
    charge: Entry | None = None

    @property
    def noun(self) -> str:
        """Name the payment as Stripe's ledger does: cards are charges."""
        return "charge" if self.id.startswith("ch_") else "payment"


def part(amount: int, rate: int) -> int:
    """Take hundredths of a percent of minor units, halves up."""
    return (amount * rate + 5000) // 10000


def tax_on(fee: int, when: datetime) -> int:
    """Give the tax on a fee of Stripe."""
    return part(fee, TAX_RATE) if when >= TAX_START else 0


def exchange(draw: Draw, amount: int, currency: str) -> int:
    """Turn an amount into the settlement currency at a rate of the day."""
    is_settled = SETTLED[currency] == currency
    return amount if is_settled else part(amount, draw.randrange(12400, 13300))


def packages(need_gb: Decimal) -> list[int]:
    """Choose what covers a month's GB: big packages, then the smallest that does."""
    whole, rest = divmod(need_gb, max(PRICES))
    bought = [max(PRICES)] * int(whole)
    if rest > 0:
        bought.append(min(gb for gb in PRICES if gb >= rest))
    return bought


def attempt(draw: Draw, who: Shopper, gb: int, created: datetime) -> Payment:
    """Draw an attempt to buy a package, not yet paid."""
    by_card = draw.chance(700)
    return Payment(
        id=draw.stripe_id("ch" if by_card else "py"),
        created=created,
        amount=PRICES[gb] * PRICE_PERCENT[who.currency] // 100,
        currency=who.currency,
        description=f"Order {draw.randrange(10**5, 10**6)}, {gb} GB residential",
        email=who.email.capitalize() if draw.chance(20) else who.email,
        customer_id=draw.choice(who.ids) if who.ids else "",
        card_id=f"pm_1{draw.text('abcdefghkmnpqrstuvwxyz0123456789', 23)}"
        if by_card
        else "",
    )


def pay(draw: Draw, payment: Payment) -> Iterator[Entry]:
    """Settle a payment, and let a few be refunded or disputed later."""
    rate, fixed = CARD_FEES[payment.currency]
    payment.converted = exchange(draw, payment.amount, payment.currency)
    payment.fee = part(payment.converted, rate) + fixed
    payment.tax = tax_on(payment.fee, payment.created)
    payment.charge = Entry(
        draw.stripe_id("txn"),
        payment.noun,
        payment.id,
        payment.converted,
        payment.fee + payment.tax,
        SETTLED[payment.currency],
        payment.created,
        payment.description,
        (money(payment.amount), payment.currency),
    )
    yield payment.charge
    if draw.chance(38):
        yield from refund(draw, payment)
    elif draw.chance(9) and payment.currency == SETTLED[payment.currency]:
        yield from dispute(draw, payment)


def refund(draw: Draw, payment: Payment) -> Iterator[Entry]:
    """Give back all or half of a payment, up to 100 days later."""
    when = payment.created + timedelta(minutes=draw.randrange(60, 60 * 24 * 100))
    amount = payment.amount if draw.chance(650) else payment.amount // 2
    if when >= END:
        return
    back = exchange(draw, amount, payment.currency)
    fee = part(back, REFUND_FEES[payment.currency])
    tax = tax_on(fee, when)
    payment.refunded, payment.converted_refunded = amount, back
    payment.refunded_at = f"{when:%Y-%m-%d %H:%M:%S}"
    payment.status = "Refunded" if amount == payment.amount else "Paid"
    payment.fee += fee
    payment.tax += tax
    yield Entry(
        draw.stripe_id("txn"),
        "refund" if payment.noun == "charge" else "payment_refund",
        payment.id,
        -back,
        fee + tax,
        SETTLED[payment.currency],
        when,
        f"REFUND FOR {payment.noun.upper()} ({payment.description})",
        (money(-amount), payment.currency),
    )


def dispute(draw: Draw, payment: Payment) -> Iterator[Entry]:
    """Let a bank take a payment back; four in ten are won again."""
    opened = payment.created + timedelta(minutes=draw.randrange(14_000, 80_000))
    closed = opened + timedelta(minutes=draw.randrange(40_000, 90_000))
    source, fee = draw.stripe_id("dp"), DISPUTE_FEES[SETTLED[payment.currency]]
    moves = [("withdrawal", -payment.converted, fee, opened)]
    if draw.chance(400):
        moves.append(("reversal", payment.converted, 0, closed))
    for word, amount, cost, when in moves:
        if when < END:
            payment.fee += cost
            yield Entry(
                draw.stripe_id("txn"),
                "adjustment",
                source,
                amount,
                cost,
                SETTLED[payment.currency],
                when,
                f"Chargeback {word} for {payment.id}",
                (money(amount), payment.currency),
            )


def failed(draw: Draw, payment: Payment) -> Payment:
    """Make the declined attempt before a payment; its conversion is never real."""
    reason = draw.choice(sorted(DECLINES))
    return Payment(
        id=draw.stripe_id("ch"),
        created=payment.created - timedelta(seconds=draw.randrange(20, 900)),
        amount=payment.amount,
        currency=payment.currency,
        description=payment.description,
        email=payment.email,
        customer_id=payment.customer_id,
        status="Failed",
        message=DECLINES[reason],
        decline=reason,
        converted=payment.amount,
    )


def incomplete(draw: Draw, payment: Payment) -> Payment:
    """Make an attempt that was left: no id, no settlement."""
    return Payment(
        id="",
        created=payment.created - timedelta(seconds=draw.randrange(900, 9000)),
        amount=payment.amount,
        currency=payment.currency,
        description=payment.description,
        email=payment.email,
        customer_id=payment.customer_id,
        status=draw.choice(INCOMPLETE),
        message="",
    )


def guests(draw: Draw, people: Sequence[Shopper]) -> list[str]:
    """Make emails of buyers without an account; a few gave none."""
    known = {who.email for who in people}
    emails = [f"{local}@example.org" for local in local_parts(draw, 45)]
    return [email for email in emails if email not in known] + [""] * 6
