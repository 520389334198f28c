"""Net volume from sales: the ledger where it is complete, else the payments."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.reports import revenue
from core.warehouse import copies, plans
from core.warehouse import settings as shop
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from core.models import Reading
    from tests.core.conftest import Make


def at(day: str) -> datetime:
    return datetime.fromisoformat(day)


def load(warehouse: Warehouse, *readings: Reading) -> None:
    for reading in readings:
        plan = plans.plan(warehouse, [reading])
        plans.commit(warehouse, plan, now=at("2026-01-01"), by="test")


def lines(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return copies.rows(warehouse, "file_monthly_net_volume")


def charge(number: int, day: str, amount: int, fee: int, **more: object) -> dict:
    return {
        "id": f"txn_{number}",
        "flow": "payment",
        "source": f"ch_{number}",
        "created_at": at(day),
        "amount_minor": amount,
        "fee_minor": fee,
        **more,
    }


def paid(number: int, day: str, amount: int, fee: int, **more: object) -> dict:
    return {
        "id": f"ch_{number}",
        "created_at": at(day),
        "amount_minor": amount,
        "fee_minor": fee,
        **more,
    }


def test_lines_of_a_ledger_month_add_up(warehouse: Warehouse, make: Make) -> None:
    same = {"created_at": at("2024-03-09")}
    load(
        warehouse,
        make.ledger(
            [
                charge(1, "2024-03-01", 10_000, 320),
                charge(2, "2024-03-02", 5_000, 175, type="payment"),
                {"id": "t3", "flow": "refund", "amount_minor": -2_500, **same},
                {
                    "id": "t4",
                    "flow": "dispute",
                    "amount_minor": -5_000,
                    "fee_minor": 1_500,
                    **same,
                },
                {"id": "t5", "flow": "stripe_fee", "amount_minor": -7, **same},
                {"id": "t6", "flow": "excluded", "amount_minor": -900, **same},
                {"id": "t7", "flow": "unknown", "amount_minor": 111, **same},
            ]
        ),
    )

    assert lines(warehouse) == [
        (
            *("2024-03", "USD", "150", "-25", "-50", "-19.95"),
            *("55.05", "-0.07", "54.98", "ledger"),
        )
    ]
    uncounted = warehouse.rows("SELECT reason, amount_minor FROM revenue_uncounted")
    assert sorted(uncounted) == [("excluded", -900), ("unknown", 111)]


def test_a_refund_of_a_payments_file_counts_in_its_own_month(
    warehouse: Warehouse, make: Make
) -> None:
    refund = {"refunded_minor": 1_000, "refunded_at": at("2024-03-31")}
    load(warehouse, make.payments([paid(1, "2024-01-31", 1_000, 59, **refund)]))

    assert [(row[0], row[6], row[9]) for row in lines(warehouse)] == [
        ("2024-01", "9.41", "payments"),
        ("2024-03", "-10", "payments"),
    ]


@pytest.mark.parametrize(
    ("status", "net"),
    [
        ("lost", "-0.5"),
        ("needs_response", "-0.5"),
        ("under_review", "-0.5"),
        ("won", "9.5"),
        ("warning_needs_response", "9.5"),
        ("charge_lost_in_space", "9.5"),
        (None, "9.5"),
    ],
)
def test_a_dispute_counts_while_its_money_is_gone_and_an_unknown_one_is_shown(
    warehouse: Warehouse, make: Make, status: str | None, net: str
) -> None:
    dispute = {
        "disputed_minor": 1_000,
        "disputed_at": at("2024-01-20"),
        "dispute_status": status,
    }
    load(warehouse, make.payments([paid(1, "2024-01-05", 1_000, 50, **dispute)]))

    assert lines(warehouse)[0][6] == net
    shown = warehouse.rows("SELECT name, reason, amount_minor FROM revenue_uncounted")
    is_unknown = status is None or "space" in status
    name = "dispute" if status is None else f"dispute {status}"
    assert shown == ([(name, "unknown", -1_000)] if is_unknown else [])


def test_the_ledger_wins_a_month_it_knows_whole(
    warehouse: Warehouse, make: Make
) -> None:
    load(
        warehouse,
        make.payments(
            [
                paid(1, "2024-01-05", 1_000, 50),
                paid(2, "2024-02-05", 1_000, 90),
                paid(3, "2024-03-05", 1_000, 50),
                paid(4, "2024-03-06", 1_000, 50),
            ]
        ),
        make.ledger(
            [charge(2, "2024-02-05", 1_000, 50), charge(3, "2024-03-05", 1_000, 40)]
        ),
    )

    assert [(row[0], row[6], row[9]) for row in lines(warehouse)] == [
        ("2024-01", "9.5", "payments"),
        ("2024-02", "9.5", "ledger"),
        ("2024-03", "19", "payments"),
    ]


def test_two_files_that_both_lack_payments_are_not_mixed(
    warehouse: Warehouse, make: Make
) -> None:
    load(
        warehouse,
        make.payments([paid(1, "2024-01-05", 1_000, 50)]),
        make.ledger([charge(2, "2024-01-06", 3_000, 100)]),
    )

    (row,) = lines(warehouse)
    assert (row[6], row[9]) == ("29", "ledger, incomplete")


def test_a_month_ends_in_the_reporting_time_zone(
    warehouse: Warehouse, make: Make
) -> None:
    load(warehouse, make.ledger([charge(1, "2024-02-01T04:30", 1_000, 0)]))
    assert lines(warehouse)[0][0] == "2024-02"

    shop.save(
        warehouse,
        shop.Settings(time_zone="America/New_York"),
        now=datetime(2026, 3, 3),
        by="t",
    )

    assert lines(warehouse)[0][0] == "2024-01"


@pytest.mark.parametrize(
    ("currency", "net"), [("jpy", "12345"), ("kwd", "12.345"), ("hkd", "123.45")]
)
def test_minor_units_follow_the_currency(
    warehouse: Warehouse, make: Make, currency: str, net: str
) -> None:
    row = charge(1, "2024-01-05", 12_345, 0, currency=currency)
    load(warehouse, make.ledger([row]))

    assert (lines(warehouse)[0][1], lines(warehouse)[0][6]) == (currency.upper(), net)


def test_money_goes_to_the_email_that_an_id_stands_for(
    warehouse: Warehouse, make: Make
) -> None:
    who = {"customer_email": "a@example.com", "customer_id": "cus_1"}
    load(
        warehouse,
        make.payments(
            [
                paid(1, "2024-01-05", 1_000, 0, **who),
                paid(2, "2024-01-06", 200, 0, customer_id="cus_1"),
                paid(3, "2024-01-07", 30, 0, customer_id="cus_2"),
                paid(4, "2024-01-08", 4, 0),
            ]
        ),
    )

    rows = warehouse.rows("SELECT owner, net_minor FROM owner_money ORDER BY owner")
    assert rows == [
        ("(unknown payer)", 4),
        ("a@example.com", 1_200),
        ("cus_2", 30),
    ]


def test_ledger_rows_find_the_payer_of_their_payment(
    warehouse: Warehouse, make: Make
) -> None:
    day = {"created_at": at("2024-01-09")}
    dispute = "Chargeback withdrawal for ch_1"
    load(
        warehouse,
        make.payments([paid(1, "2024-01-05", 1_000, 30, customer_email="a@b.org")]),
        make.ledger(
            [
                charge(1, "2024-01-05", 1_000, 30),
                {
                    "id": "t2",
                    "flow": "refund",
                    "source": "ch_1",
                    "amount_minor": -100,
                    **day,
                },
                {
                    "id": "t3",
                    "flow": "dispute",
                    "source": "dp_9",
                    "description": dispute,
                    "amount_minor": -900,
                    **day,
                },
            ]
        ),
    )

    assert warehouse.rows("SELECT owner, net_minor FROM owner_money") == [
        ("a@b.org", -30)
    ]


def test_lines_of_a_payer_add_up_and_a_refund_is_no_payment(
    warehouse: Warehouse, make: Make
) -> None:
    who = {"customer_email": "a@example.com"}
    same = {"source": "ch_1", **who}
    load(
        warehouse,
        make.ledger(
            [
                charge(1, "2024-01-05", 10_000, 320, **who),
                charge(2, "2024-02-05", 500, 20, **who),
                {
                    "id": "t3",
                    "flow": "refund",
                    "created_at": at("2024-03-05"),
                    "amount_minor": -2_500,
                    **same,
                },
                {
                    "id": "t4",
                    "flow": "dispute",
                    "created_at": at("2024-04-05"),
                    "amount_minor": -7_500,
                    "fee_minor": 1_500,
                    **same,
                },
                charge(5, "2024-04-06", 77, 7),
            ]
        ),
    )
    (guest, mine) = revenue.by_payer(warehouse).to_dict("records")
    expected = {
        "owner": "a@example.com",
        "gross_minor": 10_500,
        "refunds_minor": -2_500,
        "disputes_minor": -7_500,
        "fees_minor": -1_840,
        "net_minor": -1_340,
    }
    # Within a currency the largest net volume stands first.
    assert (guest["owner"], guest["net_minor"]) == ("(unknown payer)", 70)
    assert {name: mine[name] for name in expected} == expected
    paid_in = [f"{mine[name]:%Y-%m}" for name in ("first_paid", "last_paid")]
    assert paid_in == ["2024-01", "2024-02"]


movement = st.tuples(
    st.integers(1, 6),
    st.sampled_from(["2024-01-15", "2024-02-15", "2024-04-15"]),
    st.sampled_from(["payment", "refund", "dispute", "stripe_fee", "excluded"]),
    st.integers(-500, 500),
    st.integers(-20, 50),
    st.sampled_from(["usd", "jpy"]),
    st.sampled_from(["a@example.com", None]),
)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(movement, max_size=12), cut=st.integers(0, 12), swap=st.booleans())
def test_split_overlapping_files_in_any_order_give_the_same_figures(
    make: Make, rows: list[tuple], *, cut: int, swap: bool
) -> None:
    ledger = [
        {
            "id": f"t{place}",
            "created_at": at(day),
            "flow": flow,
            "source": f"ch_{number}",
            "amount_minor": amount,
            "fee_minor": fee,
            "currency": currency,
            "customer_email": email,
        }
        for place, (number, day, flow, amount, fee, currency, email) in enumerate(rows)
    ]
    halves = [make.ledger(part) for part in (ledger[: cut + 2], ledger[cut:]) if part]
    expected: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for _, day, flow, amount, fee, currency, _ in rows:
        if flow != "excluded":
            sums = expected[(day[:7], currency)]
            sums[flow == "stripe_fee"] += amount - fee

    with Warehouse() as warehouse:
        load(warehouse, *(reversed(halves) if swap else halves))
        told = warehouse.rows(
            "SELECT strftime(month, '%Y-%m'), currency, net_minor, other_fees_minor "
            "FROM revenue_month"
        )
        by_payer = warehouse.rows(
            "SELECT currency, sum(net_minor)::BIGINT FROM payer_month GROUP BY currency"
        )

    assert {row[:2]: list(row[2:]) for row in told} == dict(expected)
    totals: dict[str, int] = defaultdict(int)
    for (_, currency), (net, _) in expected.items():
        totals[currency] += net
    assert {**dict.fromkeys(totals, 0), **dict(by_payer)} == dict(totals)
