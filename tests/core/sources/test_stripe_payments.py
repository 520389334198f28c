"""Payments files: every layout, every status, refunds and disputes on their day."""

from __future__ import annotations

import json
import runpy
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnsError, UnreadableFileError
from core.models import PAYMENT_SCHEMA, Kind
from core.sources import stripe_ledger, stripe_payments
from core.units import major

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from core.files.table import TextTable
    from core.models import Reading
    from tests.core.sources.conftest import Account

SAMPLES = Path(__file__).parent / "samples" / "stripe"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
LAYOUTS = {
    "payments_2014.csv": "2014 layout",
    "payments_2016.csv": "2016 layout",
    "payments_2019_all_columns.csv": "2019 layout, all columns",
    "payments_2023.csv": "2023 layout",
    "payments_2024.csv": "2024 layout",
    "payments_2024_all_columns.csv": "2024 layout, all columns",
    "payments_2025.csv": "2025 layout",
    "payments_currencies.csv": "2024 layout",
    "payments_spreadsheet.csv": "2024 layout",
}
NAMES = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Converted Amount,"
    "Converted Amount Refunded,Converted Currency,Fee,Refunded date (UTC),Status,"
    "Taxes On Fee,Customer Email,Disputed Amount,Dispute Date (UTC),Dispute Status"
)
PAID = {
    "id": "ch_1",
    "Created date (UTC)": "2025-01-01 10:00:00",
    "Amount": "10.00",
    "Amount Refunded": "0.00",
    "Currency": "usd",
    "Converted Amount": "10.00",
    "Converted Amount Refunded": "0.00",
    "Converted Currency": "usd",
    "Fee": "0.50",
    "Status": "Paid",
    "Taxes On Fee": "0.10",
}


@pytest.fixture
def read(table_of: Callable[..., TextTable]) -> Callable[..., Reading]:
    def read(text: str, file: str = "payments.csv") -> Reading:
        return stripe_payments.read(table_of(text, file), sha256="digest")

    return read


@pytest.fixture
def read_rows(read: Callable[..., Reading]) -> Callable[..., Reading]:
    """Read paid rows with some cells changed; None leaves a column out."""

    def read_rows(*changes: dict[str, str | None]) -> Reading:
        gone = {name for change in changes for name in change if change[name] is None}
        extra = {name for change in changes for name in change} - gone
        names = [name for name in NAMES.split(",") if name not in gone]
        names += sorted(extra - set(names))
        rows = [{**PAID, **change} for change in changes]
        lines = [",".join(row.get(name) or "" for name in names) for row in rows]
        return read("\n".join([",".join(names), *lines, ""]))

    return read_rows


def figures(reading: Reading) -> dict[str, dict[str, dict[str, Decimal]]]:
    sums: Any = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    for row in reading.rows.to_pylist():
        if row["outcome"] != "paid":
            continue
        currency, created = row["currency"], row["created_at"]

        def add(at: datetime, key: str, minor: int, currency: str = currency) -> None:
            sums[currency][f"{at:%Y-%m}"][key] += major(minor, currency)

        add(created, "gross", row["amount_minor"])
        add(created, "net", row["amount_minor"] - row["fee_minor"])
        add(row["refunded_at"] or created, "net", -row["refunded_minor"])
        if row["disputed_minor"] and row["dispute_status"] != "won":
            add(row["disputed_at"], "net", -row["disputed_minor"])
    return sums


@pytest.mark.parametrize(("name", "layout"), LAYOUTS.items())
def test_sample_has_the_figures_found_by_csv_and_decimal(
    name: str,
    layout: str,
    read: Callable[..., Reading],
    expected: Callable[[str], object],
    flat: Callable[[object], object],
) -> None:
    reading = read((SAMPLES / name).read_text(), name)
    assert flat(figures(reading)) == flat(expected(name))
    assert reading.layout == f"Stripe Payments, {layout}"
    assert reading.rows_read == reading.rows.num_rows + len(reading.problems)
    assert reading.rows.schema == PAYMENT_SCHEMA
    assert (reading.kind, reading.sha256) == (Kind.STRIPE_PAYMENTS, "digest")


def test_expected_figures_are_those_of_the_script_beside_the_samples() -> None:
    script = runpy.run_path(str(SAMPLES / "expected.py"))
    files = sorted(SAMPLES.glob("*.csv"))
    assert {path.name: script["figures"](path) for path in files} == EXPECTED


