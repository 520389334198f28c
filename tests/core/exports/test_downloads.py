"""Download files: exact bytes, the same for the same data however it came."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.exports import downloads
from core.exports.edition import Format
from core.warehouse import plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.models import Reading
    from tests.core.conftest import Make

USAGE = [
    ("zoe5d1ee", "2024-02", "1.5"),
    ("zoe5d1ee", "2024-01", "0.0000273"),
    ("Ann", "2024-01", "10"),
    ("ann", "2024-01", "0"),
    ("nobody", "2024-02", "0.000000977"),
    ("6.46E+11", "2024-02", "2"),
]
CUSTOMERS = [
    ("zoe@example.com", "zoeklgg25d1ee", None),
    ("Ann@example.com", None, "Ann"),
    ("idle, or not@example.com", "", None),
]
PAYMENTS = [
    {
        "id": "ch_1",
        "created_at": datetime.fromisoformat("2024-02-05"),
        "amount_minor": 1_999,
        "fee_minor": 88,
        "customer_email": "ann@example.com",
    }
]

EXPECTED = {
    "subuser_bw_usage_sorted.csv": """\
Subuser,Date,Bandwidth Usage
6.46E+11,2024-02,2
Ann,2024-01,10
ann,2024-01,0
nobody,2024-02,0.000000977
zoe5d1ee,2024-01,0.0000273
zoe5d1ee,2024-02,1.5
""",
    "active_users_by_date.csv": "Date,Active Users\n2024-01,3\n2024-02,3\n",
    "total_bandwidth_usage_by_date.csv": """\
Date,Total Monthly Bandwidth Usage
2024-01,10.0000273
2024-02,3.500000977
""",
    "final_subuser_bw_usage.csv": """\
Email,Subuser Type,Subuser ID,Subuser,Date,Bandwidth Usage
Ann@example.com,Basic,21,Ann,2024-01,10
Ann@example.com,Basic,21,ann,2024-01,0
zoe@example.com,Pro,10,zoe5d1ee,2024-01,0.0000273
zoe@example.com,Pro,10,zoe5d1ee,2024-02,1.5
""",
    "monthly_net_volume.csv": """\
Date,Currency,Gross Volume,Refunds,Disputes,Fees,Net Volume,Other Stripe Fees,\
Net After All Fees,Basis
2024-02,USD,19.99,0,0,-0.88,19.11,0,19.11,payments
""",
    "customer_months.csv": """\
email,month,usage_gb,subusers,net_volume,currency,first_seen,last_seen
(unmatched),2024-02-01,2.000000977,2,,,2024-02-01,2024-02-01
Ann@example.com,2024-01-01,10,2,,,2024-01-01,2024-01-01
Ann@example.com,2024-02-01,,,19.11,USD,2024-01-01,2024-01-01
zoe@example.com,2024-01-01,0.0000273,1,,,2024-01-01,2024-02-01
zoe@example.com,2024-02-01,1.5,1,,,2024-01-01,2024-02-01
""",
    "subuser_matches.csv": """\
Subuser,Email,Subuser Type,Subuser ID,Status,Rule,Score,Runner-up Email,\
Runner-up Score,Bandwidth Usage
6.46E+11,,,,unmatched,none,,,,2
Ann,Ann@example.com,Basic,21,matched,exact_raw,100,,,10
ann,Ann@example.com,Basic,21,matched,exact_folded,100,,,0
nobody,,,,unmatched,none,,,,0.000000977
zoe5d1ee,zoe@example.com,Pro,10,matched,exact_clean,100,,,1.5000273
""",
    "users_by_bandwidth.csv": """\
rank,email,usage_gb,share,cumulative_share,subusers,months_active,first_seen,last_seen
1,Ann@example.com,10,0.740739,0.740739,2,1,2024-01-01,2024-01-01
2,zoe@example.com,1.5000273,0.111113,0.851852,1,2,2024-01-01,2024-02-01
,(unmatched),2.000000977,0.148148,1,2,1,2024-02-01,2024-02-01
""",
    "bandwidth_distribution.csv": """\
