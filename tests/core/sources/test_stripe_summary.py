"""Stripe's summaries are read as checks, with their period, and never as revenue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.errors import MissingColumnsError, NotLoadableError, UnreadableFileError
from core.models import SUMMARY_SCHEMA, Kind
from core.sources import stripe_summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.files.table import TextTable
    from core.models import Reading

BALANCE = """category,description,net_amount,currency
starting_balance,Starting balance (2025-11-01),100.00,hkd
activity_gross,Account activity before fees,1000.00,
activity_fee,Less fees,-50.00,
activity,Activity,950.00,hkd
payouts_gross,Payouts to bank,-600.00,
payouts_fee,Payout fees,0.00,
payouts,Total payouts,-600.00,
ending_balance,Ending balance (2025-11-29),450.00,hkd
"""
CATEGORY = """reporting_category,currency,count,gross,fee,net
charge,jpy,3,3000,108,2892
refund,jpy,1,-1000,0,-1000
total,,4,2000,108,1892
"""
NAMED = "Balance_change_JPY_2025-11-01_to_2025-11-30_Asia-Tokyo.csv"


@pytest.fixture
def read(table_of: Callable[..., TextTable]) -> Callable[..., Reading]:
    def read_text(text: str, file: str = "summary.csv") -> Reading:
        table = table_of(text, file)
        assert stripe_summary.identify(table.header)
        return stripe_summary.read(table, sha256="digest")

    return read_text


def test_balance_summary_has_its_period_from_its_lines(
    read: Callable[..., Reading],
) -> None:
    reading = read(BALANCE, "Balance_Summary_HKD_x_UTC.csv")
    assert (reading.kind, reading.rows.schema) == (Kind.STRIPE_SUMMARY, SUMMARY_SCHEMA)
    assert (reading.rows_read, len(reading.rows), reading.problems) == (8, 8, ())
    assert reading.layout == "Stripe balance summary"
    assert reading.rows.to_pylist()[3] == {
        "line": 5,
        "report": "balance",
        "name": "activity",
        "currency": "hkd",
        "first_day": date(2025, 11, 1),
        "last_day": date(2025, 11, 29),
        "time_zone": "UTC",
        "row_count": None,
        "gross_minor": None,
        "fee_minor": None,
        "net_minor": 95_000,
    }
    assert set(reading.rows["currency"].to_pylist()) == {"hkd"}


def test_category_summary_has_period_zone_and_currency_from_its_name(
    read: Callable[..., Reading],
) -> None:
    rows = read(CATEGORY, NAMED).rows.to_pylist()
    assert [row["name"] for row in rows] == ["charge", "refund", "total"]
    assert [row["net_minor"] for row in rows] == [2892, -1000, 1892]
    assert [row["row_count"] for row in rows] == [3, 1, 4]
    assert {row["currency"] for row in rows} == {"jpy"}
    assert {row["time_zone"] for row in rows} == {"Asia/Tokyo"}
    assert rows[0]["last_day"] == date(2025, 11, 30)


def test_zone_that_is_told_nowhere_is_a_warning(read: Callable[..., Reading]) -> None:
    assert any("time zone" in warning for warning in read(BALANCE).warnings)
    named = "x_2025-11-01_to_2025-11-29_UTC.csv"
    assert read(BALANCE, named).warnings == ()


def test_summary_without_a_period_says_where_it_stands(
    read: Callable[..., Reading],
) -> None:
    with pytest.raises(UnreadableFileError, match=r"which period.*name that Stripe"):
        read(CATEGORY)


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (CATEGORY, f"Payout_reconciliation_summary_{NAMED}"),
        (CATEGORY.replace("charge", "payout").replace("refund", "total"), NAMED),
    ],
)
def test_summary_of_payouts_is_refused(
    text: str, file: str, read: Callable[..., Reading]
) -> None:
    with pytest.raises(NotLoadableError, match="balance change summary instead"):
        read(text, file)


@pytest.mark.parametrize(
    ("old", "new", "column", "reason"),
    [
        ("-1000,0,-1000", "-1000,0,-999", "net", "gross less fee is another amount"),
        ("3000,108,2892", "3000.5,108,2892", "gross", "more decimals"),
        ("charge,jpy", ",jpy", "reporting_category", "is empty"),
        ("refund,jpy,1,-1000,0,-1000", "charge,jpy,1,0,0,0", "reporting", "same id"),
    ],
)
def test_line_that_cannot_be_right_is_refused(
    old: str, new: str, column: str, reason: str, read: Callable[..., Reading]
) -> None:
    reading = read(CATEGORY.replace(old, new), NAMED)
    assert reading.rows_read == len(reading.rows) + len(reading.problems)
    problem = reading.problems[0]
    assert problem.column.startswith(column)
    assert reason in problem.reason


def test_lines_that_do_not_add_up_are_told(read: Callable[..., Reading]) -> None:
    wrong = BALANCE.replace("450.00", "451.00")
    named = "x_2025-11-01_to_2025-11-29_UTC.csv"
    (warning,) = read(wrong, named).warnings
    assert warning.startswith("The line ending_balance is 1 HKD off")


def test_missing_column_is_named(table_of: Callable[..., TextTable]) -> None:
    text = BALANCE.replace(",currency\n", ",coin\n")
    with pytest.raises(MissingColumnsError, match="currency"):
        stripe_summary.read(table_of(text), sha256="digest")