def test_row_is_typed_whole(read: Callable[..., Reading]) -> None:
    text = (SAMPLES / "payments_2024_all_columns.csv").read_text()
    reading = read(text)
    assert reading.rows.to_pylist()[3] == {
        "line": 6,
        "id": "ch_2",
        "status": "Paid",
        "outcome": "paid",
        "created_at": datetime(2024, 6, 16, 10),
        "amount_minor": 6000,
        "refunded_minor": 0,
        "fee_minor": 1704,
        "currency": "usd",
        "refunded_at": None,
        "disputed_minor": 6000,
        "disputed_at": datetime(2024, 7, 1),
        "dispute_status": "lost",
        "customer_email": "bob@example.org",
        "customer_id": "cus_2",
        "description": "Top up",
    }
    assert [(p.line, p.reason) for p in reading.problems] == [(2, "test mode")]
    told = "1 disputes of a part of a payment in another currency are not counted (ch_"
    assert any(told in warning for warning in reading.warnings)


def test_attempts_of_one_file_have_their_outcomes(read: Callable[..., Reading]) -> None:
    rows = read((SAMPLES / "payments_2025.csv").read_text()).rows.to_pylist()
    outcomes = [row["outcome"] for row in rows]
    assert outcomes == (
        "paid failed paid pending paid paid incomplete incomplete incomplete unknown"
    ).split(" ")
    assert (rows[1]["currency"], rows[1]["amount_minor"]) == ("cny", 7000)
    assert (rows[2]["currency"], rows[2]["refunded_minor"]) == ("hkd", 55241)
    assert rows[4]["customer_email"] == "bob@example.org"
    assert (rows[6]["amount_minor"], rows[6]["fee_minor"]) == (14000, 0)


@pytest.mark.parametrize(
    ("status", "id_", "outcome"),
    [
        ("Paid", "ch_1", "paid"),
        ("PAID", "ch_1", "paid"),
        ("Refunded", "ch_1", "paid"),
        ("Pending", "py_1", "pending"),
        ("Failed", "ch_1", "failed"),
        ("canceled", "", "incomplete"),
        ("requires_confirmation", "", "incomplete"),
        ("succeeded", "", "incomplete"),
        ("succeeded", "ch_1", "unknown"),
        ("Disputed", "ch_1", "unknown"),
        ("", "ch_1", "unknown"),
    ],
)
def test_status_tells_the_outcome(
    status: str, id_: str, outcome: str, read_rows: Callable[..., Reading]
) -> None:
    reading = read_rows({"Status": status, "id": id_})
    assert reading.rows["outcome"].to_pylist() == [outcome]
    is_told = any("Unknown status" in told for told in reading.warnings)
    assert is_told == (outcome == "unknown")


@pytest.mark.parametrize(
    ("change", "column", "value", "reason"),
    [
        ({"id": ""}, "id", "", "is empty on a paid row"),
        ({"Fee": ""}, "Fee", "", "is empty"),
        ({"Converted Amount": "x"}, "Converted Amount", "x", "not an amount of money"),
        ({"Converted Amount": "", "Amount": ""}, "Amount", "", "is empty"),
        (
            {"Converted Amount": "10.005"},
            "Converted Amount",
            "10.005",
            "more decimals than USD has (2)",
        ),
        ({"Converted Currency": "dollar"}, "Converted Currency", "dollar", "no"),
        ({"Created date (UTC)": "soon"}, "Created date (UTC)", "soon", "not a date"),
        ({"Created date (UTC)": ""}, "Created date (UTC)", "", "is empty"),
        ({"Refunded date (UTC)": "x"}, "Refunded date (UTC)", "x", "not a date"),
        (
            {"Amount Refunded": "", "Converted Amount Refunded": ""},
            "Amount Refunded",
            "",
            "is empty",
        ),
        (
            {
                "Currency": "eur",
                "Amount Refunded": "5",
                "Converted Amount Refunded": "",
            },
            "Amount Refunded",
            "5",
            "the refund is not told in the settlement currency",
        ),
        (
            {"Converted Amount Refunded": "-5.00"},
            "Converted Amount Refunded",
            "-5.00",
            "a refund below zero",
        ),
        ({"Disputed Amount": "all"}, "Disputed Amount", "all", "not an amount"),
    ],
)
def test_bad_row_is_refused_once_and_the_others_are_kept(
    change: dict[str, str],
    column: str,
    value: str,
    reason: str,
    read_rows: Callable[..., Reading],
) -> None:
    reading = read_rows({"id": "ch_0"}, change)
    assert reading.rows["id"].to_pylist() == ["ch_0"]
    [problem] = reading.problems
    assert (problem.line, problem.column, problem.value) == (3, column, value)
    assert reason in problem.reason


def test_tax_that_is_empty_on_one_paid_row_is_unknown(
    read_rows: Callable[..., Reading],
) -> None:
    reading = read_rows({"id": "ch_0"}, {"Taxes On Fee": ""})
    assert [p.column for p in reading.problems] == ["Taxes On Fee"]


