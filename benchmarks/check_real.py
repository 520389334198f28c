"""Compare what is read from real Stripe files with figures found beside them.

python -m benchmarks.check_real DIR

DIR/stripe has CSV exports and expected.json: by file, what it is, its rows, and its
figures in major units by currency and month (UTC). Real files are never in the project.
Exit 0 when all agree, 1 when some do not; nothing to check is no failure.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from core.errors import NotLoadableError
from core.files.upload import Upload
from core.models import Kind, Reading
from core.sources import registry
from core.units import major

if TYPE_CHECKING:
    from datetime import datetime

SALES: Final = frozenset({"payment", "refund", "dispute"})
"""Flows of net volume from sales."""

LEDGER_FIGURES: Final = (
    "net_volume",
    "gross_volume",
    "other_stripe_fees",
    "net_after_all_fees",
    "refunds_disputes",
    "excluded_by_type",
)
PAYMENT_FIGURES: Final = (
    "net_volume_refund_dated_UTC",
    "net_volume_refund_dated_New_York",
    "gross_volume",
    "refunds_by_refund_month",
    "fees",
)

ZONES: Final = {"UTC": ZoneInfo("UTC"), "New_York": ZoneInfo("America/New_York")}
"""Zones by the name of their figures."""

Sums = dict[str, dict[str, dict[str, Decimal]]]


def ledger_figures(reading: Reading) -> Sums:
    """Sum ledger rows: figure -> currency -> month -> major units."""
    sums = _sums()
    for row in reading.rows.to_pylist():
        flow, currency = row["flow"], row["currency"]
        month = f"{row['created_at']:%Y-%m}"
        net = major(row["net_minor"], currency)
        amount = major(row["amount_minor"], currency)
        if flow in SALES:
            sums["net_volume"][currency][month] += net
            name = "gross_volume" if flow == "payment" else "refunds_disputes"
            sums[name][currency][month] += amount
        if flow == "excluded":
            sums["excluded_by_type"][currency][row["type"]] += net
        if flow == "stripe_fee":
            sums["other_stripe_fees"][currency][month] += net
        if flow in SALES or flow == "stripe_fee":
            sums["net_after_all_fees"][currency][month] += net
    return sums


def payment_figures(reading: Reading) -> Sums:
    """Sum paid rows, refunds on their own day: figure -> currency -> month."""
    sums = _sums()
    for row in reading.rows.to_pylist():
        if row["outcome"] != "paid":
            continue
        currency, created = row["currency"], row["created_at"]
        refunded = row["refunded_at"] or created
        month, refund_month = f"{created:%Y-%m}", f"{refunded:%Y-%m}"
        amount, refund, fee = (
            major(row[name], currency)
            for name in ("amount_minor", "refunded_minor", "fee_minor")
        )
        sums["gross_volume"][currency][month] += amount
        sums["fees"][currency][month] += fee
        sums["refunds_by_refund_month"][currency][refund_month] += refund
        for name, zone in ZONES.items():
            local = sums[f"net_volume_refund_dated_{name}"][currency]
            local[_month(created, zone)] += amount - fee
            local[_month(refunded, zone)] -= refund
    return sums


def differences(path: Path, expected: dict[str, Any]) -> list[str]:
    """Read one file and say where it differs from what is expected of it."""
    try:
        reading = registry.read(Upload.from_path(path))
    except NotLoadableError as error:
        kind = expected["kind"].split("_")[0]
        return [] if kind in str(error).lower() else [f"taken for something: {error}"]
    found = [f"line {p.line} refused: {p.reason}" for p in reading.problems]
    if reading.rows_read != expected["rows"]:
        found.append(f"{reading.rows_read} rows read, not {expected['rows']}")
    is_ledger = reading.kind is Kind.STRIPE_LEDGER
    sums = ledger_figures(reading) if is_ledger else payment_figures(reading)
    for name in LEDGER_FIGURES if is_ledger else PAYMENT_FIGURES:
        ours, theirs = _flat(sums[name]), _flat(expected[name])
        if ours != theirs:
            found.append(f"{name}: {_shown(ours)}, not {_shown(theirs)}")
    if not is_ledger:
        statuses = Counter(reading.rows["status"].to_pylist())
        if statuses != expected["status_counts"]:
            found.append(f"statuses {dict(statuses)}")
    return found


def main(folder: Path) -> int:
    """Check every file that expected.json names; say each result on a line."""
    list_file = folder / "stripe" / "expected.json"
    if not list_file.exists():
        print(f"No real Stripe files in {folder}: nothing was checked.")
        return 0
    failed = False
    for name, expected in json.loads(list_file.read_text("utf-8")).items():
        found = differences(list_file.parent / name, expected)
        failed = failed or bool(found)
        print(f"{name}: {'; '.join(found) or 'agrees'}")
    return int(failed)


def _month(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.replace(tzinfo=ZONES['UTC']).astimezone(zone):%Y-%m}"


def _sums() -> Sums:
    return defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))


def _flat(sums: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Decimal]:
    """Turn figures into one level, those that are 0 left out."""
    return {
        (currency, month): Decimal(amount)
        for currency, months in sums.items()
        for month, amount in months.items()
        if Decimal(amount)
    }


def _shown(flat: dict[tuple[str, str], Decimal]) -> str:
    return ", ".join(f"{key[1]} {value} {key[0]}" for key, value in flat.items())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m benchmarks.check_real DIR")
    sys.exit(main(Path(sys.argv[1])))
