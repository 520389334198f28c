"""The rule of revenue: which file tells a month, and what each movement does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.warehouse import batches, plans
from core.warehouse import settings as shop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.models import Reading
    from core.warehouse.store import Warehouse
    from tests.core.conftest import Make

NOW = datetime(2026, 1, 1)
MARCH = (datetime(2024, 3, 1), datetime(2024, 4, 1))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def load(warehouse: Warehouse, *readings: Reading) -> None:
    for reading in readings:
        plan = plans.plan(warehouse, [reading])
        plans.commit(warehouse, plan, now=NOW, by="test")


def undo_all(warehouse: Warehouse) -> None:
    for batch in batches.history(warehouse):
        if batch.is_live:
            batches.undo(warehouse, batch.batch_id, now=NOW, by="test")


def months(warehouse: Warehouse) -> dict[str, tuple[int, str]]:
    """Tell net volume in minor units and where it is from, by month."""
    rows = warehouse.rows(
        "SELECT strftime(month, '%Y-%m'), net_minor, basis FROM revenue_month"
    )
    return {str(month): (int(str(net)), str(basis)) for month, net, basis in rows}


def move(name: str, day: str, flow: str, amount: int, fee: int = 0, **more: object):  # noqa: ANN201
    return {
        "id": name,
        "flow": flow,
        "created_at": at(day),
        "amount_minor": amount,
        "fee_minor": fee,
        **more,
    }


def paid(name: str, day: str, amount: int, fee: int = 0, **more: object):  # noqa: ANN201
    return {
        "id": name,
        "created_at": at(day),
        "amount_minor": amount,
        "fee_minor": fee,
        **more,
    }


def test_full_refund_of_a_later_month_leaves_the_fees_over_both(
    warehouse: Warehouse, make: Make
) -> None:
    load(
        warehouse,
        make.ledger(
            [
                move("t1", "2024-01-31T23:00", "payment", 10_000, 320, source="ch_1"),
                move("t2", "2024-02-01T01:00", "refund", -10_000, source="ch_1"),
            ]
        ),
    )
    assert months(warehouse) == {
        "2024-01": (9_680, "ledger"),
        "2024-02": (-10_000, "ledger"),
    }
    assert sum(net for net, _ in months(warehouse).values()) == -320


def test_month_border_moves_with_the_zone_and_its_summer_time(
    warehouse: Warehouse, make: Make
) -> None:
    load(
        warehouse,
        make.ledger(
            [
                move("t1", "2024-04-01T03:59", "payment", 1),
                move("t2", "2024-04-01T04:00", "payment", 10),
                move("t3", "2024-12-01T04:59", "payment", 100),
                move("t4", "2024-12-01T05:00", "payment", 1_000),
            ]
        ),
    )
    utc = {month: net for month, (net, _) in months(warehouse).items()}
    assert utc == {"2024-04": 11, "2024-12": 1_100}

    shop.save(
        warehouse,
        shop.Settings(time_zone="America/New_York"),
        now=datetime(2026, 3, 3),
        by="t",
    )

    local = {month: net for month, (net, _) in months(warehouse).items()}
    assert local == {
        "2024-03": 1,
        "2024-04": 10,
        "2024-11": 100,
        "2024-12": 1_000,
    }


@pytest.mark.parametrize(
    ("later", "net"),
    [
        ([], 9_680 - 10_000 - 1_500),
        ([("dispute", 10_000, 0)], 9_680 - 1_500),
        ([("dispute", 10_000, -1_500)], 9_680),
    ],
    ids=["lost", "won", "won, fee returned"],
)
def test_dispute_takes_amount_and_fee_until_it_is_won(
    later: list[tuple[str, int, int]], net: int, warehouse: Warehouse, make: Make
) -> None:
    rows = [
        move("t1", "2024-03-01", "payment", 10_000, 320, source="ch_1"),
        move("t2", "2024-03-09", "dispute", -10_000, 1_500, source="dp_1"),
        *(
            move(f"w{n}", "2024-03-20", flow, amount, fee, source="dp_1")
            for n, (flow, amount, fee) in enumerate(later)
        ),
    ]
    load(warehouse, make.ledger(rows))
    assert months(warehouse) == {"2024-03": (net, "ledger")}


def test_refund_that_failed_comes_back(warehouse: Warehouse, make: Make) -> None:
    load(
        warehouse,
        make.ledger(
            [
                move("t1", "2024-03-01", "payment", 1_000, 59, source="ch_1"),
                move("t2", "2024-03-02", "refund", -1_000, source="ch_1"),
                move("t3", "2024-03-09", "refund", 1_000, source="ch_1"),
            ]
        ),
    )
    assert months(warehouse) == {"2024-03": (941, "ledger")}
    (line,) = warehouse.rows("SELECT refunds_minor, gross_minor FROM revenue_month")
    assert line == (0, 1_000)


def test_currencies_are_never_added(warehouse: Warehouse, make: Make) -> None:
    rows = [
        move(f"t{code}", "2024-03-01", "payment", amount, fee, currency=code)
        for code, amount, fee in (
            ("jpy", 5_000, 180),
            ("kwd", 12_345, 345),
            ("hkd", 10_801, 601),
        )
    ]
    load(warehouse, make.ledger(rows))
    shown = warehouse.rows(
        'SELECT "Currency", "Gross Volume", "Fees", "Net Volume" '
        "FROM file_monthly_net_volume"
    )
    assert shown == [
        ("HKD", "108.01", "-6.01", "102"),
        ("JPY", "5000", "-180", "4820"),
        ("KWD", "12.345", "-0.345", "12"),
    ]


PAYMENTS = [
    paid("ch_1", "2024-03-02", 1_000, 50),
    paid("ch_2", "2024-03-20", 2_000, 80),
]
LEDGER = [
    move("t1", "2024-03-02", "payment", 1_000, 40, source="ch_1"),
    move("t2", "2024-03-20", "payment", 2_000, 80, source="ch_2"),
]


def test_report_that_tells_its_period_wins_though_a_payment_settled_later(
    warehouse: Warehouse, make: Make
) -> None:
    late = paid("ch_3", "2024-03-31", 500, 10)
    report = replace(make.ledger(LEDGER), covered=MARCH)
    load(warehouse, make.payments([*PAYMENTS, late]), report)
    assert months(warehouse) == {"2024-03": (2_880, "ledger")}


def test_report_of_half_a_month_leaves_it_to_the_payments(
    warehouse: Warehouse, make: Make
) -> None:
    first = replace(make.ledger(LEDGER[:1]), covered=(MARCH[0], datetime(2024, 3, 16)))
    load(warehouse, make.payments(PAYMENTS), first)
    assert months(warehouse) == {"2024-03": (2_870, "payments")}

    rest = replace(make.ledger(LEDGER[1:]), covered=(datetime(2024, 3, 16), MARCH[1]))
    load(warehouse, rest)
    assert months(warehouse) == {"2024-03": (2_880, "ledger")}


def test_report_of_another_zone_does_not_hold_the_month_whole(
    warehouse: Warehouse, make: Make
) -> None:
    later = tuple(moment.replace(hour=5) for moment in MARCH)
    report = replace(make.ledger(LEDGER), covered=later)
    load(warehouse, report)
    assert months(warehouse) == {"2024-03": (2_880, "ledger, incomplete")}

    shop.save(
        warehouse,
        shop.Settings(time_zone="Etc/GMT+5"),
        now=datetime(2026, 3, 3),
        by="t",
    )
    assert months(warehouse) == {"2024-03": (2_880, "ledger")}


def test_month_that_a_file_holds_in_part_is_whole_with_another_file(
    warehouse: Warehouse, make: Make
) -> None:
    part = replace(make.ledger(LEDGER[1:]), partial_months=(date(2024, 3, 1),))
    load(warehouse, part)
    assert months(warehouse) == {"2024-03": (1_920, "ledger, incomplete")}

    load(warehouse, make.ledger(LEDGER))
    assert months(warehouse) == {"2024-03": (2_880, "ledger")}


FEBRUARY = move("t9", "2024-02-09", "payment", 500, source="ch_9")
KNOWN = paid("ch_9", "2024-02-09", 500)


@pytest.mark.parametrize(
    ("told", "moves", "expected"),
    [
        (
            {"refunded_minor": 1_000, "fee_minor": 70},
            [move("t1", "2024-02-15", "refund", -1_000, 20, source="ch_1")],
            {"2024-01": 950, "2024-02": -520},
        ),
        (
            {"refunded_minor": 700, "refunded_at": at("2024-03-05")},
            [move("t1", "2024-02-15", "refund", -400, source="ch_1")],
            {"2024-01": 950, "2024-02": 100, "2024-03": -300},
        ),
        (
            {"refunded_minor": 300, "refunded_at": at("2024-01-20")},
            [move("t1", "2024-02-15", "refund", -400, source="ch_1")],
            {"2024-01": 650, "2024-02": 100},
        ),
        (
            {},
            [move("t1", "2024-02-01", "payment", 1_000, 50, source="ch_1")],
            {"2024-01": 0, "2024-02": 1_450},
        ),
        (
            {"currency": "cny", "amount_minor": 900},
            [move("t1", "2024-02-01", "payment", 1_000, 50, source="ch_1")],
            {"2024-01": 0, "2024-02": 1_450},
        ),
        (
            {"disputed_minor": 1_000, "dispute_status": "lost", "fee_minor": 1_550},
            [
                move("t1", "2024-02-02", "dispute", -1_000, 1_500, source="dp_1")
                | {"description": "Chargeback withdrawal for ch_1"}
            ],
            {"2024-01": 950, "2024-02": -2_000},
        ),
        (
            {"disputed_minor": 1_000, "dispute_status": "won"},
            [
                move("t1", "2024-02-20", "dispute", 1_000, source="dp_1")
                | {"description": "Chargeback reversal for ch_1"}
            ],
            {"2024-01": -50, "2024-02": 1_500},
        ),
    ],
    ids=[
        "refund without a date",
        "one of two refunds",
        "refund after the export",
        "payment that settled later",
        "payment in the currency of the charge",
        "dispute",
        "dispute that was won",
    ],
)
def test_money_that_the_ledger_has_in_another_month_is_not_added_to_it(
    told: dict[str, object],
    moves: list[dict],
    expected: dict[str, int],
    warehouse: Warehouse,
    make: Make,
) -> None:
    row = paid("ch_1", "2024-01-31", 1_000, 50) | told
    load(warehouse, make.payments([row, KNOWN]), make.ledger([*moves, FEBRUARY]))
    assert {month: net for month, (net, _) in months(warehouse).items()} == expected


def test_undated_refund_that_the_ledger_of_its_payment_lacks_is_shown(
    warehouse: Warehouse, make: Make
) -> None:
    row = paid("ch_1", "2024-01-31", 1_000, 50, refunded_minor=400)
    charge = move("t1", "2024-01-31", "payment", 1_000, 50, source="ch_1")
    load(warehouse, make.payments([row, KNOWN]), make.ledger([charge]))
    query = "SELECT name, reason, row_count, amount_minor FROM revenue_uncounted"
    assert warehouse.rows(query) == [("refund", "undated", 1, -400)]

    refund = move("t2", "2024-02-15", "refund", -400, source="ch_1")
    load(warehouse, make.ledger([charge, refund, FEBRUARY]))
    assert warehouse.rows(query) == []


def test_earlier_refund_than_the_one_that_is_dated_is_shown(
    warehouse: Warehouse, make: Make
) -> None:
    dated = {"refunded_minor": 700, "refunded_at": at("2024-02-15")}
    refund = move("t1", "2024-02-15", "refund", -300, source="ch_1")
    row = paid("ch_1", "2024-01-10", 1_000, 50) | dated
    load(warehouse, make.payments([row, KNOWN]), make.ledger([refund, FEBRUARY]))
    query = "SELECT name, reason, row_count, amount_minor FROM revenue_uncounted"
    assert warehouse.rows(query) == [("refund", "undated", 1, -400)]
    assert {k: net for k, (net, _) in months(warehouse).items()} == {
        "2024-01": 950,
        "2024-02": 200,
    }

    charge = move("t0", "2024-01-10", "payment", 1_000, 50, source="ch_1")
    earlier = move("t2", "2024-01-20", "refund", -400, source="ch_1")
    load(warehouse, make.ledger([charge, earlier, refund, FEBRUARY]))
    assert warehouse.rows(query) == []


def test_refund_of_a_payment_that_no_payments_file_has_is_not_lost(
    warehouse: Warehouse, make: Make
) -> None:
    refund = move("t9", "2024-03-05", "refund", -700, source="ch_9")
    part = replace(make.ledger([refund]), partial_months=(date(2024, 3, 1),))
    load(warehouse, part, make.payments([paid("ch_1", "2024-02-02", 1_000)]))
    assert months(warehouse)["2024-03"] == (-700, "ledger, incomplete")


def test_undo_brings_back_what_the_months_were_read_from(
    warehouse: Warehouse, make: Make
) -> None:
    load(warehouse, make.payments(PAYMENTS))
    before = months(warehouse)
    load(warehouse, make.ledger(LEDGER))
    assert months(warehouse) != before

    batches.undo(warehouse, 2, now=NOW, by="test")

    assert months(warehouse) == before


def test_attempts_beside_revenue_are_counted_by_outcome(
    warehouse: Warehouse, make: Make
) -> None:
    load(
        warehouse,
        make.payments(
            [
                paid("ch_1", "2024-03-02", 1_000),
                paid("ch_2", "2024-03-02", 300, outcome="pending", status="Pending"),
                paid("ch_3", "2024-03-02", 50, outcome="failed", status="Failed"),
                paid("ch_4", "2024-03-02", 7, outcome="failed", status="Failed"),
            ]
        ),
    )
    assert months(warehouse) == {"2024-03": (1_000, "payments")}
    assert warehouse.rows(
        "SELECT outcome, row_count, amount_minor FROM revenue_beside ORDER BY ALL"
    ) == [("failed", 2, 57), ("pending", 1, 300)]


life = st.fixed_dictionaries(
    {
        "paid": st.integers(0, 80),
        "amount": st.integers(100, 9_999),
        "fee": st.integers(0, 99),
        "refund": st.one_of(st.none(), st.integers(0, 60)),
        "currency": st.sampled_from(["usd", "jpy"]),
        "email": st.sampled_from(["a@example.com", "b@example.com", None]),
    }
)
START = at("2024-01-01").toordinal()


def _day(offset: int) -> str:
    return date.fromordinal(START + offset).isoformat()


def _ledger_rows(lives: list[dict]) -> list[dict]:
    """Make what the ledger has of payments, refunds, and payouts of all of it."""
    rows = []
    for n, one in enumerate(lives):
        same = {"source": f"ch_{n}", "currency": one["currency"]}
        day = _day(one["paid"])
        rows.append(move(f"t{n}", day, "payment", one["amount"], one["fee"], **same))
        if one["refund"] is not None:
            day = _day(one["paid"] + one["refund"])
            rows.append(move(f"r{n}", day, "refund", -one["amount"], **same))
        payout = {"type": "payout", "currency": one["currency"]}
        rows.append(move(f"p{n}", day, "excluded", -one["amount"], **payout))
    return rows


def _payments_rows(lives: list[dict], until: int) -> list[dict]:
    """Make what an export on a day knows of them."""
    rows = []
    for n, one in enumerate(lives):
        refund = one["refund"]
        told: dict[str, object] = {}
        if refund is not None and one["paid"] + refund <= until:
            day = at(_day(one["paid"] + refund))
            told = {"refunded_minor": one["amount"], "refunded_at": day}
        if one["paid"] <= until:
            row = paid(f"ch_{n}", _day(one["paid"]), one["amount"], one["fee"], **told)
            row |= {"currency": one["currency"], "customer_email": one["email"]}
            rows.append(row)
    return rows


def _expected(lives: list[dict]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}

    def add(offset: int, currency: str, net: int) -> None:
        key = (_day(offset)[:7], currency)
        sums[key] = sums.get(key, 0) + net

    for one in lives:
        add(one["paid"], one["currency"], one["amount"] - one["fee"])
        if one["refund"] is not None:
            add(one["paid"] + one["refund"], one["currency"], -one["amount"])
    return sums


def _told(warehouse: Warehouse, view: str) -> dict[tuple[str, str], int]:
    queries = {
        "total": "SELECT strftime(month, '%Y-%m'), currency, net_minor "
        "FROM revenue_month",
        "payers": "SELECT strftime(month, '%Y-%m'), currency, sum(net_minor)::BIGINT "
        "FROM payer_month GROUP BY ALL",
    }
    rows = warehouse.rows(queries[view])
    return {(str(m), str(code)): int(str(net)) for m, code, net in rows}


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lives=st.lists(life, min_size=1, max_size=8),
    order=st.permutations(range(5)),
    cut=st.integers(0, 20),
    early=st.integers(0, 140),
)
def test_any_files_in_any_order_give_the_revenue_of_what_happened(
    warehouse: Warehouse,
    make: Make,
    lives: list[dict],
    order: list[int],
    cut: int,
    early: int,
) -> None:
    undo_all(warehouse)
    ledger, last = _ledger_rows(lives), 200
    last_row = paid("ch_last", _day(last), 1)
    readings: Iterable[Reading | None] = (
        make.ledger(ledger[: cut + 2]),
        make.ledger(ledger[cut:]) if ledger[cut:] else None,
        make.payments([*_payments_rows(lives, early), paid("ch_x", _day(early), 1)]),
        make.payments([*_payments_rows(lives, last), last_row]),
        make.payments(_payments_rows(lives, last)[:1]),
    )
    files = list(readings)
    load(warehouse, *(files[n] for n in order if files[n] is not None))

    extra = {(_day(early)[:7], "usd"): 1, (_day(last)[:7], "usd"): 1}
    expected = _expected(lives)
    told = _told(warehouse, "total")
    for key in {*expected, *told}:
        # The rows that mark when an export was made count where payments are read.
        assert told.get(key, 0) - expected.get(key, 0) in {0, extra.get(key, 0)}
    by_payer = {k: net for k, net in _told(warehouse, "payers").items() if net}
    assert by_payer == {k: net for k, net in told.items() if net}