@pytest.mark.parametrize("value", [None, ""])
def test_tax_that_no_row_tells_is_warned_of(
    value: str | None, read_rows: Callable[..., Reading]
) -> None:
    reading = read_rows({"Taxes On Fee": value})
    assert reading.rows["fee_minor"].to_pylist() == [50]
    assert any("tax on Stripe's fees" in told for told in reading.warnings)


def test_row_without_converted_amount_is_read_as_charged_and_told(
    read_rows: Callable[..., Reading],
) -> None:
    reading = read_rows({"Converted Amount": "", "Converted Amount Refunded": ""})
    assert reading.rows["amount_minor"].to_pylist() == [1000]
    assert any("1 paid rows have no converted" in told for told in reading.warnings)


def test_file_without_converted_columns_is_read_as_charged_and_told(
    read_rows: Callable[..., Reading],
) -> None:
    left_out = dict.fromkeys(name for name in PAID if name.startswith("Converted"))
    reading = read_rows({**left_out, "Amount Refunded": "2.50"})
    assert reading.rows["refunded_minor"].to_pylist() == [250]
    assert any("no column Converted Amount" in told for told in reading.warnings)


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"Refunded date (UTC)": None}, "no column Refunded date"),
        ({"Disputed Amount": None}, "no column Disputed Amount"),
        (
            {"Disputed Amount": None, "Fee": "15.53"},
            "1 paid rows have a fee of 15 or more and above 10 % of the amount: "
            "perhaps a dispute (ch_1).",
        ),
        ({"Captured": "FALSE"}, "1 paid rows are not captured"),
        (
            {"Amount Refunded": "1.00", "Converted Amount Refunded": "1.00"},
            "1 refunds have no date",
        ),
        ({"Status": "Frozen"}, "Unknown status 'Frozen' (1 rows, 10 USD)"),
        (
            {"Disputed Amount": "4.00", "Dispute Status": ""},
            "Disputes without a known status, 4 USD (ch_1): shown, not counted.",
        ),
    ],
)
def test_what_the_figures_lack_is_told(
    change: dict[str, str | None], warning: str, read_rows: Callable[..., Reading]
) -> None:
    assert any(warning in told for told in read_rows(change).warnings)
    assert not any(warning in told for told in read_rows({}).warnings)


@pytest.mark.parametrize(
    ("amount", "fee", "is_odd"),
    [
        ("100.00", "14.99", False),
        ("100.00", "15.00", True),
        ("140.00", "15.00", False),
        ("139.99", "15.00", True),
        ("4000.00", "116.30", False),
    ],
)
def test_fee_that_hints_at_a_dispute_is_large_and_out_of_proportion(
    amount: str, fee: str, is_odd: bool, read_rows: Callable[..., Reading]
) -> None:
    change = {"Amount": amount, "Converted Amount": amount, "Fee": fee}
    told = read_rows({**change, "Taxes On Fee": "0", "Disputed Amount": None}).warnings
    assert any("perhaps a dispute" in warning for warning in told) == is_odd


def test_warning_names_the_first_payments_in_their_order(
    read_rows: Callable[..., Reading],
) -> None:
    odd = {"Disputed Amount": None, "Fee": "15.53"}
    reading = read_rows(*({**odd, "id": f"ch_{n:02}"} for n in range(12, 0, -1)))
    (told,) = [w for w in reading.warnings if "perhaps" in w]
    assert told.startswith("12 paid rows")
    assert "(ch_01, ch_02, " in told
    assert told.endswith("ch_10 and 2 more).")


@pytest.mark.parametrize(
    ("disputed", "expected"),
    [("", None), ("0.00", 0), ("80.00", 8712), ("87.12", 8712), ("30.00", None)],
)
def test_dispute_of_a_converted_payment_counts_when_it_is_of_all(
    disputed: str, expected: int | None, read_rows: Callable[..., Reading]
) -> None:
    change = {"Amount": "80.00", "Currency": "eur", "Converted Amount": "87.12"}
    reading = read_rows({**change, "Disputed Amount": disputed})
    assert reading.rows["disputed_minor"].to_pylist() == [expected]


def test_repeated_payment_counts_once(read_rows: Callable[..., Reading]) -> None:
    reading = read_rows({}, {}, {"id": "ch_2"})
    assert reading.rows["line"].to_pylist() == [2, 4]
    assert [p.reason for p in reading.problems] == ["repeats line 2"]


def test_two_states_of_one_payment_are_both_refused(
    read_rows: Callable[..., Reading],
) -> None:
    reading = read_rows({}, {"Fee": "0.60"})
    assert reading.rows.num_rows == 0
    assert [p.line for p in reading.problems] == [2, 3]


