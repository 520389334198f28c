"""The original's five files, against a direct reading of what its notebook did."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rapidfuzz import fuzz

from core.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
USAGE = SAMPLE / "oxylabs_usage.csv"
CUSTOMERS = SAMPLE / "customers.json"
FIELDS = ("email", "oxyId", "oxyUsername", "briefOxyId", "briefOxyUsername")


def plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def usage() -> list[tuple[str, str, Decimal]]:
    with USAGE.open(newline="") as file:
        rows = [
            (name, date, Decimal(gb)) for name, date, gb in list(csv.reader(file))[1:]
        ]
    return sorted(rows, key=lambda row: (row[0].lower(), row[0], row[1]))


def identifier(value: object) -> str | None:
    if isinstance(value, dict):
        (value,) = value.values()
    return None if value is None else str(value).removesuffix(".0")


def customers() -> list[dict[str, str | None]]:
    kept = []
    for document in json.loads(CUSTOMERS.read_text()):
        row = {field: document.get(field) for field in FIELDS}
        for field in ("oxyUsername", "briefOxyUsername"):
            if row[field] is not None:
                row[field] = row[field].replace("klgg2", "")
        row["oxyId"] = identifier(row["oxyId"])
        row["briefOxyId"] = identifier(row["briefOxyId"])
        kept.append(row)
    return kept


def ratio(left: str | None, right: str | None) -> int:
    return round(fuzz.ratio(left, right)) if left and right else 0


def owner(
    subuser: str, shop: list[dict[str, str | None]]
) -> dict[str, str | None] | None:
    for customer in shop:
        names = (
            customer["oxyUsername"],
            customer["briefOxyUsername"],
            str(customer["email"]).split("@", maxsplit=1)[0],
        )
        if any(ratio(subuser, name) >= 80 for name in names):
            return customer
    return None


def matched() -> Iterator[tuple[str, ...]]:
    shop = customers()
    owners = {name: owner(name, shop) for name in {row[0] for row in usage()}}
    for name, date, gb in usage():
        customer = owners[name]
        if customer is not None:
            kind = "Pro" if customer["oxyUsername"] == name else "Basic"
            known = customer["oxyId" if kind == "Pro" else "briefOxyId"] or ""
            yield (str(customer["email"]), kind, known, name, date, plain(gb))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("original") / "out"
    inputs = ["--usage", str(USAGE), "--customers", str(CUSTOMERS)]
    assert main(["build", *inputs, "--rule", "notebook", "--out", str(out)]) == 0
    return out


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_sorted_usage(built: Path) -> None:
    expected = [[name, date, plain(gb)] for name, date, gb in usage()]

    assert rows_of(built / "subuser_bw_usage_sorted.csv") == [
        ["Subuser", "Date", "Bandwidth Usage"],
        *expected,
    ]


def test_active_users(built: Path) -> None:
    active = defaultdict(set)
    for name, date, _ in usage():
        active[date].add(name)

    assert rows_of(built / "active_users_by_date.csv")[1:] == [
        [date, str(len(names))] for date, names in sorted(active.items())
    ]


def test_total_usage(built: Path) -> None:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for _, date, gb in usage():
        total[date] += gb

    assert rows_of(built / "total_bandwidth_usage_by_date.csv")[1:] == [
        [date, plain(gb)] for date, gb in sorted(total.items())
    ]


def test_customers(built: Path) -> None:
    expected = sorted(customers(), key=lambda row: str(row["email"]).lower())

    written = (built / "filtered_customers.json").read_text()
    assert json.loads(written) == expected
    assert written.startswith('[\n    {\n        "email": ')


def test_matched_usage(built: Path) -> None:
    expected = sorted(
        matched(), key=lambda row: (row[0].lower(), row[0], row[3].lower(), *row[3:])
    )

    written = rows_of(built / "final_subuser_bw_usage.csv")[1:]
    assert [tuple(row) for row in written] == expected
    assert len(expected) > 3_000
