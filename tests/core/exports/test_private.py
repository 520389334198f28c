"""A set to publish: nobody's identity is in it, and everybody keeps one stand-in."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import job
from core.exports import downloads, extract, folder
from core.exports.contracts import CONTRACTS, DICTIONARY
from core.exports.edition import Edition, Format
from core.warehouse import figures, plans, stand_ins
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from core.models import Reading
    from tests.core.conftest import Make

PRIVATE = Edition(is_private=True)
ROUNDED = Edition(is_private=True, is_rounded=True)
LEAST = 4
USERS = stand_ins.DOMAIN_USERS
STAND_IN = re.compile(
    r"ExampleUser\d+@(?P<domain>\S+)|(name|id)(-[b-df-hj-np-tv-z]{3}){5}"
)
FIXED = {"", "(unmatched)", "(unknown payer)"}
IDENTITIES = {
    (contract.file, column.name)
    for contract in CONTRACTS
    for column in contract.columns
    if column.identity
}


def load(warehouse: Warehouse, *readings: Reading) -> None:
    moment = datetime(2026, 1, 1)
    job.load(warehouse, plans.plan(warehouse, readings), now=moment, by="test")


def members(packed: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def private(warehouse: Warehouse, edition: Edition = PRIVATE) -> dict[str, str]:
    return members(downloads.whole(warehouse, Format.CSV, edition))


@pytest.fixture(scope="module")
def published(sample_shop: Warehouse) -> dict[str, str]:
    return private(sample_shop)


@pytest.fixture(scope="module")
def kept(sample_shop: Warehouse) -> dict[str, str]:
    return members(downloads.whole(sample_shop, Format.CSV))


def table(files: dict[str, str], name: str) -> list[dict[str, str]]:
    text = files[name]
    if name.endswith(".json"):
        return [
            {key: value or "" for key, value in row.items()} for row in json.loads(text)
        ]
    return list(csv.DictReader(io.StringIO(text)))


def identities(warehouse: Warehouse) -> set[str]:
    """Collect what names somebody: emails, handles, accounts, provider ids."""
    rows = warehouse.rows(
        "SELECT unnest([email, split_part(email, '@', 1), oxy_id, oxy_username, "
        "brief_oxy_id, brief_oxy_username, replace(oxy_username, 'klgg2', ''), "
        "replace(brief_oxy_username, 'klgg2', '')]) FROM current_customers "
        "UNION SELECT subuser FROM usage_month "
        "UNION SELECT unnest([payer, split_part(payer, '@', 1)]) FROM revenue_line"
    )
    found = {str(value).casefold() for (value,) in rows if value is not None}
    return {value for value in found if len(value) >= LEAST}


def leaked(warehouse: Warehouse, files: dict[str, str]) -> set[str]:
    """Find identities in the cells that hold stand-ins, and cells that hold none."""
    held, odd = set(), set()
    for file, column in IDENTITIES:
        for row in table(files, file) if file in files else ():
            cell = row[column]
            stand_in = STAND_IN.fullmatch(cell)
            if stand_in is None:
                odd |= {cell} - FIXED
                continue
            # A domain is shown because many have it; the rest is all of the making.
            rest = cell.replace(f"@{stand_in['domain']}", "")
            held.add(re.sub("^(ExampleUser|name|id)", "", rest))
    originals = identities(warehouse)
    return odd | {name for name in originals if any(name in each for each in held)}


def outside(files: dict[str, str]) -> str:
    """Return all text of a set outside the columns that hold identities."""
    text = list(files)
    for file in files:
        if file.endswith(".csv"):
            for row in table(files, file):
                text += [
                    value
                    for column, value in row.items()
                    if (file, column) not in IDENTITIES
                ]
    return "\n".join(text).casefold()


def test_no_identity_of_the_sample_shop_is_in_the_set(
    sample_shop: Warehouse, published: dict[str, str]
) -> None:
    originals = identities(sample_shop)
    assert len(originals) > 1_000
    assert leaked(sample_shop, published) == set()
    # Amounts have many digits: only their own columns may hold a provider id.
    elsewhere = outside(published)
    assert {name for name in originals if not name.isdigit() and name in elsewhere} == (
        set()
    )


def texts(path: Path) -> str:
    """Return all text of a Parquet file, each value once."""
    table = pq.read_table(path)
    kept = [c for c in table.columns if pa.types.is_string(c.type)]
    return " ".join(str(value) for c in kept for value in c.unique().to_pylist())


def test_no_identity_of_the_sample_shop_is_in_the_folder(
    sample_shop: Warehouse, make: Make, tmp_path: Path
) -> None:
    reading = make.usage([("6.46E+11", "2024-01", "1")], file="ann@example.com.csv")
    month = Edition(date(2026, 2, 1), date(2026, 2, 1), is_private=True)
    delivery = folder.Delivery(
        tmp_path / "out", month, (Format.CSV, Format.PARQUET, Format.EXCEL)
    )

    folder.write(sample_shop, [reading], delivery)

    written = (tmp_path / "out" / "report.json").read_text().casefold()
    names = " ".join(path.name for path in (tmp_path / "out").iterdir())
    subjects = {each for each in identities(sample_shop) if not each.isdigit()}
    assert {each for each in subjects if each in written + names} == set()
    assert "ann@" not in written
    assert "klgg2" not in written
    with zipfile.ZipFile(tmp_path / "out" / "meterbook.xlsx") as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist())
    cells = " ".join({*re.findall(r"<t[^>]*>([^<]*)</t>", sheets)}).casefold()
    assert re.search(r"exampleuser\d+@", cells)
    assert {each for each in subjects if each in cells} == set()
    columns = " ".join(map(texts, (tmp_path / "out").glob("*.parquet"))).casefold()
    assert re.search(r"exampleuser\d+@", columns)
    assert {each for each in subjects if each in columns} == set()


@pytest.mark.skipif(not extract.is_possible(), reason="tableauhyperapi has no wheel")
def test_no_identity_of_the_sample_shop_is_in_the_extract(
    sample_shop: Warehouse, tmp_path: Path
) -> None:
    import tableauhyperapi as api

    month = Edition(date(2026, 2, 1), date(2026, 2, 1), is_private=True)
    path = tmp_path / "book.hyper"
    path.write_bytes(downloads.whole(sample_shop, Format.HYPER, month))
    quiet = api.Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU
    with (
        api.HyperProcess(quiet, parameters={"log_config": ""}) as server,
        api.Connection(server.endpoint, str(path)) as connection,
    ):
        tables = connection.catalog.get_table_names("Extract")
        rows = [
            row
            for name in tables
            for row in connection.execute_list_query(f"SELECT * FROM {name}")  # noqa: S608
        ]

    assert len(tables) == len((*CONTRACTS, DICTIONARY))
    cells = {cell for row in rows for cell in row if isinstance(cell, str)}
    text = " ".join(cells).casefold()
    assert re.search(r"exampleuser\d+@", text)
    subjects = {each for each in identities(sample_shop) if not each.isdigit()}
    # Names may lie outside the rows: the file itself is searched as well.
    held = path.read_bytes().lower()
    assert {each for each in subjects if each in text or each.encode() in held} == set()


def test_the_sums_of_a_private_set_are_those_of_the_shop(
    published: dict[str, str], kept: dict[str, str]
) -> None:
    assert {name: len(table(published, name)) for name in published} == {
        name: len(table(kept, name)) for name in kept
    }
    for name, column in (
        ("final_subuser_bw_usage.csv", "Bandwidth Usage"),
        ("users_by_bandwidth.csv", "cumulative_share"),
        ("customer_months.csv", "net_volume"),
    ):
        values = [
            sorted(row[column] for row in table(each, name))
            for each in (published, kept)
        ]
        assert values[0] == values[1]


def test_one_person_has_one_stand_in_in_every_file(published: dict[str, str]) -> None:
    usage: dict[str, Decimal] = {}
    for row in table(published, "final_subuser_bw_usage.csv"):
        owned = usage.get(row["Email"], Decimal(0))
        usage[row["Email"]] = owned + Decimal(row["Bandwidth Usage"])

    ranked = table(published, "users_by_bandwidth.csv")
    assert {
        row["email"]: Decimal(row["usage_gb"])
        for row in ranked
        if row["email"] not in FIXED
    } == usage
    documents = {row["email"] for row in table(published, "filtered_customers.json")}
    assert set(usage) <= documents


def test_rows_stand_in_the_order_of_what_is_shown(published: dict[str, str]) -> None:
    for contract in CONTRACTS:
        if contract.order:
            rows = table(published, contract.file)
            keys = [
                [
                    part
                    for name in contract.order
                    for part in (row[name].lower(), row[name])
                ]
                for row in rows
            ]
            assert keys == sorted(keys), contract.file


def test_equal_usage_is_ranked_by_what_is_shown(make: Make) -> None:
    names = [f"user{letter * 3}" for letter in "abcdefghijkl"]
    with Warehouse() as warehouse:
        customers = [(f"{name}@example.com", name, None) for name in names]
        usage = [(name, "2024-01", "2") for name in names]
        load(warehouse, make.customers(customers), make.usage(usage))
        rows = table(private(warehouse), "users_by_bandwidth.csv")

    shown = [row["email"] for row in rows]
    assert shown == sorted(shown, key=str.lower)
    assert [row["rank"] for row in rows] == [str(n) for n in range(1, 13)]
    assert rows[-1]["cumulative_share"] == "1"


SHARED = ["ann", "anna", "annab", "banna", "4711", "47114", "exampleuser1", "example"]
# No hyphen: three letters and a hyphen can be in a stand-in by chance.
NAMES = st.one_of(
    st.sampled_from(SHARED),
    st.text(st.sampled_from("anNzé._=+@ 0147'\","), min_size=1, max_size=8),
).filter(lambda name: name == name.strip())


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(NAMES, min_size=6, max_size=16, unique_by=str.lower),
    st.lists(NAMES, min_size=4, max_size=12, unique=True),
)
def test_no_made_up_name_is_in_the_set(
    make: Make, handles: list[str], subusers: list[str]
) -> None:
    customers = [
        (f"{handle}@{'example.org' if place % 2 else 'rare.example.net'}", handle, None)
        for place, handle in enumerate(handles)
    ]
    usage = [(name, "2024-01", "1") for name in [*subusers, *handles[:3]]]
    with Warehouse() as warehouse:
        load(
            warehouse,
            make.customers(customers),
            make.usage(list({row[0]: row for row in usage}.values())),
        )

        assert leaked(warehouse, private(warehouse)) == set()


def emails(files: dict[str, str]) -> dict[str, str]:
    """Return the stand-in of whoever used an amount that nobody else did."""
    return {
        row["usage_gb"]: row["email"] for row in table(files, "users_by_bandwidth.csv")
    }


def test_a_month_later_everybody_has_the_same_stand_in(make: Make) -> None:
    few = [(f"few{n}@rare.example.net", f"few{n}x", None) for n in range(USERS - 1)]
    many = [(f"many{n}@example.com", f"many{n}x", None) for n in range(USERS)]
    later = [(f"aaa{n}@rare.example.net", f"aaa{n}x", None) for n in range(USERS)]
    usage = [
        (name or "", "2024-01", f"{gb}")
        for gb, (_, name, _) in enumerate([*few, *many], 1)
    ]
    with Warehouse() as warehouse:
        load(warehouse, make.customers([*few, *many]), make.usage(usage))
        before = private(warehouse)
        names = {
            row["Bandwidth Usage"]: row["Subuser"]
            for row in table(before, "subuser_bw_usage_sorted.csv")
        }
        more = make.customers([*later, *many, *few], file="later.json")
        grown = make.usage(
            [("aaa1x", "2024-02", "50"), ("other", "2024-02", "60")], file="b.csv"
        )
        load(warehouse, more, grown)
        after = private(warehouse)

    assert emails(before).items() <= emails(after).items()
    assert (
        names.items()
        <= {
            row["Bandwidth Usage"]: row["Subuser"]
            for row in table(after, "subuser_bw_usage_sorted.csv")
        }.items()
    )
    domains = [email.partition("@")[2] for email in emails(before).values()]
    assert sorted(domains) == [
        *["example.com"] * USERS,
        *[stand_ins.RARE_DOMAIN] * (USERS - 1),
    ]
    assert emails(after)["50"].endswith(f"@{stand_ins.RARE_DOMAIN}")


def test_a_load_that_is_undone_and_made_again_gives_the_same_bytes(
    make: Make, now: datetime
) -> None:
    customers = make.customers([("ann@example.com", "ann", None)])
    other = make.customers([("bob@example.com", "bob", None)], file="b.json")
    usage = make.usage([("ann", "2024-01", "1"), ("bob", "2024-01", "2")])
    with Warehouse() as warehouse:
        load(warehouse, customers, usage)
        load(warehouse, other)
        before = private(warehouse)
        job.undo(warehouse, 1, now=now, by="test")
        load(warehouse, customers)

        assert private(warehouse) == before


def test_the_key_is_in_no_file(
    sample_shop: Warehouse, published: dict[str, str], kept: dict[str, str]
) -> None:
    ((key,),) = sample_shop.rows("SELECT key FROM private_key")
    assert isinstance(key, bytes)
    content = "".join([*published.values(), *kept.values()])

    assert len(key) == 32
    assert key.hex() not in content.lower()


def rounded(text: str) -> str:
    amount = Decimal(text)
    if not amount:
        return "0"
    places = amount.adjusted() - 1
    value = amount.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP)
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def test_rounded_amounts_keep_two_digits(
    sample_shop: Warehouse, published: dict[str, str]
) -> None:
    both = (published, private(sample_shop, ROUNDED))

    for contract in CONTRACTS:
        before, after = (table(files, contract.file) for files in both)
        for column in contract.columns:
            if column.type == "decimal":
                assert [row[column.name] for row in after] == [
                    rounded(row[column.name]) if row[column.name] else ""
                    for row in before
                ]
            else:
                assert [row[column.name] for row in after] == [
                    row[column.name] for row in before
                ]


def test_numbers_pass_over_those_that_hold_an_identity(make: Make) -> None:
    held = [("exampleuser2@example.com", "exampleuser3", None)]
    people = [(f"p{n}@example.com", None, None) for n in range(3)]
    with Warehouse() as warehouse:
        load(warehouse, make.customers([*held, *people]))
        numbers = [n for (n,) in warehouse.rows("SELECT number FROM stand_in_number")]

    assert sorted(map(str, numbers)) == ["1", "4", "5", "6"]


def test_rounding_leaves_the_report_without_amounts(
    sample_shop: Warehouse, tmp_path: Path
) -> None:
    month = replace(ROUNDED, first_month=date(2026, 10, 1))
    content = folder.write(sample_shop, [], folder.Delivery(tmp_path / "o", month))

    total = figures.coverage(sample_shop)["usage_gb"].to_pylist()
    assert total
    assert set(content) == {"version", "edition", "inputs", "files"}
