"""Net volume of the samples beside this script, by csv and Decimal alone.

Writes expected.json: file -> currency -> month (UTC) -> net volume from sales, gross
volume and other Stripe fees, in major units. Shares no code with the product.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
SALES = set(
    "charge payment refund payment_refund refund_failure payment_failure_refund "
    "partial_capture_reversal charge_failure dispute dispute_reversal".split()
)
FEES = {"stripe_fee", "tax_fee", "fee", "tax"}
NEW_YORK_HOURS = 4


def number(text: str | None, comma: bool) -> Decimal:
    bare = text or "0"
    return Decimal(bare.replace(".", "").replace(",", ".") if comma else bare)


def day(text: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%y %H:%M"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(text)


def ledger(row: dict, comma: bool, add: Callable, name: str) -> None:
    kinds = ("reporting_category", "Type", "Transaction Type")
    kind = next(row[key] for key in kinds if key in row)
    text, source = row.get("Description") or "", row.get("Source") or ""
    if kind == "adjustment" and (source[:3] in ("dp_", "du_") or "Chargeback" in text):
        kind = "dispute"
    if kind == "adjustment" and "REFUND FAILURE" in text:
        kind = "refund_failure"
    when = day(row.get("created_utc") or row.get("created") or row["Created (UTC)"])
    if "New_York" in name:
        winter = when >= datetime(2025, 11, 2, 2)
        when += timedelta(hours=NEW_YORK_HOURS + winter)
    amount = number(row.get("gross") or row.get("Amount"), comma)
    net = number(row.get("net") or row.get("Net"), comma)
    currency = (row.get("currency") or row["Currency"]).lower()
    if kind in SALES:
        gross = amount if kind in ("charge", "payment") else Decimal(0)
        add(currency, when, net=net, gross=gross)
    elif kind in FEES:
        add(currency, when, other=net)


def payment(row: dict, comma: bool, add: Callable, _name: str) -> None:
    if row["Status"] not in ("Paid", "Refunded") or row.get("Mode") == "Test":
        return
    created = day(row.get("Created date (UTC)") or row["Created (UTC)"])
    currency = row["Converted Currency"].lower()
    amount = number(row["Converted Amount"], comma)
    tax = number(row.get("Taxes On Fee") or row.get("Tax"), comma)
    add(currency, created, net=amount - number(row["Fee"], comma) - tax, gross=amount)
    refunded = number(row["Converted Amount Refunded"], comma)
    if refunded:
        when = row.get("Refunded date (UTC)")
        add(currency, day(when) if when else created, net=-refunded)
    whole = row.get("Disputed Amount") == row["Amount"]
    if whole and row["Dispute Status"].lower() != "won":
        add(currency, day(row["Dispute Date (UTC)"]), net=-amount)


def figures(path: Path) -> dict:
    comma = "comma" in path.name or "spreadsheet" in path.name
    text = path.read_text(encoding="utf-8-sig")
    if "spreadsheet" in path.name:
        text = text.split("\n", 1)[1]
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))

    def add(currency: str, when: datetime, **sums: Decimal) -> None:
        for key, value in sums.items():
            found[currency][f"{when:%Y-%m}"][key] += value

    sheet = ";" in text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if sheet else ",")
    for row in rows:
        read = payment if "Status" in row else ledger
        read(row, comma, add, path.name)
    return {
        currency: {
            month: {key: f"{value:f}" for key, value in sorted(sums.items())}
            for month, sums in sorted(months.items())
        }
        for currency, months in sorted(found.items())
    }


if __name__ == "__main__":
    files = sorted(HERE.glob("*.csv"))
    answer = {path.name: figures(path) for path in files}
    text = json.dumps(answer, indent=1) + "\n"
    (HERE / "expected.json").write_text(text, encoding="utf-8")
