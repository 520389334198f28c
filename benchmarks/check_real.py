"""Compare what real Stripe files make of a warehouse with figures found beside them.

python -m benchmarks.check_real DIR

DIR/stripe has CSV exports and expected.json: by file, what it is, its rows, and its
figures in major units by currency and month. Each file is loaded into a warehouse of
its own, as the product does; of a file that holds no revenue the cells are summed. A
figure that nothing here compares is a difference. Real files are never in the project.
Exit 0 when all agree, 1 when some do not; nothing to check is no failure.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core import job
from core.files.table import TextTable, read_table
from core.files.upload import Upload
from core.models import Kind
from core.units import major
from core.warehouse import plans, settings
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.models import Reading

NOW: Final = datetime(2026, 1, 1)
"""When files are loaded."""

NO_MONEY: Final = "none"
"""How net_volume begins where a file must be refused as revenue."""

MONTHS: Final = {
    "net_volume": "net_minor",
    "net_after_all_fees": "net_after_all_minor",
    "other_stripe_fees": "other_fees_minor",
    "refunds_disputes": "refunds_minor + disputes_minor",
    "gross_volume": "gross_minor",
    "net_volume_refund_dated_UTC": "net_minor",
    "refunds_by_refund_month": "-refunds_minor",
    "fees": "-fees_minor",
}
"""Figures by month, and the lines of a month that make them; UTC."""

NAMES: Final = {
    "excluded_by_type": (
        "SELECT currency, name, amount_minor FROM revenue_uncounted "
        "WHERE reason = 'excluded'"
    ),
    "pending_not_counted": (
        "SELECT currency, 'all', sum(amount_minor)::BIGINT FROM revenue_beside "
        "WHERE outcome = 'pending' GROUP BY currency"
    ),
    "total_net": (
        "SELECT currency, 'all', sum(net_minor)::BIGINT FROM revenue_month "
        "GROUP BY currency"
    ),
    "trap_sum_of_all_Net": (
        "SELECT currency, 'all', sum(net_minor)::BIGINT FROM current_stripe_ledger "
        "GROUP BY currency"
    ),
    "net_volume_charge_dated_UTC": (
        "SELECT currency, strftime(created_at, '%Y-%m'), "
        "sum(amount_minor - refunded_minor - fee_minor)::BIGINT "
        "FROM current_stripe_payments WHERE outcome = 'paid' GROUP BY ALL"
    ),
}
"""Figures by something else, and the query of currency, name, minor units."""

LAYOUTS: Final = {
    "balance_history": "All activity",
    "balance_change_itemized": "itemized",
    "balance_summary": "balance summary",
    "payments": "Payments",
}
"""What the layout of a file that is loaded says, by its kind."""

COUNTS: Final = {
    "identity_violations": (
        "SELECT count(*) FROM current_stripe_ledger "
        "WHERE amount_minor - fee_minor <> net_minor"
    ),
    "refunds_without_date": (
        "SELECT count(*) FROM current_stripe_payments WHERE outcome = 'paid' "
        "AND refunded_minor > 0 AND refunded_at IS NULL"
    ),
}
"""Counts of rows, and the query of each."""

CELLS: Final = {
    "total_spend": "Total Spend",
    "refunded": "Refunded Volume",
    "trap_sum": "Amount",
    "trap_sum_all_rows_Amount": "Amount",
}
"""Sums of all cells of a column, which no figure of the product is made of."""

PAID_ONLY: Final = (
    "SELECT currency, sum(amount_minor - refunded_minor - fee_minor)::BIGINT "
    "FROM current_stripe_payments WHERE status = 'Paid' GROUP BY currency"
)
"""What counting paid rows without refunded ones would give."""

COMPARED: Final = frozenset(
    {
        *MONTHS,
        *NAMES,
        *COUNTS,
        *CELLS,
        "kind",
        "rows",
        "columns",
        "status_counts",
        "customers",
        "top_customers",
        "trap_Paid_only",
        "net_volume_refund_dated_New_York",
        "values",
        "net_after_all_fees_for_period",
        "check_start+activity+payouts=end",
    }
)
"""Every name of a figure that is compared."""

Amounts = dict[tuple[str, str], Decimal]


def differences(path: Path, expected: dict[str, Any]) -> list[str]:
    """Load one file and say where the warehouse differs from what is expected."""
    upload = Upload.from_path(path)
    found = [f"{name} is not compared" for name in expected.keys() - COMPARED]
    return [*found, *_cells(upload, expected), *_loaded(upload, expected)]


def _cells(upload: Upload, expected: dict[str, Any]) -> Iterator[str]:
    """Compare what the file has as text, whether it is loaded or refused."""
    table = read_table(upload)
    size = {"rows": table.rows_read, "columns": len(table.header)}
    for name, count in size.items():
        if count != expected[name]:
            yield f"{count} {name}, not {expected[name]}"
    for name, column in CELLS.items():
        if name not in expected:
            continue
        if (total := _sum(table, column)) != Decimal(expected[name]):
            yield f"{name}: {total}, not {expected[name]}"


def _sum(table: TextTable, column: str) -> Decimal:
    cells = table.column(table.header.index(column)).to_pylist()
    return sum((Decimal(cell) for cell in cells if cell), Decimal(0))


def _loaded(upload: Upload, expected: dict[str, Any]) -> list[str]:
    """Load the file, or see it refused, and compare what the warehouse makes of it."""
    intake = job.take([upload])
    is_refused = str(expected.get("net_volume", "")).startswith(NO_MONEY)
    if intake.refusals:
        message = intake.refusals[0].message
        is_right = is_refused and expected["kind"] in message
        return [] if is_right else [f"refused: {message}"]
    if is_refused:
        return [f"loaded, though it holds no revenue: {intake.readings[0].layout}"]
    (reading,) = intake.readings
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, intake.readings)
        job.load(warehouse, plan, now=NOW, by="check", uploads=[upload])
        return [*_reading(reading, expected), *_figures(warehouse, reading, expected)]


def _reading(reading: Reading, expected: dict[str, Any]) -> Iterator[str]:
    """Compare the rows that were read."""
    for problem in reading.problems:
        yield f"line {problem.line} refused: {problem.reason}"
    if reading.rows_read != expected["rows"]:
        yield f"{reading.rows_read} rows read, not {expected['rows']}"
    if LAYOUTS.get(expected["kind"], "no layout") not in reading.layout:
        yield f"read as {reading.layout}, not {expected['kind']}"
    if "status_counts" in expected:
        statuses = Counter(reading.rows["status"].to_pylist())
        if statuses != expected["status_counts"]:
            yield f"statuses {dict(statuses)}"


def _figures(
    warehouse: Warehouse, reading: Reading, expected: dict[str, Any]
) -> Iterator[str]:
    """Compare each figure that is expected of the file."""
    if reading.kind is Kind.STRIPE_SUMMARY:
        yield from _summary(warehouse, expected)
        return
    for name, line in MONTHS.items():
        if name in expected:
            yield from _told(name, _months(warehouse, line), expected[name])
    for name, query in NAMES.items():
        if name in expected:
            yield from _told(name, _amounts(warehouse, query), expected[name])
    for name, query in COUNTS.items():
        if name in expected:
            [[count]] = warehouse.rows(query)
            if count != expected[name]:
                yield f"{name}: {count}, not {expected[name]}"
    if (name := "trap_Paid_only") in expected:
        ours = [
            major(int(str(net)), str(code)) for code, net in warehouse.rows(PAID_ONLY)
        ]
        if ours != [Decimal(expected[name])]:
            yield f"{name}: {ours}, not {expected[name]}"
    if "top_customers" in expected:
        yield from _customers(warehouse, expected)
    if (name := "net_volume_refund_dated_New_York") in expected:
        chosen = settings.current(warehouse)
        there = replace(chosen, time_zone="America/New_York")
        settings.save(warehouse, there, now=NOW, by="check")
        yield from _told(name, _months(warehouse, "net_minor"), expected[name])


def _summary(warehouse: Warehouse, expected: dict[str, Any]) -> Iterator[str]:
    rows = warehouse.rows(
        "SELECT name, currency, net_minor FROM current_stripe_summary"
    )
    ours = {str(name): major(int(str(net)), str(code)) for name, code, net in rows}
    theirs = {name: Decimal(amount) for name, amount in expected["values"].items()}
    if ours != theirs:
        yield f"lines {ours}, not {theirs}"
    if ours["activity"] != Decimal(expected["net_after_all_fees_for_period"]):
        yield f"activity {ours['activity']}"
    moved = ours["starting_balance"] + ours["activity"] + ours["payouts"]
    off = moved - ours["ending_balance"]
    if off != Decimal(expected["check_start+activity+payouts=end"]):
        yield f"balances are {off} apart"


def _customers(warehouse: Warehouse, expected: dict[str, Any]) -> Iterator[str]:
    """Compare the number of payers and the largest of them."""
    for currency, largest in expected["top_customers"].items():
        rows = warehouse.rows(
            "SELECT replace(owner, unknown_payer(), '(none)'), net_minor "
            "FROM owner_money WHERE currency = ? ORDER BY net_minor DESC",
            [currency],
        )
        ours = {name: major(int(str(net)), currency) for name, net in rows}
        for name, net in largest:
            if ours.get(name) != Decimal(net):
                yield f"{name} {ours.get(name)}, not {net}"
        if len(ours) != expected["customers"]:
            yield f"{len(ours)} payers, not {expected['customers']}"


def _months(warehouse: Warehouse, line: str) -> Amounts:
    return _amounts(
        warehouse,
        f"SELECT currency, strftime(month, '%Y-%m'), {line} FROM revenue_month",  # noqa: S608
    )


def _amounts(warehouse: Warehouse, query: str) -> Amounts:
    """Return currency and name -> major units, those that are 0 left out."""
    return {
        (str(currency), str(name)): major(int(str(amount)), str(currency))
        for currency, name, amount in warehouse.rows(query)
        if amount
    }


def _told(name: str, ours: Amounts, expected: dict[str, Any]) -> Iterator[str]:
    theirs = {
        (currency, month): Decimal(amount)
        for currency, months in expected.items()
        for month, amount in (
            months.items() if isinstance(months, dict) else [("all", months)]
        )
        if Decimal(amount)
    }
    if ours != theirs:
        yield f"{name}: {_shown(ours)}, not {_shown(theirs)}"


def _shown(amounts: Amounts) -> str:
    return ", ".join(f"{key[1]} {value} {key[0]}" for key, value in amounts.items())


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
        print(f"{name}: {'; '.join(found) or 'ok'}")
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m benchmarks.check_real DIR")
    sys.exit(main(Path(sys.argv[1])))