bin_start_gb,bin_end_gb,users,usage_gb
1,2,1,1.5000273
10,11,1,10
""",
}


def fill(warehouse: Warehouse, *readings: Reading) -> None:
    moment = datetime.fromisoformat("2026-01-01")
    plan = plans.plan(warehouse, readings)
    job.load(warehouse, plan, now=moment, by="test")


def files(*readings: Reading) -> dict[str, bytes]:
    with Warehouse() as warehouse:
        fill(warehouse, *readings)
        return {
            contract.file: downloads.content(warehouse, contract)
            for contract in downloads.available(warehouse)
        }


@pytest.fixture(scope="module")
def filled(make: Make) -> Iterator[Warehouse]:
    with Warehouse() as warehouse:
        readings = [make.usage(USAGE), make.customers(CUSTOMERS)]
        fill(warehouse, *readings, make.payments(PAYMENTS))
        yield warehouse


@pytest.fixture(scope="module")
def written(filled: Warehouse) -> dict[str, bytes]:
    return {
        contract.file: downloads.content(filled, contract)
        for contract in downloads.available(filled)
    }


@pytest.mark.parametrize("file", EXPECTED)
def test_bytes_are_exact(written: dict[str, bytes], file: str) -> None:
    assert written[file].decode() == EXPECTED[file]


def test_customers_are_written_as_the_original_did(written: dict[str, bytes]) -> None:
    expected = [
        {
            "email": "Ann@example.com",
            "oxyId": "11",
            "oxyUsername": None,
            "briefOxyId": "21",
            "briefOxyUsername": "Ann",
        },
        {
            "email": "idle, or not@example.com",
            "oxyId": "12",
            "oxyUsername": "",
            "briefOxyId": "22",
            "briefOxyUsername": None,
        },
        {
            "email": "zoe@example.com",
            "oxyId": "10",
            "oxyUsername": "zoe5d1ee",
            "briefOxyId": "20",
            "briefOxyUsername": None,
        },
    ]

    assert written["filtered_customers.json"].decode() == json.dumps(expected, indent=4)


def test_every_subuser_has_one_match_row(written: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(written["subuser_matches.csv"].decode())))

    assert [(row["Subuser"], row["Email"], row["Status"]) for row in rows] == [
        ("6.46E+11", "", "unmatched"),
        ("Ann", "Ann@example.com", "matched"),
        ("ann", "Ann@example.com", "matched"),
        ("nobody", "", "unmatched"),
        ("zoe5d1ee", "zoe@example.com", "matched"),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_customers_changes_no_byte(
    make: Make, written: dict[str, bytes], seed: int
) -> None:
    mixed = random.Random(seed)  # noqa: S311 - shuffles rows
    usage, customers = USAGE[:], CUSTOMERS[:]
    mixed.shuffle(usage)

    assert (
        files(make.usage(usage), make.customers(customers), make.payments(PAYMENTS))
        == written
    )


def test_the_dictionary_tells_every_column_of_every_file(
    written: dict[str, bytes],
) -> None:
    told = csv.DictReader(io.StringIO(written["data_dictionary.csv"].decode()))
    told_columns = [(row["file"], row["column"]) for row in told]

    for file, content in written.items():
        if file.endswith(".csv"):
            header = next(csv.reader(io.StringIO(content.decode())))
            assert [name for each, name in told_columns if each == file] == header


def test_all_files_in_one_zip_are_the_single_files(
    filled: Warehouse, written: dict[str, bytes]
) -> None:
    packed = downloads.whole(filled, Format.CSV)

    assert packed == downloads.whole(filled, Format.CSV)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == written
        assert archive.namelist() == list(written)


def test_only_large_files_carry_a_digest_in_their_name() -> None:
    small, large = b"x" * downloads.HASHED_ABOVE, b"x" * (downloads.HASHED_ABOVE + 1)

    assert downloads.browser_name("a.csv", small) == "a.csv"
    assert downloads.browser_name("a.csv", large) != downloads.browser_name(
        "a.csv", large[:-1] + b"y"
    )


def test_an_empty_warehouse_has_no_files(warehouse: Warehouse) -> None:
    assert downloads.available(warehouse) == ()
