"""Kinds of Stripe files, told by their column names.

Signatures are tried in order: payouts share columns with old Payments files, and
summaries share columns with itemized reports, so that the narrower comes first.

Source: headers of Stripe's exports from 2014 to 2026 and Stripe's documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from core.sources.stripe_headers import StripeHeader

if TYPE_CHECKING:
    from collections.abc import Sequence


class StripeKind(StrEnum):
    """What a Stripe file is; the value is how staff are told."""

    BALANCE_SUMMARY = "a Stripe balance summary"
    CATEGORY_SUMMARY = "a Stripe summary by category"
    ITEMIZED_PAYOUTS = "a Stripe itemized payouts report"
    RECONCILIATION = "Stripe payout reconciliation, itemized"
    ITEMIZED = "Stripe itemized balance change from activity"
    ALL_ACTIVITY = "Stripe All activity"
    PAYOUTS = "a Stripe payouts export"
    CUSTOMERS = "a Stripe customers export"
    INVOICES = "a Stripe invoices export"
    SUBSCRIPTIONS = "a Stripe subscriptions export"
    APPLICATION_FEES = "a Stripe application fees export"
    PAYMENTS = "Stripe Payments"


@dataclass(frozen=True)
class Signature:
    """Columns that tell a kind: all of needed, one of each choice, none of barred.

    first, when given, is the name of the first column.
    """

    kind: StripeKind
    needed: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...] = ()
    barred: tuple[str, ...] = ()
    first: str = ""

    def fits(self, header: StripeHeader) -> bool:
        """Tell whether a header has this signature."""
        if self.first:
            columns = header.matches(self.first)
            if not columns or columns[0].index != 0:
                return False
        return (
            header.has(*self.needed)
            and all(header.has_any(*choice) for choice in self.choices)
            and not header.has_any(*self.barred)
        )


_REPORT: Final = (
    "balance_transaction_id",
    "reporting_category",
    "gross",
    "fee",
    "net",
)
_NO_LEDGER: Final = ("Net", "Type", "reporting_category")

SIGNATURES: Final = (
    Signature(StripeKind.BALANCE_SUMMARY, ("category", "net_amount")),
    Signature(
        StripeKind.CATEGORY_SUMMARY,
        ("reporting_category", "count", "gross", "fee", "net"),
        barred=("balance_transaction_id",),
    ),
    Signature(
        StripeKind.ITEMIZED_PAYOUTS,
        ("payout_id",),
        choices=(("payout_status", "effective_at"),),
    ),
    Signature(
        StripeKind.RECONCILIATION,
        _REPORT,
        barred=("payout_status",),
        first="automatic_payout_id",
    ),
    Signature(StripeKind.ITEMIZED, _REPORT),
    Signature(
        StripeKind.ALL_ACTIVITY,
        ("Amount", "Net", "Created"),
        choices=(("Type", "Transaction Type"),),
        barred=("reporting_category",),
    ),
    Signature(StripeKind.PAYOUTS, ("Arrival Date", "Balance Transaction", "Method")),
    Signature(
        StripeKind.CUSTOMERS, ("Total Spend", "Payment Count", "Refunded Volume")
    ),
    Signature(StripeKind.INVOICES, ("Amount Due", "Subtotal", "Total", "Amount Paid")),
    Signature(
        StripeKind.SUBSCRIPTIONS,
        ("Plan", "Interval", "Quantity", "Current Period Start"),
    ),
    Signature(
        StripeKind.APPLICATION_FEES, ("User ID", "Application ID", "Transaction ID")
    ),
    Signature(
        StripeKind.PAYMENTS, ("Created date", "Amount", "Status"), barred=_NO_LEDGER
    ),
    Signature(
        StripeKind.PAYMENTS,
        ("Created", "Amount", "Amount Refunded", "Status"),
        choices=(("Captured", "Card ID"),),
        barred=_NO_LEDGER,
    ),
)
"""How a whole file is told, in the order of trial."""

PARTS: Final = (
    Signature(
        StripeKind.ITEMIZED,
        ("balance_transaction_id",),
        choices=(("reporting_category", "gross", "net"),),
    ),
    Signature(
        StripeKind.ALL_ACTIVITY,
        ("Amount", "Created", "Available On"),
        barred=_REPORT[:2],
    ),
    Signature(
        StripeKind.PAYMENTS,
        (),
        choices=(
            ("Created date", "Created"),
            ("Amount", "Converted Amount"),
            ("Amount Refunded", "Seller Message", "Statement Descriptor"),
            ("Captured", "Card ID", "Converted Currency", "Status"),
        ),
        barred=(*_NO_LEDGER, "Method", "Trace ID", "Balance Transaction"),
    ),
)
"""How a file is told when staff left out a column that is needed."""

_PAYOUTS: Final = (
    "Payouts move money that was already earned to the bank; they are no revenue. "
    "Load All activity or Payments instead."
)

REASONS: Final = {
    StripeKind.ITEMIZED_PAYOUTS: _PAYOUTS,
    StripeKind.PAYOUTS: _PAYOUTS,
    StripeKind.CUSTOMERS: (
        "It holds each customer's total of all time, without months. "
        "Load All activity or Payments instead."
    ),
    StripeKind.INVOICES: (
        "It holds what was billed: no fees, no refunds, and no payments without an "
        "invoice. Load All activity or Payments instead."
    ),
    StripeKind.SUBSCRIPTIONS: (
        "It holds prices of plans, not payments. Load All activity or Payments instead."
    ),
    StripeKind.APPLICATION_FEES: (
        "It holds fees that a platform took, which the platform's own ledger has too. "
        "Load All activity instead."
    ),
}
"""Why a kind is not loaded, and what to load instead."""


def recognise(header: Sequence[str]) -> StripeKind | None:
    """Tell what a Stripe file is by its column names; None for any other file.

    A Payments, All activity or itemized file that lacks a needed column is told too;
    its reader then names the column.
    """
    columns = StripeHeader.of(header)
    for signature in (*SIGNATURES, *PARTS):
        if signature.fits(columns):
            return signature.kind
    return None


def refusal(header: Sequence[str]) -> tuple[str, str] | None:
    """Return what a Stripe file is and why it is not loaded; None when it can be."""
    kind = recognise(header)
    if kind is None or kind not in REASONS:
        return None
    return kind.value, REASONS[kind]
