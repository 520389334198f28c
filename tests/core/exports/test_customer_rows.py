"""Files of one customer: exact bytes, the same rows as in the files of all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.exports import customer_rows, downloads
from core.exports.contracts import CONTRACTS
from core.warehouse import decisions, notes, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.core.conftest import Make

NOW = datetime(2026, 3, 1)
CORAL = "coral,meadow@example.com"
USAGE = [
    ("coralmeadow5c0de", "2026-01", "60.000000001"),
    ("coralmeadow5c0de", "2026-02", "0.00002730"),
    ("Coralmeadow2", "2026-01", "7"),
    ("stranger", "2026-01", "30"),
]
PAID = {
    "amount_minor": 1250,
    "fee_minor": 70,
    "currency": "usd",
    "customer_email": CORAL,
    "description": 'Order "1", 5 GB',
}
EXACT = {
    "customer_usage.csv": (
        "Provider,Subuser,Subuser Type,Subuser ID,Date,Bandwidth Usage\n"
        "Oxylabs,Coralmeadow2,Pro,10,2026-01,7\n"
        "Oxylabs,coralmeadow5c0de,Basic,20,2026-01,60.000000001\n"
        "Oxylabs,coralmeadow5c0de,Basic,20,2026-02,0.0000273\n"
    ),
    "customer_months.csv": (
        "email,month,usage_gb,subusers,net_volume,currency,first_seen,last_seen\n"
        f'"{CORAL}",2026-01-01,67.000000001,2,700,JPY,2026-01-01,2026-02-01\n'
        f'"{CORAL}",2026-01-01,,,11.8,USD,2026-01-01,2026-02-01\n'
        f'"{CORAL}",2026-02-01,0.0000273,1,,,2026-01-01,2026-02-01\n'
    ),
    "customer_payments.csv": (
        "id,Created (UTC),Status,Amount,Refunded,Fee,Currency,Description\n"
        'ch_1,2026-01-05 10:20:30,Paid,12.5,0,0.7,USD,"Order ""1"", 5 GB"\n'
        "ch_2,2026-01-06 00:00:00,Paid,700,0,0,JPY,'=HYPERLINK(1)\n"
    ),
}


@pytest.fixture(scope="module")
def shop(make: Make) -> Iterator[Warehouse]:
    """Load a customer with two subusers and two currencies, and a stranger."""
    readings = [
        make.usage(USAGE),
        make.customers([(CORAL, "Coralmeadow2", "coralmeadow5c0de")]),
        make.payments(
            [
                {"id": "ch_1", "created_at": datetime(2026, 1, 5, 10, 20, 30), **PAID},
                {
                    "id": "ch_2",
                    "created_at": datetime(2026, 1, 6),
                    "amount_minor": 700,
                    "currency": "jpy",
                    "customer_email": CORAL,
                    "description": "=HYPERLINK(1)",
                },
            ]
        ),
    ]
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, readings)
        job.load(warehouse, plan, now=NOW, by="tester")
        assert not decisions.live(warehouse)
        yield warehouse


@pytest.mark.parametrize("name", EXACT)
def test_files_of_a_customer_are_exactly_these(shop: Warehouse, name: str) -> None:
    made = customer_rows.csv_bytes(shop, CORAL, name)
    assert made is not None
    assert made.decode() == EXACT[name]


def test_months_of_all_owners_are_the_file_of_all(shop: Warehouse) -> None:
    (contract,) = (each for each in CONTRACTS if each.file == "customer_months.csv")
    everything = downloads.content(shop, contract).decode().splitlines()
    owners = {CORAL: CORAL, "(unmatched)": "(unmatched)"}
    apart = [
        line
        for owner in owners
        for line in (customer_rows.csv_bytes(shop, owner, contract.file) or b"")
        .decode()
        .splitlines()[1:]
    ]
    assert sorted(apart) == sorted(everything[1:])


def test_file_without_a_row_is_none(shop: Warehouse) -> None:
    for file in customer_rows.FILES:
        assert customer_rows.csv_bytes(shop, "nobody@example.com", file.name) is None
    assert customer_rows.csv_bytes(shop, "(unmatched)", "customer_payments.csv") is None


def test_notes_are_in_no_download(shop: Warehouse) -> None:
    text = "never for a workbook"
    notes.save(shop, CORAL, text, now=NOW, by="tester")
    made = [downloads.content(shop, file) for file in downloads.available(shop)]
    made += [
        customer_rows.csv_bytes(shop, CORAL, file.name) or b""
        for file in customer_rows.FILES
    ]
    assert not [data for data in made if text.encode() in data]
