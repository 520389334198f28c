"""Reconciliation: what agrees to the cent, what differs, what was not checked."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from core.reports import reconciliation
from core.reports.reconciliation import Gap
from core.warehouse import plans

if TYPE_CHECKING:
    from core.models import Reading
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make


def load(warehouse: Warehouse, *readings: Reading) -> None:
    plan = plans.plan(warehouse, list(readings))
    plans.commit(warehouse, plan, now=datetime(2026, 1, 1), by="test")


def move(name: str, day: str, kind: str, amount: int, fee: int = 0, **more: object):  # noqa: ANN201
    flows = {"charge": "payment", "refund": "refund", "stripe_fee": "stripe_fee"}
    return {
        "id": name,
        "type": kind,
        "flow": flows.get(kind, "excluded"),
        "created_at": datetime.fromisoformat(day),
        "amount_minor": amount,
        "fee_minor": fee,
        **more,
    }


LEDGER = [
    move("t0", "2024-03-01T04:59", "charge", 7, source="ch_0"),
    move("t1", "2024-03-01T06:00", "charge", 10_000, 320, source="ch_1"),
    move("t2", "2024-03-20", "refund", -2_500, source="ch_1"),
    move("t3", "2024-04-01T03:59", "stripe_fee", -60, 10),
    move("t4", "2024-03-21", "payout", -5_000),
    move("t5", "2024-03-22", "reserved_funds", -100),
]
BALANCE = {
    "starting_balance": 0,
    "activity_gross": 7_340,
    "activity_fee": -330,
    "activity": 7_010,
    "payouts": -5_000,
    "ending_balance": 2_010,
}
CATEGORY = {
    "charge": 9_680,
    "refund": -2_500,
    "fee": -70,
    "risk_reserved_funds": -100,
    "total": 7_010,
}


def lines(warehouse: Warehouse) -> dict[str, tuple[str, int]]:
    rows = reconciliation.summaries(warehouse)
    return {
        row.name: (row.status, int(row.difference_minor))
        for row in rows.itertuples(index=False)
    }


@pytest.mark.parametrize(
    ("report", "told"), [("balance", BALANCE), ("category", CATEGORY)]
)
def test_summary_of_the_same_movements_agrees_in_its_own_zone(
    warehouse: Warehouse, make: Make, report: str, told: dict[str, int]
) -> None:
    summary = make.summary(told, report=report, zone="America/New_York")
    load(warehouse, make.ledger(LEDGER), summary)
    checked = {n: ("agrees", 0) for n in told if "balance" not in n and n != "payouts"}
    assert lines(warehouse) == checked
    assert reconciliation.verdict(warehouse).is_green


def test_difference_is_ours_less_what_stripe_says(
    warehouse: Warehouse, make: Make
) -> None:
    load(warehouse, make.ledger(LEDGER), make.summary({"activity": 7_000}))
    assert lines(warehouse) == {"activity": ("differs", 87)}
    found = reconciliation.verdict(warehouse)
    assert (found.is_green, found.differing) == (False, 1)
    row = reconciliation.summaries(warehouse).iloc[0]
    assert (row["basis"], row["ours"], row["difference"]) == ("ledger", 70.87, 0.87)


def test_category_that_only_we_have_differs(warehouse: Warehouse, make: Make) -> None:
    told = {name: net for name, net in CATEGORY.items() if name != "refund"}
    summary = make.summary(told, report="category", zone="America/New_York")
    load(warehouse, make.ledger(LEDGER), summary)
    assert lines(warehouse)["refund"] == ("differs", -2_500)


BESIDE = {
    "charge": (1, 10_000, 320),
    "refund": (1, -2_500, 0),
    "fee": (1, -60, 10),
    "risk_reserved_funds": (1, -100, 0),
    "total": (4, 7_340, 330),
}
AT_HOME = {"report": "category", "zone": "America/New_York"}


@pytest.mark.parametrize(
    ("line", "told", "off"),
    [
        ("charge", (1, 10_000, 320), {}),
        ("charge", (None, 10_000, 320), {}),
        ("charge", (2, 10_000, 320), {"rows": -1}),
        ("charge", (1, 9_990, 310), {"gross": 10, "fee": 10}),
        ("total", (5, 7_340, 330), {"rows": -1}),
    ],
)
def test_every_column_of_a_summary_by_category_is_held_against_ours(
    warehouse: Warehouse,
    make: Make,
    line: str,
    told: tuple[int | None, int, int],
    off: dict[str, int],
) -> None:
    summary = make.summary(CATEGORY, beside={**BESIDE, line: told}, **AT_HOME)
    load(warehouse, make.ledger(LEDGER), summary)
    rows = reconciliation.summaries(warehouse).set_index("name")
    columns = {
        "gross": "gross_difference_minor",
        "fee": "fee_difference_minor",
        "rows": "row_difference",
    }
    told_of = rows.loc[line, list(columns.values())].fillna(0)
    found = {name: int(told_of[column]) for name, column in columns.items()}
    found = {name: value for name, value in found.items() if value}
    assert found == off
    assert rows["difference_minor"].eq(0).all()
    assert set(rows["status"]) == {"agrees", *(["differs"] if off else [])}
    assert reconciliation.verdict(warehouse).is_green is not bool(off)


def test_summary_without_data_of_ours_is_not_green(
    warehouse: Warehouse, make: Make
) -> None:
    load(warehouse, make.summary({"activity": 0}))
    rows = reconciliation.summaries(warehouse)
    assert rows["status"].to_list() == ["not checked"]
    assert rows["basis"].to_list() == ["none"]
    assert not reconciliation.verdict(warehouse).is_green


def paid(name: str, amount: int, fee: int, **more: object) -> dict:
    day = datetime(2024, 3, 1, 6)
    base = {"id": name, "created_at": day, "amount_minor": amount, "fee_minor": fee}
    return {**base, **more}


REFUNDED = {"refunded_minor": 2_500, "refunded_at": datetime(2024, 3, 20)}
NEWEST = paid("ch_8", 1, 0, created_at=datetime(2024, 6, 1))


def test_without_a_ledger_payments_are_held_against_the_summary(
    warehouse: Warehouse, make: Make
) -> None:
    told = {"activity_gross": 7_500, "activity_fee": -320, "activity": 7_180}
    payments = make.payments([paid("ch_1", 10_000, 320, **REFUNDED)])
    load(warehouse, payments, make.summary(told))
    assert set(lines(warehouse).values()) == {("agrees", 0)}
    assert set(reconciliation.summaries(warehouse)["basis"]) == {"payments"}


def test_payment_says_the_same_over_its_life_in_both_kinds_of_files(
    warehouse: Warehouse, make: Make
) -> None:
    payments = make.payments([paid("ch_1", 10_000, 320, **REFUNDED), NEWEST])
    load(warehouse, make.ledger(LEDGER), payments)
    (row,) = reconciliation.payments(warehouse).to_dict("records")
    assert (row["payments"], row["common"], row["differing"]) == (1, 1, 0)
    assert row["payments_net_minor"] == row["ledger_net_minor"] == 7_180
    assert reconciliation.verdict(warehouse).is_green


def test_payment_that_differs_is_listed(warehouse: Warehouse, make: Make) -> None:
    payments = make.payments([paid("ch_1", 10_000, 300, **REFUNDED), NEWEST])
    load(warehouse, make.ledger(LEDGER), payments)
    (row,) = reconciliation.differing_payments(warehouse).to_dict("records")
    assert (row["id"], row["difference_minor"], row["difference"]) == ("ch_1", 20, 0.2)
    assert not reconciliation.verdict(warehouse).is_green


def test_refund_after_the_export_is_no_difference(
    warehouse: Warehouse, make: Make
) -> None:
    load(warehouse, make.ledger(LEDGER), make.payments([paid("ch_1", 10_000, 320)]))
    (row,) = reconciliation.payments(warehouse).to_dict("records")
    assert (row["payments"], row["common"]) == (1, 0)


def test_dispute_that_an_export_lacks_columns_for_is_shown_and_no_difference(
    warehouse: Warehouse, make: Make
) -> None:
    dispute = move("t6", "2024-03-25", "adjustment", -7_500, 1_500, source="ch_1")
    ledger = make.ledger([*LEDGER, dispute | {"flow": "dispute"}])
    payments = make.payments([paid("ch_1", 10_000, 1_820, **REFUNDED), NEWEST])
    load(warehouse, ledger, payments)
    (row,) = reconciliation.payments(warehouse).to_dict("records")
    assert (row["untold_minor"], row["difference_minor"]) == (-7_500, 0)


def test_months_are_listed_by_file_and_gaps_by_reason(
    warehouse: Warehouse, make: Make
) -> None:
    late = paid("ch_9", 5, 0, created_at=datetime(2024, 6, 2))
    load(warehouse, make.ledger(LEDGER[:3]), make.payments([late]))
    files = reconciliation.files(warehouse)
    assert files[["kind", "row_count", "basis"]].to_numpy().tolist() == [
        ["stripe_ledger", 3, "ledger"],
        ["stripe_payments", 1, "payments"],
    ]
    assert reconciliation.gaps(warehouse) == (
        Gap(date(2024, 4, 1), "usd", "no_data"),
        Gap(date(2024, 5, 1), "usd", "no_data"),
        Gap(date(2024, 6, 1), "usd", "estimated"),
    )
