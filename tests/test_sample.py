"""The committed sample is as generated, and its files tell of one shop.

Sums are made here with csv, json and Decimal only, apart from the product's readers.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
GENERATOR = ROOT / "data" / "make_sample.py"
LEDGER_START = "2024-11-01"
MONTHS = [f"{n // 12}-{n % 12 + 1:02}" for n in range(2023 * 12 + 10, 2026 * 12 + 10)]

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (SAMPLE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def ledger() -> list[Row]:
    return rows("stripe_activity.csv")


@pytest.fixture(scope="module")
def payments() -> list[Row]:
    return rows("stripe_payments.csv")


@pytest.fixture(scope="module")
def customers() -> list[dict[str, object]]:
    return json.loads((SAMPLE / "customers.json").read_text(encoding="utf-8"))


def run_generator(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", str(GENERATOR), *options],
        check=False,
        capture_output=True,
        text=True,
    )


def settled_net(payment: Row) -> Decimal:
    return (
        Decimal(payment["Converted Amount"])
        - Decimal(payment["Converted Amount Refunded"])
        - Decimal(payment["Fee"])
        - Decimal(payment["Taxes On Fee"])
    )


def is_paid(payment: Row) -> bool:
    return payment["Status"] in {"Paid", "Refunded"}


def disputed(ledger: list[Row]) -> dict[str, Decimal]:
    """Sum the disputed money of each payment, fees apart; 0 when all was won."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row["Type"] == "adjustment":
            total[row["Description"].split()[-1]] += Decimal(row["Amount"])
    return total


def test_committed_files_equal_a_fresh_generation() -> None:
    run = run_generator("--check")
    assert (run.returncode, run.stdout) == (0, "The sample is as generated.\n")


def test_check_names_a_file_that_differs(tmp_path: Path) -> None:
    for file in SAMPLE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "customers.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    (tmp_path / "stripe_activity.csv").unlink()
    run = run_generator("--check", "--out", str(tmp_path))
    assert run.returncode == 1
    assert run.stdout == "Differs: customers.json, stripe_activity.csv\n"


def test_sample_is_small() -> None:
    assert sum(file.stat().st_size for file in SAMPLE.iterdir()) < 2_500_000


