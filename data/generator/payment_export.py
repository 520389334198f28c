"""The Payments export of Stripe: one row per attempt, paid or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.payments import SETTLED
from generator.text import csv_bytes, money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.payments import Payment

HEADER: Final = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,"
    "Converted Amount Refunded,Converted Currency,Decline Reason,Description,Fee,"
    "Refunded date (UTC),Statement Descriptor,Status,Seller Message,Taxes On Fee,"
    "Card ID,Customer ID,Customer Description,Customer Email,Invoice ID,Transfer"
).split(",")
"""Columns of Stripe's Payments export, default set of 2025-26."""


def payment_row(payment: Payment) -> tuple[str, ...]:
    """Write a payment as a row of the Payments export."""
    is_real = payment.id != ""
    is_settled = payment.charge is not None
    settled = SETTLED[payment.currency] if is_settled else payment.currency
    return (
        payment.id,
        f"{payment.created:%Y-%m-%d %H:%M:%S}",
        money(payment.amount),
        money(payment.refunded) if is_real else "",
        payment.currency,
        "true" if is_real else "",
        money(payment.converted) if is_real else "",
        money(payment.converted_refunded) if is_real else "",
        settled if is_real else "",
        payment.decline,
        payment.description,
        money(payment.fee) if is_real else "",
        payment.refunded_at,
        "METERBOOK SAMPLE" if payment.card_id and is_settled else "",
        payment.status,
        payment.message,
        money(payment.tax) if is_real else "",
        payment.card_id,
        payment.customer_id,
        "",
        payment.email,
        "",
        payment.charge.payout_id if payment.charge else "",
    )


def payments_file(payments: Sequence[Payment]) -> bytes:
    """Write the Payments export of all months, newest first."""
    newest = sorted(payments, key=lambda p: (p.created, p.id), reverse=True)
    return csv_bytes(HEADER, map(payment_row, newest))
