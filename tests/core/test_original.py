"""The original's five files, against a direct reading of what its notebook did."""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from core.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
REAL = Path(os.environ.get("REAL", ROOT.parent / "shared" / "real"))
FIELDS = ("email", "oxyId", "oxyUsername", "briefOxyId", "briefOxyUsername")


@dataclass(frozen=True)
class Shop:
    """What the notebook was given, and where our files of it are."""

    usage: Path
    customers: Path
    built: Path


def plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def usage(shop: Shop) -> list[tuple[str, str, Decimal]]:
    with shop.usage.open(newline="") as file:
        rows = [
            (name, date, Decimal(gb)) for name, date, gb in list(csv.reader(file))[1:]
        ]
    return sorted(rows, key=lambda row: (row[0].lower(), row[0], row[1]))


def identifier(value: object) -> str | None:
    if isinstance(value, dict):
        (value,) = value.values()
    return None if value is None else str(value).removesuffix(".0")


def customers(shop: Shop) -> list[dict[str, str | None]]:
    kept = []
    for document in json.loads(shop.customers.read_text()):
        row = {field: document.get(field) for field in FIELDS}
        for field in ("oxyUsername", "briefOxyUsername"):
            if row[field] is not None:
                row[field] = row[field].replace("klgg2", "")
        row["oxyId"] = identifier(row["oxyId"])
        row["briefOxyId"] = identifier(row["briefOxyId"])
        kept.append(row)
    return kept


def owners(
    subusers: list[str], people: list[dict[str, str | None]]
) -> dict[str, dict[str, str | None]]:
    """Give each subuser the first customer in the file with a ratio of 80 or more."""
    fits = np.zeros((len(subusers), len(people)), dtype=bool)
    for field in ("oxyUsername", "briefOxyUsername", "email"):
        names = [row[field] or "" for row in people]
        if field == "email":
            names = [name.partition("@")[0] for name in names]
        ratios = process.cdist(subusers, names, scorer=fuzz.ratio, dtype=np.float64)
        fits |= (np.rint(ratios) >= 80) & (np.array(names) != "")
    return {
        name: people[int(row.argmax())]
        for name, row in zip(subusers, fits, strict=True)
        if row.any()
    }


def matched(shop: Shop) -> Iterator[tuple[str, ...]]:
    found = owners(sorted({row[0] for row in usage(shop)}), customers(shop))
    for name, date, gb in usage(shop):
        customer = found.get(name)
        if customer is not None:
            kind = "Pro" if customer["oxyUsername"] == name else "Basic"
            known = customer["oxyId" if kind == "Pro" else "briefOxyId"] or ""
            yield (str(customer["email"]), kind, known, name, date, plain(gb))


def made_customers(export: Path) -> list[dict[str, object]]:
    """Make customers for an export of real usage: two thirds of them own a subuser."""
    with export.open(newline="") as file:
        names = sorted({row[0] for row in list(csv.reader(file))[1:]})
    return [
        {
            "email": f"{name[: max(4, len(name) - 5)]}@example.com",
            "oxyId": {"$numberInt": str(700_000 + place)},
            "oxyUsername": f"{name[:5]}klgg2{name[5:]}" if place % 3 else None,
            "briefOxyUsername": f"{name[:-4]}0000" if place % 2 else "",
        }
        for place, name in enumerate(names[::7])
    ]


@pytest.fixture(scope="module", params=["sample", "real"])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Shop:
    folder = tmp_path_factory.mktemp("original")
    export, people = SAMPLE / "oxylabs_usage.csv", SAMPLE / "customers.json"
    if request.param == "real":
        export, people = REAL / "subuser_bw_usage.csv", folder / "customers.json"
        if not export.exists():
            pytest.skip("real exports are kept apart from the project: REAL=")
        people.write_text(json.dumps(made_customers(export)))
    inputs = ["--usage", str(export), "--customers", str(people)]
    out = folder / "out"
    assert main(["build", *inputs, "--rule", "notebook", "--out", str(out)]) == 0
    return Shop(export, people, out)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_sorted_usage(shop: Shop) -> None:
    expected = [[name, date, plain(gb)] for name, date, gb in usage(shop)]

    assert rows_of(shop.built / "subuser_bw_usage_sorted.csv") == [
        ["Subuser", "Date", "Bandwidth Usage"],
        *expected,
    ]


def test_active_users(shop: Shop) -> None:
    active = defaultdict(set)
    for name, date, _ in usage(shop):
        active[date].add(name)

    assert rows_of(shop.built / "active_users_by_date.csv")[1:] == [
        [date, str(len(names))] for date, names in sorted(active.items())
    ]


def test_total_usage(shop: Shop) -> None:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for _, date, gb in usage(shop):
        total[date] += gb

    assert rows_of(shop.built / "total_bandwidth_usage_by_date.csv")[1:] == [
        [date, plain(gb)] for date, gb in sorted(total.items())
    ]


def test_customers(shop: Shop) -> None:
    expected = sorted(
        customers(shop),
        key=lambda row: (
            str(row["email"]).lower(),
            str(row["email"]),
            str(row["oxyId"]),
        ),
    )

    written = (shop.built / "filtered_customers.json").read_text()
    assert json.loads(written) == expected
    assert written.startswith('[\n    {\n        "email": ')


def test_matched_usage(shop: Shop) -> None:
    expected = sorted(
        matched(shop),
        key=lambda row: (row[0].lower(), row[0], row[3].lower(), *row[3:]),
    )

    written = rows_of(shop.built / "final_subuser_bw_usage.csv")[1:]
    assert [tuple(row) for row in written] == expected
    assert len(expected) > 1_500
