"""Concentration: the curve against sums of the loaded rows."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import pytest

from core.reports import concentration
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse
    from tests.core.reports.conftest import Market

MAY = Scope(date(2025, 5, 1), date(2025, 6, 1))


@pytest.mark.parametrize(("scope", "months"), [(Scope(), None), (MAY, (5, 6))])
def test_curve_is_what_the_largest_used_together(
    market: Market, scope: Scope, months: tuple[int, int] | None
) -> None:
    totals: Counter[str] = Counter()
    for (owner, month), gb in market.used.items():
        if months is None or int(month[-2:]) in months:
            totals[owner] += gb
    running = list(accumulate(sorted(totals.values(), reverse=True)))

    rows = concentration.curve(market.warehouse, scope)

    assert rows["customers"].to_list() == list(range(len(totals) + 1))
    assert rows["usage_gb"].to_list() == [0.0, *map(float, running)]
    shares = [float(gb / running[-1]) for gb in running]
    assert rows["share_of_usage"].to_list() == pytest.approx([0.0, *shares])
    fewest = next(n for n, gb in enumerate(running, 1) if gb * 2 >= running[-1])
    half = concentration.half(market.warehouse, scope)
    assert half is not None
    assert (half.customers, half.of_customers) == (fewest, len(totals))
    assert half.share_of_usage == pytest.approx(shares[fewest - 1])


def test_curve_bends_one_way_and_ends_at_all(market: Market) -> None:
    shares = concentration.curve(market.warehouse, Scope())["share_of_usage"].to_list()
    steps = [after - before for before, after in pairwise(shares)]
    assert steps == sorted(steps, reverse=True)
    assert shares[-1] == pytest.approx(1)


def test_many_customers_have_a_hundred_exact_points(
    monkeypatch: pytest.MonkeyPatch, market: Market
) -> None:
    every = concentration.curve(market.warehouse, Scope())
    monkeypatch.setattr(concentration, "POINTS", 5)
    few = concentration.curve(market.warehouse, Scope())
    assert len(few) == 6
    assert few.iloc[-1].to_dict() == every.iloc[-1].to_dict()
    kept = every[every["customers"].isin(few["customers"])].reset_index(drop=True)
    assert few.equals(kept)


def test_no_usage_has_no_curve(warehouse: Warehouse) -> None:
    assert concentration.curve(warehouse, Scope()).empty
    assert concentration.half(warehouse, Scope()) is None
