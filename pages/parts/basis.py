"""Where the money of a month is read from, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pages.parts import formats, words

if TYPE_CHECKING:
    import pandas as pd

NAMES: Final = {
    "ledger": "Exact",
    "payments": "Estimated",
    "ledger, incomplete": "Incomplete",
}
"""Short name of a month's basis."""

MEANINGS: Final = {
    "ledger": "from the ledger, Stripe's All activity: every movement by its own date",
    "payments": "from Payments: fees stand in the month of the payment, lost disputes "
    "and fees without a payment are missing",
    "ledger, incomplete": "the ledger lacks payments that a Payments file has, and the "
    "other way round: export both again for these months",
}
"""What a month's basis means."""


def summary(rows: pd.DataFrame) -> str:
    """Say which months are exact and which are not, one sentence for each basis.

    Args:
        rows: As core.reports.revenue.of_currency returns them.
    """
    said = []
    for name, meaning in MEANINGS.items():
        months = rows.loc[rows["basis"] == name, "month"]
        if len(months):
            first, last = formats.month(months.min()), formats.month(months.max())
            ends = first if first == last else f"{first} to {last}"
            counted = words.counted(len(months), "month")
            said.append(f"{NAMES[name]}: {counted}, {ends}, {meaning}.")
    return " ".join(said)


def zone(time_zone: str) -> str:
    """Say which time zone decides the month of a payment."""
    return f"Months in reporting time zone {time_zone}. Currencies are never added."


def fees(has_stripe_fees: bool) -> str:
    """Say whether fees that belong to no payment are in the net volume shown first."""
    if has_stripe_fees:
        return (
            "Net volume shown first is after Stripe's fees that belong to no payment."
        )
    return "Stripe's fees that belong to no payment are not in net volume."