def test_usage_is_an_unsorted_crlf_export_of_unique_rows() -> None:
    content = (SAMPLE / "oxylabs_usage.csv").read_bytes()
    usage = rows("oxylabs_usage.csv")
    keys = [(row["Subuser"], row["Date"]) for row in usage]
    assert content.startswith(b"Subuser,Date,Bandwidth Usage (GB)\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == len(usage) + 1
    assert len(set(keys)) == len(keys)
    assert sorted(keys) != keys


def test_usage_has_every_month_but_the_gap() -> None:
    found = {row["Date"] for row in rows("oxylabs_usage.csv")}
    assert sorted(found) == [month for month in MONTHS if month != "2025-03"]


def test_usage_has_the_oddities_of_the_field() -> None:
    usage = rows("oxylabs_usage.csv")
    values = [row["Bandwidth Usage (GB)"] for row in usage]
    destroyed = {row["Subuser"] for row in usage if "E+" in row["Subuser"]}
    total = sum(map(Decimal, values))
    assert values.count("0") >= 5
    assert (
        sum(re.fullmatch(r"\d\.\d\dE-0\d", value) is not None for value in values) > 9
    )
    assert len(destroyed) == 6
    assert all(re.fullmatch(r"\d\.\d\dE\+\d\d", name) for name in destroyed)
    assert 20_000 < total < 30_000


def test_some_subusers_belong_to_nobody(customers: list[dict[str, object]]) -> None:
    handles = {
        str(one["email"]).lower().split("@")[0].replace(".", "a")[:17]
        for one in customers
    }
    names = {row["Subuser"] for row in rows("oxylabs_usage.csv")}
    lost = [n for n in names if not any(n.lower().startswith(h) for h in handles)]
    assert len(lost) >= 20


def test_second_provider_covers_its_eighteen_months_in_mb() -> None:
    usage = rows("second_provider_usage.csv")
    keys = {(row["Subuser"], row["Date"]) for row in usage}
    assert list(usage[0]) == ["Subuser", "Date", "Bandwidth Usage (MB)"]
    assert sorted({row["Date"] for row in usage}) == MONTHS[-18:]
    assert len({row["Subuser"] for row in usage}) == 90
    assert len(keys) == len(usage)
    assert all(Decimal(row["Bandwidth Usage (MB)"]) >= 0 for row in usage)


def test_customers_are_distinct_and_made_up(
    customers: list[dict[str, object]],
) -> None:
    emails = {str(one["email"]).lower() for one in customers}
    assert len(customers) == len(emails) == 300
    assert all(re.fullmatch(r"[a-z0-9._]+@example\.(com|org|net)", e) for e in emails)


def test_some_customers_have_a_near_twin(customers: list[dict[str, object]]) -> None:
    locals_ = {str(one["email"]).lower().split("@")[0] for one in customers}
    stems = Counter(re.sub(r"\d+$", "", local) for local in locals_)
    assert sum(count > 1 for count in stems.values()) >= 5


@pytest.mark.parametrize("name", ["oxyUsername", "briefOxyUsername", "oxyId"])
def test_customer_fields_are_present_null_and_missing(
    customers: list[dict[str, object]], name: str
) -> None:
    kinds = Counter(type(one.get(name, ...)).__name__ for one in customers)
    assert len(kinds) == 3
    assert min(kinds.values()) >= 10


def test_stored_names_carry_the_inserted_text(
    customers: list[dict[str, object]],
) -> None:
    names = [str(one.get("oxyUsername")) for one in customers]
    assert 10 < sum("klgg2" in name for name in names) < 150


def test_ledger_closes_in_every_row(ledger: list[Row]) -> None:
    for row in ledger:
        assert Decimal(row["Amount"]) - Decimal(row["Fee"]) == Decimal(row["Net"])
    assert len({row["id"] for row in ledger}) == len(ledger)


def test_ledger_covers_the_last_24_months_in_two_currencies(
    ledger: list[Row],
) -> None:
    assert sorted({row["Created (UTC)"][:7] for row in ledger}) == MONTHS[-24:]
    assert {row["Currency"] for row in ledger} == {"usd", "eur"}
    assert {row["Type"] for row in ledger} == set(
        "charge payment refund payment_refund adjustment stripe_fee payout "
        "payout_failure".split()
    )


def test_payouts_take_what_their_rows_bring(ledger: list[Row]) -> None:
    brought: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger:
        brought[row["Transfer"]] += Decimal(row["Net"])
    payouts = [row for row in ledger if row["Type"] == "payout"]
    whole = [row for row in payouts if row["Created (UTC)"] >= "2024-11-12"]
    assert len(whole) > 100
    for row in whole:
        assert brought[row["Source"]] == -Decimal(row["Amount"])


def test_payments_net_is_the_ledgers_net_per_source(
    ledger: list[Row], payments: list[Row]
) -> None:
    net: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row["Type"] == "adjustment":
            net[row["Description"].split()[-1]] += Decimal(row["Net"])
        elif row["Type"] not in {"payout", "payout_failure"}:
            net[row["Source"]] += Decimal(row["Net"])
    lost = disputed(ledger)
    new = [p for p in payments if p["Created date (UTC)"] >= LEDGER_START]
    compared = [p for p in new if is_paid(p)]
    assert len(compared) > 1500
    for payment in compared:
        expected = settled_net(payment) + lost.get(payment["id"], Decimal(0))
        assert net[payment["id"]] == expected


def test_every_sale_in_the_ledger_is_a_payment_with_its_currencies(
    ledger: list[Row], payments: list[Row]
) -> None:
    by_id = {p["id"]: p for p in payments if is_paid(p)}
    for row in ledger:
        if row["Type"] in {"charge", "payment"}:
            payment = by_id[row["Source"]]
            assert row["Created (UTC)"] == payment["Created date (UTC)"][:16]
            assert row["Amount"] == payment["Converted Amount"]
            assert row["Currency"] == payment["Converted Currency"]
            assert row["Customer Facing Amount"] == payment["Amount"]
            assert row["Customer Facing Currency"] == payment["Currency"]
            assert row["Transfer"] == payment["Transfer"]
        elif "refund" in row["Type"]:
            payment = by_id[row["Source"]]
            assert row["Created (UTC)"] == payment["Refunded date (UTC)"][:16]
            assert Decimal(row["Amount"]) == -Decimal(
                payment["Converted Amount Refunded"]
            )


@pytest.mark.parametrize("code", ["usd", "eur"])
def test_balance_summary_is_the_sum_of_the_ledger(ledger: list[Row], code: str) -> None:
    name = f"Balance_Summary_{code.upper()}_2024-11-01_to_2026-10-31_UTC.csv"
    told = {row["category"]: Decimal(row["net_amount"]) for row in rows(name)}
    own = [row for row in ledger if row["Currency"] == code]
    active = [row for row in own if "payout" not in row["Type"]]
    amount, fee, net = (
        sum(Decimal(row[key]) for row in active) for key in ("Amount", "Fee", "Net")
    )
    assert (told["activity_gross"], told["activity_fee"]) == (amount, -fee)
    assert told["activity"] == net
    moved = sum(Decimal(row["Net"]) for row in own)
    assert told["payouts"] == moved - net
    assert told["ending_balance"] == told["starting_balance"] + moved


def test_summary_by_category_is_the_sum_of_the_last_month(ledger: list[Row]) -> None:
    told = rows("Balance_change_USD_2026-10-01_to_2026-10-31_UTC.csv")
    own = [
        row
        for row in ledger
        if row["Currency"] == "usd"
        and row["Created (UTC)"] >= "2026-10"
        and "payout" not in row["Type"]
    ]
    sales = [row for row in own if row["Type"] in {"charge", "payment"}]
    for name, some in (("charge", sales), ("total", own)):
        (line,) = [row for row in told if row["reporting_category"] == name]
        assert line["count"] == str(len(some))
        assert Decimal(line["net"]) == sum(Decimal(row["Net"]) for row in some)
    lines = [row for row in told if row["reporting_category"] != "total"]
    assert sum(Decimal(row["net"]) for row in lines) == Decimal(told[-1]["net"])


def test_attempts_that_brought_no_money_are_not_in_the_ledger(
    ledger: list[Row], payments: list[Row]
) -> None:
    sources = {row["Source"] for row in ledger}
    other = [p for p in payments if not is_paid(p)]
    statuses = {p["Status"] for p in other}
    assert {"Failed", "Pending", "canceled", "requires_action"} <= statuses
    assert not sources & {p["id"] for p in other if p["id"]}
    assert all(p["Fee"] in {"", "0.00"} for p in other)


def test_payments_cover_all_months_with_guests_and_refunds(
    payments: list[Row], customers: list[dict[str, object]]
) -> None:
    known = {str(one["email"]).lower() for one in customers}
    paid = [p for p in payments if is_paid(p)]
    late = [
        p for p in paid if p["Refunded date (UTC)"][:7] > p["Created date (UTC)"][:7]
    ]
    assert sorted({p["Created date (UTC)"][:7] for p in paid}) == MONTHS
    assert {p["Created date (UTC)"][:7] for p in payments} == set(MONTHS)
    assert {p["Currency"] for p in paid} == {"usd", "eur", "gbp"}
    assert sum(p["Customer Email"].lower() not in known for p in paid) > 20
    assert sum(p["Customer Email"] == "" for p in paid) == 6
    assert len(late) > 20


def test_disputes_are_lost_and_won(ledger: list[Row]) -> None:
    outcomes = Counter(amount == 0 for amount in disputed(ledger).values())
    assert outcomes[True] >= 3
    assert outcomes[False] >= 3


def test_both_stripe_files_tell_the_newest_row_first(
    ledger: list[Row], payments: list[Row]
) -> None:
    created = [row["Created (UTC)"] for row in ledger]
    paid = [row["Created date (UTC)"] for row in payments]
    assert created == sorted(created, reverse=True)
    assert paid == sorted(paid, reverse=True)
