"""Usage by month and by customer is what the single rows add up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core import job
from core.warehouse import figures, plans
from core.warehouse.figures import Scope
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tests.core.conftest import Make

FIRST = [
    ("amberharbor71zz", "2026-01", "5"),
    ("amberharbor99aa", "2026-01", "1"),
    ("amberharbor99aa", "2026-02", "0"),
    ("coralmeadow5c0de", "2026-02", "2.5"),
    ("stranger", "2026-01", "8"),
    ("stranger", "2026-03", "4"),
]
SECOND = [
    ("amberharbor71zz", "2026-01", "3"),
    ("amberharbor71zz", "2026-03", "7"),
    ("stranger", "2026-01", "1"),
]
OWNERS = {
    "amberharbor71zz": "amber.harbor@example.com",
    "amberharbor99aa": "amber.harbor@example.com",
    "coralmeadow5c0de": "coral@example.com",
}
CUSTOMERS = [
    ("amber.harbor@example.com", "amberharbor71zz", "amberharbor99aa"),
    ("coral@example.com", None, "coralmeadow5c0de"),
]
TYPES = {"amberharbor71zz": "Pro", "amberharbor99aa": "Basic"}

SCOPES = [
    Scope(),
    Scope(provider="Oxylabs"),
    Scope(provider="Other"),
    Scope(first_month=date(2026, 2, 1)),
    Scope(last_month=date(2026, 1, 1), least_gb=Decimal(3)),
    Scope(most_gb=Decimal(3)),
    Scope(subuser_type="Pro"),
    Scope(subuser_type="Basic", least_gb=Decimal(1)),
]


@pytest.fixture(scope="module")
def shop(make: Make, now: datetime) -> Iterator[Warehouse]:
    """Load two providers that share names, an owner of two, and a stranger."""
    readings = [
        make.usage(FIRST),
        make.usage(SECOND, provider="Other", file="other.csv"),
        make.customers(CUSTOMERS),
    ]
    with Warehouse() as warehouse:
        plan = plans.plan(warehouse, readings)
        job.load(warehouse, plan, now=now, by="tester")
        yield warehouse


def rows_of(scope: Scope) -> list[tuple[str, str | None, date, Decimal]]:
    """List subuser, owner, month and GB that a provider and a type leave."""
    sent = [("Oxylabs", *row) for row in FIRST] + [("Other", *row) for row in SECOND]
    return [
        (subuser, owner, date.fromisoformat(f"{month}-01"), Decimal(gb))
        for provider, subuser, month, gb in sent
        if scope.provider in {None, provider}
        for owner in [OWNERS.get(subuser)]
        if owner is None or scope.subuser_type in {None, TYPES.get(subuser, "Basic")}
    ]


def totals(scope: Scope) -> dict[str | None, Decimal]:
    """Add up each owner's GB over the months of a scope."""
    found: dict[str | None, Decimal] = {}
    for _, owner, month, gb in rows_of(scope):
        if (scope.first_month or month) <= month <= (scope.last_month or month):
            found[owner] = found.get(owner, Decimal(0)) + gb
    return found


@pytest.mark.parametrize("scope", SCOPES)
def test_months_are_the_sums_and_counts_of_rows(shop: Warehouse, scope: Scope) -> None:
    least, most = scope.least_gb or Decimal(0), scope.most_gb or Decimal(10**6)
    chosen = {
        owner
        for owner, gb in totals(scope).items()
        if owner is None or least <= gb <= most
    }
    rows = [row for row in rows_of(scope) if row[1] in chosen]
    expected = [
        {
            "month": month,
            "usage_gb": sum(row[3] for row in there),
            "unmatched_gb": sum(row[3] for row in there if row[1] is None),
            "active_subusers": len({row[0] for row in there}),
            "customers_with_usage": len({row[1] for row in there if row[1] and row[3]}),
        }
        for month in sorted({row[2] for row in rows})
        for there in [[row for row in rows if row[2] == month]]
    ]
    found = figures.usage_months(shop, scope).to_pylist()
    assert [{name: row[name] for name in expected[0]} for row in found] == expected


@pytest.mark.parametrize("scope", [each for each in SCOPES if not each.least_gb])
def test_customers_are_the_sums_and_counts_of_rows(
    shop: Warehouse, scope: Scope
) -> None:
    scope = replace(scope, most_gb=None)
    expected = {}
    for owner in totals(scope):
        rows = [
            row
            for row in rows_of(scope)
            if row[1] == owner and row[2] >= (scope.first_month or row[2])
        ]
        expected[owner or "(unmatched)"] = (
            sum(row[3] for row in rows),
            len({row[0] for row in rows}),
            len({row[2] for row in rows}),
            min(row[2] for row in rows),
            max(row[2] for row in rows),
        )
    names = ("usage_gb", "subusers", "months_active", "first_month", "last_month")
    found = {
        row["owner"]: tuple(row[name] for name in names)
        for row in figures.ranking(shop, scope).to_pylist()
    }
    assert found == expected