def test_attempt_without_id_has_the_same_id_in_every_column_set(
    read_rows: Callable[..., Reading],
) -> None:
    attempt = {"id": "", "Status": "canceled", "Fee": "", "Taxes On Fee": ""}
    wide = read_rows(attempt, {**attempt, "Amount": "11.00"})
    slim = read_rows({**attempt, "Disputed Amount": None, "Converted Amount": None})
    first, other = wide.rows["id"].to_pylist()
    assert first.startswith("row:")
    assert first != other
    assert slim.rows["id"].to_pylist() == [first]


def test_missing_status_is_named(read: Callable[..., Reading]) -> None:
    text = (SAMPLES / "payments_2025.csv").read_text().replace(",Status,", ",State,")
    with pytest.raises(MissingColumnsError, match="Stripe Payments without 'Status'"):
        read(text)


def test_payments_are_told_from_other_files() -> None:
    names = NAMES.split(",")
    assert stripe_payments.identify(names)
    assert stripe_payments.identify([name for name in names if name != "Status"])
    assert not stripe_payments.identify([*names, "Net", "Type"])


def test_converted_amount_needs_its_currency(read: Callable[..., Reading]) -> None:
    text = (SAMPLES / "payments_2023.csv").read_text()
    with pytest.raises(MissingColumnsError, match="without 'Converted Currency'"):
        read(text.replace("Converted Currency", "Other Currency"))


def test_file_without_rows_is_refused(read: Callable[..., Reading]) -> None:
    with pytest.raises(UnreadableFileError, match="no rows below the header"):
        read(NAMES + "\n")


@pytest.mark.parametrize(
    ("zone", "expected", "warning"),
    [
        ("(UTC)", datetime(2025, 1, 1, 10), None),
        ("(America/New_York)", datetime(2025, 1, 1, 15), "America/New_York"),
        ("", datetime(2025, 1, 1, 10), "names no time zone"),
    ],
)
def test_zone_stands_in_the_header(
    zone: str,
    expected: datetime,
    warning: str | None,
    read: Callable[..., Reading],
) -> None:
    header = NAMES.replace("(UTC)", zone)
    row = ",".join(PAID.get(name, "") for name in NAMES.split(","))
    reading = read(f"{header}\n{row}\n")
    assert reading.rows["created_at"].to_pylist() == [expected]
    told = " ".join(reading.warnings)
    assert told == "" if warning is None else warning in told


def test_each_time_column_has_its_own_zone(read: Callable[..., Reading]) -> None:
    cells = {**PAID, "Refunded date (UTC)": "2025-01-02 10:00:00"}
    row = ",".join(cells.get(name, "") for name in NAMES.split(","))
    header = NAMES.replace("Created date (UTC)", "Created date (Asia/Tokyo)")
    [found] = read(f"{header}\n{row}\n").rows.to_pylist()
    assert found["created_at"] == datetime(2025, 1, 1, 1)
    assert found["refunded_at"] == datetime(2025, 1, 2, 10)


def test_time_of_payment_proves_the_order_of_day_and_month_of_its_refund(
    read_rows: Callable[..., Reading],
) -> None:
    times = {
        "Created date (UTC)": "25/12/2025 10:00",
        "Refunded date (UTC)": "05/06/2026 10:00",
    }
    [found] = read_rows(times).rows.to_pylist()
    assert found["created_at"] == datetime(2025, 12, 25, 10)
    assert found["refunded_at"] == datetime(2026, 6, 5, 10)


SALES = st.tuples(
    st.integers(1000, 90000),
    st.integers(0, 900),
    st.integers(0, 90),
    st.integers(0, 130000),
    st.integers(0, 900),
    st.integers(0, 70),
    st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(SALES, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_both_exports_of_an_account_agree_with_it_whatever_the_order(
    account: Callable[..., Account],
    table_of: Callable[..., TextTable],
    sales: list[tuple[int, int, int, int, int, int, bool]],
    random: Random,
) -> None:
    made = account(*sales)
    order = list(range(len(sales)))
    random.shuffle(order)
    texts = [made.payments(range(len(sales))), made.payments(order)]
    first, other = (
        stripe_payments.read(table_of(text), sha256="").rows for text in texts
    )
    assert first.drop_columns("line").sort_by("id") == (
        other.drop_columns("line").sort_by("id")
    )
    paid = [row for row in first.to_pylist() if row["outcome"] == "paid"]
    net = sum(r["amount_minor"] - r["refunded_minor"] - r["fee_minor"] for r in paid)
    assert net == made.net_cents
    if paid:
        ledger = stripe_ledger.read(table_of(made.ledger()), sha256="")
        assert sum(ledger.rows["net_minor"].to_pylist()) == made.net_cents
