"""Stripe's own totals of the balance: the balance summary, the summary by category."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from generator.ledger import LEDGER_START
from generator.months import END
from generator.text import csv_bytes, money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.ledger import Entry

LAST_MONTH: Final = datetime(2026, 10, 1)
"""First moment of the month that the summary by category is of."""

CATEGORIES: Final = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "stripe_fee": "fee",
}
"""Reporting category by type; disputes are told by their sign."""

PAYOUTS: Final = ("payout", "payout_failure")
"""Types that move money to the bank or back."""


def summary_files(entries: Sequence[Entry]) -> dict[str, bytes]:
    """Write the summaries of both currencies, by the names that Stripe gives them."""
    last = END - timedelta(days=1)
    files = {}
    for code in ("usd", "eur"):
        own = [entry for entry in entries if entry.currency == code]
        name = (
            f"Balance_Summary_{code.upper()}_{LEDGER_START:%Y-%m-%d}_to_{last:%Y-%m-%d}"
        )
        files[f"{name}_UTC.csv"] = balance_file(own, code)
    own = [e for e in entries if e.currency == "usd" and e.created >= LAST_MONTH]
    name = f"Balance_change_USD_{LAST_MONTH:%Y-%m-%d}_to_{last:%Y-%m-%d}_UTC.csv"
    return files | {name: category_file(own, "usd")}


def balance_file(entries: Sequence[Entry], currency: str) -> bytes:
    """Write the balance summary of the time of the ledger, for one currency."""
    before = [entry for entry in entries if entry.created < LEDGER_START]
    shown = [entry for entry in entries if entry.created >= LEDGER_START]
    active = [entry for entry in shown if entry.type not in PAYOUTS]
    paid_out = net(entry for entry in shown if entry.type in PAYOUTS)
    fees = sum(entry.fee for entry in active)
    start = net(before)
    lines = (
        ("starting_balance", f"Starting balance ({LEDGER_START:%Y-%m-%d})", start),
        ("activity_gross", "Account activity before fees", net(active) + fees),
        ("activity_fee", "Less fees", -fees),
        ("activity", "Activity", net(active)),
        ("payouts_gross", "Payouts to bank", paid_out),
        ("payouts_fee", "Payout fees", 0),
        ("payouts", "Total payouts", paid_out),
        (
            "ending_balance",
            f"Ending balance ({END - timedelta(days=1):%Y-%m-%d})",
            start + net(shown),
        ),
    )
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(("category", "description", "net_amount", "currency"))
    writer.writerows(
        (name, text, money(value), currency) for name, text, value in lines
    )
    return out.getvalue().encode()


def category_file(entries: Sequence[Entry], currency: str) -> bytes:
    """Write the summary by category of some entries, and the total inside of it."""
    count: Counter[str] = Counter()
    gross: Counter[str] = Counter()
    fee: Counter[str] = Counter()
    for entry in entries:
        if entry.type not in PAYOUTS:
            for name in (category(entry), "total"):
                count[name] += 1
                gross[name] += entry.amount
                fee[name] += entry.fee
    names = [*sorted(count.keys() - {"total"}), "total"]
    header = ("reporting_category", "currency", "count", "gross", "fee", "net")
    rows = (
        (
            *(name, currency, str(count[name])),
            *(money(gross[name]), money(fee[name]), money(gross[name] - fee[name])),
        )
        for name in names
    )
    return csv_bytes(header, rows)


def category(entry: Entry) -> str:
    """Tell the reporting category of an entry."""
    if entry.type == "adjustment":
        return "dispute" if entry.amount < 0 else "dispute_reversal"
    return CATEGORIES[entry.type]


def net(entries: Iterable[Entry]) -> int:
    """Sum what entries bring to the balance."""
    return sum(entry.amount - entry.fee for entry in entries)
