"""Ledger files: every row typed or refused, figures as found by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnsError, UnreadableFileError
from core.models import LEDGER_SCHEMA, Kind
from core.sources import stripe_ledger
from core.units import major

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.table import TextTable
    from core.models import Reading

SAMPLES = Path(__file__).parent / "samples" / "stripe"
FILES = sorted(
    path.name for path in SAMPLES.glob("*.csv") if not path.name.startswith("payments")
)
CUSTOMERS = (SAMPLES / "itemized_UTC_customers.csv").read_text()
HEADER = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Description"
GOOD = "txn_1,charge,ch_1,10.00,0.50,9.50,usd,2025-01-01 10:00,Top up"
SALES = ("payment", "refund", "dispute")


@pytest.fixture
def read(table_of: Callable[..., TextTable]) -> Callable[..., Reading]:
    def read(text: str, file: str = "activity.csv") -> Reading:
        return stripe_ledger.read(table_of(text, file), sha256="digest")

    return read


def figures(reading: Reading) -> dict[str, dict[str, dict[str, Decimal]]]:
    sums: Any = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    for row in reading.rows.to_pylist():
        month = sums[row["currency"]][f"{row['created_at']:%Y-%m}"]
        if row["flow"] in SALES:
            month["net"] += major(row["net_minor"], row["currency"])
            month["gross"] += 0
        if row["flow"] == "payment":
            month["gross"] += major(row["amount_minor"], row["currency"])
        if row["flow"] == "stripe_fee":
            month["other"] += major(row["net_minor"], row["currency"])
    return sums


def reasons(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [(p.line, p.column, p.value, p.reason) for p in reading.problems]


@pytest.mark.parametrize("name", FILES)
def test_sample_has_the_figures_found_by_csv_and_decimal(
    name: str,
    read: Callable[..., Reading],
    expected: Callable[[str], object],
    flat: Callable[[object], object],
) -> None:
    reading = read((SAMPLES / name).read_text(), name)
    assert flat(figures(reading)) == flat(expected(name))
    assert reading.problems == ()
    assert reading.rows_read == reading.rows.num_rows
    assert reading.rows.schema == LEDGER_SCHEMA
    assert (reading.kind, reading.sha256) == (Kind.STRIPE_LEDGER, "digest")


def test_row_is_typed_whole(read: Callable[..., Reading]) -> None:
    rows = read(CUSTOMERS).rows.to_pylist()
    assert rows[0] == {
        "line": 2,
        "id": "txn_1",
        "type": "charge",
        "flow": "payment",
        "source": "ch_1",
        "amount_minor": 5000,
        "fee_minor": 175,
        "net_minor": 4825,
        "currency": "usd",
        "created_at": datetime(2025, 10, 31, 23, 59, 59),
        "description": "Top up",
        "customer_email": "ada@example.com",
        "customer_id": "cus_1",
    }
    assert [row["source"] for row in rows[1:3]] == ["ch_1", "ch_2"]
    assert rows[7]["source"] is None
    assert rows[10]["customer_email"] is None


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (",charge,c,1,0,1,usd,2025-01-01 10:00,", "id", "", "is empty"),
        ("t,,c,1,0,1,usd,2025-01-01 10:00,", "Type", "", "is empty"),
        ("t,charge,c,,0,1,usd,2025-01-01 10:00,", "Amount", "", "is empty"),
        ("t,charge,c,1,,1,usd,2025-01-01 10:00,", "Fee", "", "is empty"),
        (
            "t,charge,c,1.005,0,1,usd,2025-01-01 10:00,",
            "Amount",
            "1.005",
            "more decimals than USD has (2)",
        ),
        ("t,charge,c,x,0,1,usd,2025-01-01 10:00,", "Amount", "x", "not an amount"),
        ("t,charge,c,1,0,1,,2025-01-01 10:00,", "Currency", "", "not a currency code"),
        ("t,charge,c,1,0,1,us$,2025-01-01 10:00,", "Currency", "us$", "not a currency"),
        ("t,charge,c,1,0,1,usd,,", "Created (UTC)", "", "is empty"),
        (
            "t,charge,c,1,0,1,usd,2025-13-01 10:00,",
            "Created (UTC)",
            "2025-13-01 10:00",
            "not a date and time",
        ),
        (
            "t,charge,c,10.00,0.50,9.49,usd,2025-01-01 10:00,",
            "Net",
            "9.49",
            "Amount 10 less Fee 0.5 is 9.5",
        ),
        ("total,,,20.00,1.00,19.00,,,", "Type", "", "is empty"),
    ],
)
def test_bad_row_is_refused_once_and_the_others_are_kept(
    row: str, column: str, value: str, reason: str, read: Callable[..., Reading]
) -> None:
    reading = read(f"{HEADER}\n{GOOD}\n{row}\n")
    assert reading.rows["id"].to_pylist() == ["txn_1"]
    assert reading.rows_read == 2
    [(line, *found, why)] = reasons(reading)
    assert (line, found) == (3, [column, value])
    assert reason in why


def test_row_of_the_wrong_width_is_refused_and_counted(
    read: Callable[..., Reading],
) -> None:
    reading = read(f"{HEADER}\nt,charge,c,1,50,0,1,50,usd,2025-01-01 10:00,\n{GOOD}\n")
    assert reading.rows_read == 2
    assert [p.line for p in reading.problems] == [2]
    assert reading.rows["line"].to_pylist() == [3]


def test_repeated_row_counts_once(read: Callable[..., Reading]) -> None:
    reading = read("\n".join([HEADER, GOOD, GOOD, GOOD, ""]))
    assert reading.rows["line"].to_pylist() == [2]
    assert reasons(reading) == [
        (3, "id", "txn_1", "repeats line 2"),
        (4, "id", "txn_1", "repeats line 2"),
    ]


def test_rows_with_one_id_and_different_values_are_all_refused(
    read: Callable[..., Reading],
) -> None:
    reading = read("\n".join([HEADER, GOOD, GOOD.replace("Top up", "Plan"), ""]))
    assert reading.rows.num_rows == 0
    why = "lines 2, 3 have the same id and different values"
    assert reasons(reading) == [(2, "id", "txn_1", why), (3, "id", "txn_1", why)]


def test_test_mode_is_refused(read: Callable[..., Reading]) -> None:
    reading = read(f"{HEADER},Livemode\n{GOOD},true\n{GOOD},FALSE\n")
    assert reasons(reading) == [(3, "Livemode", "FALSE", "test mode")]


def test_yen_and_dinar_are_not_divided_by_a_hundred(
    read: Callable[..., Reading],
) -> None:
    reading = read(
        f"{HEADER}\nt1,charge,c,1500,54,1446,jpy,2025-01-01 10:00,\n"
        "t2,charge,c,12.345,0.512,11.833,kwd,2025-01-01 10:00,\n"
    )
    assert reading.rows["net_minor"].to_pylist() == [1446, 11833]


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("activity_all_columns.csv", "'brand_new_type' (1 rows, net -4 USD): shown"),
        ("activity_all_columns.csv", "'adjustment' (1 rows, net -1.5 USD): shown"),
        ("activity_decimal_comma.csv", "decimal comma"),
        ("payout_reconciliation.csv", "partial (2025-10 and 2025-11)"),
        (FILES[0], "of the zone America/New_York"),
    ],
)
def test_what_staff_must_know_of_a_sample_is_told(
    name: str, warning: str, read: Callable[..., Reading]
) -> None:
    reading = read((SAMPLES / name).read_text(), name)
    assert any(warning in told for told in reading.warnings)


@pytest.mark.parametrize(
    "name", ["activity_2016.csv", "activity_reseller.csv", "itemized_UTC_customers.csv"]
)
def test_quiet_sample_has_no_warning(name: str, read: Callable[..., Reading]) -> None:
    assert read((SAMPLES / name).read_text(), name).warnings == ()


REPORT = (
    "balance_transaction_id,created,currency,gross,fee,net,reporting_category\n"
    "t,2025-07-31 23:30:00,usd,1,0,1,charge\n"
)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("x_USD_2025-07-01_to_2025-07-31_UTC.csv", "2025-07-31 23:30"),
        ("x_USD_2025-07-01_to_2025-07-31_America-Chicago.csv", "2025-08-01 04:30"),
        ("x_USD_2025-07-01_to_2025-07-31_America-Chicago (1).csv", "2025-08-01 04:30"),
        (
            "x_2025-07-01_to_2025-07-31_America-Port-au-Prince.csv.gz",
            "2025-08-01 03:30",
        ),
        ("x_USD_2025-07-01_to_2025-07-31_Mars-Olympus.csv", "2025-07-31 23:30"),
        ("report.csv", "2025-07-31 23:30"),
    ],
)
def test_zone_of_a_report_is_told_by_its_name(
    file: str, expected: str, read: Callable[..., Reading]
) -> None:
    reading = read(REPORT, file)
    assert reading.rows["created_at"][0].as_py() == datetime.fromisoformat(expected)
    is_guess = "Mars" in file or file == "report.csv"
    assert any("UTC is taken" in told for told in reading.warnings) == is_guess


def test_utc_column_comes_before_the_local_one(read: Callable[..., Reading]) -> None:
    text = REPORT.replace("created,", "created,created_utc,").replace(
        "23:30:00,", "23:30:00,2025-08-01 04:30:00,"
    )
    reading = read(text, "x_2025-07-01_to_2025-07-31_America-Chicago.csv")
    assert reading.rows["created_at"][0].as_py() == datetime(2025, 8, 1, 4, 30)
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("file", "extra", "warning"),
    [
        (
            "Itemized_balance_change_from_activity_charge_USD_2025-07-01_to_2025-07-31"
            "_UTC.csv",
            "",
            "the category charge only",
        ),
        ("Payout_reconciliation_2025-07-01_to_2025-07-31_UTC.csv", "", "(2025-07)"),
        (
            "x_2025-07-01_to_2025-07-31_UTC.csv",
            ",automatic_payout_id\n,po_1\n",
            "Every row names its payout",
        ),
    ],
)
def test_report_that_lacks_rows_by_its_nature_is_told(
    file: str, extra: str, warning: str, read: Callable[..., Reading]
) -> None:
    parts = extra.split("\n") if extra else ["", ""]
    lines = [a + b for a, b in zip(REPORT.splitlines(), parts, strict=False)]
    [told] = read("\n".join([*lines, ""]), file).warnings
    assert warning in told


@pytest.mark.parametrize(
    ("file", "covered", "partial"),
    [
        ("balance_history.csv", None, []),
        (
            "Itemized_balance_change_from_activity_USD_2025-07-01_to_2025-08-31_"
            "America-Chicago.csv",
            [datetime(2025, 7, 1, 5), datetime(2025, 9, 1, 5)],
            [],
        ),
        (
            "Itemized_balance_change_from_activity_USD_2025-08-15_to_2025-08-31_"
            "America-Chicago.csv",
            None,
            [],
        ),
        (
            "Itemized_balance_change_from_activity_charge_USD_2025-07-01_to_2025-08-31"
            "_America-Chicago.csv",
            None,
            [date(2025, 8, 1)],
        ),
        ("Payout_reconciliation_UTC.csv", None, [date(2025, 7, 1)]),
    ],
)
def test_report_tells_of_which_time_it_holds_every_row(
    file: str,
    covered: list[datetime] | None,
    partial: list[date],
    read: Callable[..., Reading],
) -> None:
    reading = read(REPORT, file)
    assert reading.covered == (tuple(covered) if covered else None)
    assert reading.partial_months == tuple(partial)


def test_connect_movements_count_and_are_told(read: Callable[..., Reading]) -> None:
    reading = read(f"{HEADER}\nt,transfer,tr_1,-5,0,-5,usd,2025-01-01 10:00,\n")
    assert reading.rows["flow"].to_pylist() == ["refund"]
    assert "Connect movements, 'transfer' (1 rows, net -5 USD)" in reading.warnings[0]


def test_missing_columns_are_named(read: Callable[..., Reading]) -> None:
    text = "id,Type,Amount,Created (UTC),Available On (UTC)\nt,charge,1,2025-01-01,\n"
    with pytest.raises(MissingColumnsError, match="without 'Fee', 'Net', 'Currency'"):
        read(text)


def test_file_without_rows_is_refused(read: Callable[..., Reading]) -> None:
    with pytest.raises(UnreadableFileError, match="no rows below the header"):
        read(f"{HEADER}\n")


def test_zone_that_is_not_known_refuses_the_file(read: Callable[..., Reading]) -> None:
    with pytest.raises(UnreadableFileError, match="zone 'Mars', not known here"):
        read(f"{HEADER}\n{GOOD}\n".replace("(UTC)", "(Mars)"))


def test_time_that_never_happened_refuses_its_row(
    read: Callable[..., Reading],
) -> None:
    row = GOOD.replace("2025-01-01 10:00", "2025-03-30 02:30")
    reading = read(f"{HEADER}\n{row}\n".replace("(UTC)", "(Europe/Rome)"))
    [problem] = reading.problems
    assert problem.value == "2025-03-30 02:30"
    assert "never happened" in problem.reason


def test_ledgers_are_told_from_other_files() -> None:
    assert stripe_ledger.identify(HEADER.split(","))
    assert stripe_ledger.identify(CUSTOMERS.split("\n", 1)[0].split(","))
    assert not stripe_ledger.identify(["id", "Amount", "Status"])


def test_signature_is_of_the_columns_not_of_their_order(
    read: Callable[..., Reading],
) -> None:
    first = read(f"{HEADER}\n{GOOD}\n")
    turned = "\n".join(
        ",".join(line.split(",")[::-1]) for line in (HEADER, GOOD, "")
    ).rstrip(",")
    other = read(turned)
    assert first.header_signature == other.header_signature
    assert first.rows == other.rows


@settings(max_examples=25, deadline=None)
@given(st.permutations(CUSTOMERS.splitlines()[1:]))
def test_order_of_rows_changes_no_row(
    table_of: Callable[..., TextTable], lines: list[str]
) -> None:
    text = CUSTOMERS
    shuffled = "\n".join([text.split("\n", 1)[0], *lines, ""])
    readings = [
        stripe_ledger.read(table_of(content), sha256="") for content in (text, shuffled)
    ]
    first, other = (r.rows.drop_columns("line").sort_by("id") for r in readings)
    assert first == other


@pytest.mark.parametrize(
    ("second", "column", "reason"),
    [
        ("txn_2,refund", "Transaction ID", "repeats line 2"),
        (",refund", "Transaction ID", "is empty"),
        ("txn_3,", "Transaction Type", "is empty"),
    ],
)
def test_a_refusal_names_the_column_as_this_export_has_it(
    read: Callable[..., Reading], second: str, column: str, reason: str
) -> None:
    header = "Client name,Transaction ID,Transaction Type,Source,Amount,Fee,Net"
    rest = "ch_1,-10.00,0.00,-10.00,usd,2025-02-02 10:00,2025-02-02 10:00"
    found = read(
        f"{header},Currency,Created (UTC),Available On (UTC)\n"
        f"A,txn_2,refund,{rest}\nA,{second},{rest}\n"
    )
    (problem,) = found.problems
    assert (problem.line, problem.column, problem.reason) == (3, column, reason)
