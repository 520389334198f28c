"""Every Stripe sample on its whole way: dropped, recognised, loaded, summed.

Figures were found by expected.py beside the samples, with csv and Decimal alone.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from core import job
from core.files.upload import Upload
from core.reports import reconciliation, revenue
from core.units import major
from core.warehouse import plans, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.warehouse.store import Warehouse

SAMPLES = Path(__file__).parent / "sources" / "samples" / "stripe"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
NOW = datetime(2026, 1, 1)
Figures = dict[tuple[str, str, str], Decimal]

ALL = "activity_all_columns.csv"
BALANCE = "Balance_Summary_USD_2025-11-01_to_2025-12-31_UTC.csv"
CATEGORY = "Balance_change_USD_2025-11-01_to_2025-12-31_UTC.csv"


def load(warehouse: Warehouse, *names: str, **texts: str) -> None:
    uploads = [Upload(name, (SAMPLES / name).read_bytes()) for name in names]
    uploads += [Upload(f"{name}.csv", text.encode()) for name, text in texts.items()]
    intake = job.take(uploads)
    assert not intake.refusals
    for reading in intake.readings:
        plan = plans.plan(warehouse, [reading])
        plans.commit(warehouse, plan, now=NOW, by="test")


def figures(warehouse: Warehouse) -> Figures:
    """Tell net, gross and other fees by currency and month; those of 0 left out."""
    rows = warehouse.rows(
        "SELECT currency, strftime(month, '%Y-%m'), net_minor, gross_minor, "
        "other_fees_minor FROM revenue_month"
    )
    return {
        (str(code), str(month), name): major(int(str(minor)), str(code))
        for code, month, *amounts in rows
        for name, minor in zip(("net", "gross", "other"), amounts, strict=True)
        if minor
    }


def expected(name: str) -> Figures:
    return {
        (code, month, line): Decimal(amount)
        for code, months in EXPECTED[name].items()
        for month, sums in months.items()
        for line, amount in sums.items()
        if Decimal(amount)
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_loaded_sample_has_the_figures_found_beside_it(
    warehouse: Warehouse, name: str
) -> None:
    load(warehouse, name)
    assert figures(warehouse) == expected(name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", [ALL, "payments_2025.csv"])
def test_re_saved_sample_has_the_rows_of_the_sample(
    name: str, encoding: str, quoting: int, line_end: str, delimiter: str
) -> None:
    content = (SAMPLES / name).read_bytes()
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator=line_end, quoting=quoting
    )
    writer.writerows(rows)
    saved = Upload(name, out.getvalue().encode(encoding))
    assert job.read(saved).rows == job.read(Upload(name, content)).rows


@settings_of(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    amount=st.integers(1, 10**7),
    fee=st.integers(0, 10**5),
    days=st.integers(1, 400),
    paid_out=st.integers(-(10**7), 10**7),
    code=st.sampled_from(["usd", "jpy", "kwd"]),
)
def test_full_refund_leaves_minus_the_fees_whatever_is_paid_out(
    emptied: Callable[[], Warehouse],
    amount: int,
    fee: int,
    days: int,
    paid_out: int,
    code: str,
) -> None:
    refunded = datetime(2025, 1, 31, 12) + timedelta(days=days)
    rows = [
        ("t1", "charge", "ch_1", amount, fee, datetime(2025, 1, 31, 12)),
        ("t2", "refund", "ch_1", -amount, 0, refunded),
        ("t3", "payout", "po_1", paid_out, 0, refunded),
    ]
    lines = [
        f"{name},{kind},{source},{major(gross, code)},{major(cost, code)},"
        f"{major(gross - cost, code)},{code},{moment:%Y-%m-%d %H:%M}"
        for name, kind, source, gross, cost, moment in rows
    ]
    header = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC)"
    warehouse = emptied()
    load(warehouse, ledger="\n".join([header, *lines, ""]))
    nets = {key[1]: net for key, net in figures(warehouse).items() if key[2] == "net"}
    assert sum(nets.values()) == -major(fee, code)
    assert nets.get(f"{refunded:%Y-%m}") == -major(amount, code)


@pytest.mark.parametrize(
    "names",
    [
        ("payments_currencies.csv", "activity_currencies.csv"),
        ("activity_currencies.csv", "payments_currencies.csv"),
    ],
)
def test_hong_kong_dollars_settled_from_yuan_come_from_the_ledger_alone(
    warehouse: Warehouse, names: tuple[str, str]
) -> None:
    load(warehouse, *names)
    assert figures(warehouse) == expected("activity_currencies.csv")
    life = reconciliation.payments(warehouse).set_index("currency")
    assert life["common"].to_dict() == {"hkd": 2, "jpy": 1, "kwd": 1}
    assert life["differing"].sum() == life["difference_minor"].abs().sum() == 0
    beside = revenue.beside(warehouse)
    assert beside[["currency", "outcome", "amount"]].to_numpy().tolist() == [
        ["cny", "failed", 70.0]
    ]


@pytest.mark.parametrize(
    ("zone", "november"), [("UTC", "756.7"), ("Pacific/Auckland", "853.5")]
)
def test_month_of_a_payment_at_the_border_goes_by_the_zone(
    warehouse: Warehouse, zone: str, november: str
) -> None:
    border = "txn_x,charge,ch_x,{},0,{},usd,{},Top up\n"
    text = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Description\n"
    text += border.format("756.70", "756.70", "2025-11-15 10:00")
    text += border.format("96.80", "96.80", "2025-10-31 11:30").replace("_x", "_y")
    load(warehouse, border=text)
    chosen = replace(settings.current(warehouse), time_zone=zone)
    settings.save(warehouse, chosen, now=NOW, by="test")
    assert figures(warehouse)["usd", "2025-11", "net"] == Decimal(november)


def test_payments_of_one_mail_with_many_ids_are_one_payer(
    warehouse: Warehouse,
) -> None:
    load(warehouse, "payments_2025.csv")
    with (SAMPLES / "payments_2025.csv").open(newline="") as file:
        mails = {
            row["Customer Email"].strip().lower()
            for row in csv.DictReader(file)
            if row["Status"] in {"Paid", "Refunded"}
        }
    assert set(revenue.by_payer(warehouse)["owner"]) == mails


def test_edge_months_of_a_payout_reconciliation_are_incomplete(
    warehouse: Warehouse,
) -> None:
    load(warehouse, "payout_reconciliation.csv")
    assert set(revenue.by_month(warehouse)["basis"]) == {"ledger, incomplete"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("payouts.csv", "Payouts move money"),
        ("itemized_payouts.csv", "Payouts move money"),
        ("customers.csv", "total of all time"),
        ("invoices.csv", "what was billed"),
        ("subscriptions.csv", "prices of plans"),
        ("application_fees.csv", "fees that a platform took"),
        (
            "Payout_reconciliation_summary_USD_2025-11-01_to_2025-11-30_UTC.csv",
            "what was paid out",
        ),
    ],
)
def test_files_that_hold_no_revenue_are_told_and_refused(name: str, why: str) -> None:
    intake = job.take([Upload.from_path(SAMPLES / "refused" / name)])
    assert intake.readings == ()
    (refusal,) = intake.refusals
    assert "Stripe" in refusal.message
    assert why in refusal.message
    assert "instead" in refusal.message


def ledger_lines() -> list[dict[str, str]]:
    with (SAMPLES / ALL).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if not row["Type"].startswith("payout")]


def balance_text(activity: Decimal) -> str:
    """Write a balance summary around an activity, with what its parts sum to."""
    rows = ledger_lines()
    amount = sum(Decimal(row["Amount"]) for row in rows)
    fee = sum(Decimal(row["Fee"]) for row in rows)
    lines = [
        ("starting_balance", "Starting balance (2025-11-01)", 0),
        ("activity_gross", "Account activity before fees", amount),
        ("activity_fee", "Less fees", -fee),
        ("activity", "Activity", activity),
        ("payouts", "Total payouts", 0),
        ("ending_balance", "Ending balance (2025-12-31)", activity),
    ]
    text = "category,description,net_amount,currency\n"
    return text + "".join(f"{n},{d},{value},usd\n" for n, d, value in lines)


@pytest.mark.parametrize(("off", "is_green"), [("0", True), ("0.01", False)])
def test_panel_is_green_only_when_the_difference_to_stripe_is_zero(
    warehouse: Warehouse, off: str, *, is_green: bool
) -> None:
    net = sum(Decimal(row["Net"]) for row in ledger_lines())
    text = balance_text(net + Decimal(off))
    load(warehouse, ALL, **{BALANCE.removesuffix(".csv"): text})
    rows = reconciliation.summaries(warehouse).set_index("name")
    assert rows.loc["activity", "ours"] == pytest.approx(float(net))
    assert rows.loc["activity", "difference_minor"] == -int(Decimal(off) * 100)
    assert reconciliation.verdict(warehouse).is_green is is_green


NAMES = {
    "payment": "charge",
    "payment_refund": "refund",
    "stripe_fee": "fee",
    "tax_fee": "tax",
    "reserved_funds": "risk_reserved_funds",
}
ADJUSTED = {
    "txn_8": "dispute",
    "txn_9": "dispute",
    "txn_10": "dispute_reversal",
    "txn_11": "refund_failure",
}


def test_summary_by_category_agrees_line_by_line(warehouse: Warehouse) -> None:
    sums: dict[str, list[Decimal]] = {}
    for row in ledger_lines():
        kind = NAMES.get(row["Type"], row["Type"])
        if kind == "adjustment":
            kind = ADJUSTED.get(row["id"], "other_adjustment")
        for name in (kind, "total"):
            line = sums.setdefault(name, [Decimal(0)] * 4)
            for place, key in enumerate(("Amount", "Fee", "Net"), 1):
                line[place] += Decimal(row[key])
            line[0] += 1
    text = "reporting_category,currency,count,gross,fee,net\n" + "".join(
        f"{name},usd,{count},{gross},{fee},{net}\n"
        for name, (count, gross, fee, net) in sums.items()
    )
    load(warehouse, ALL, **{CATEGORY.removesuffix(".csv"): text})
    rows = reconciliation.summaries(warehouse)
    assert set(rows["name"]) == set(sums)
    assert set(rows["status"]) == {"agrees"}
    assert (rows["row_difference"] == 0).all()
    assert reconciliation.verdict(warehouse).is_green
