"""Margin: one currency at a time, and nothing told where a price is lacking."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core import job
from core.errors import OptionError
from core.reports import margin, revenue
from core.warehouse import costs, plans, rates
from core.warehouse.costs import Price
from core.warehouse.figures import Scope
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.core.conftest import Make

NOW = datetime(2026, 1, 1)
SUMS = ("net", "cost", "margin", "open_net", "open_cost")
JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)


def price(warehouse: Warehouse, per_gb: str, month: date, currency: str = "USD") -> int:
    entered = Price("Oxylabs", month, Decimal(per_gb), currency)
    return costs.save(warehouse, entered, now=NOW, by="tester")


def paid(name: str, month: date, amount: int, currency: str = "usd") -> dict:
    email = f"{name}@example.com"
    return {
        "id": f"ch_{name}{month}{currency}",
        "created_at": datetime.combine(month, datetime.min.time()),
        "amount_minor": amount,
        "currency": currency,
        "customer_email": email,
    }


@pytest.fixture(scope="module")
def made(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load two customers with usage, one who only pays, one who only uses."""
    names = ("amberharbor71", "coralmeadow52", "mossyledger88")
    usage = [
        (names[0], "2024-01", "100.5"),
        (names[0], "2024-02", "10"),
        (names[1], "2024-01", "30"),
        (names[2], "2024-01", "20"),
    ]
    readings = [
        make.usage(usage),
        make.customers([(f"{name}@example.com", name, None) for name in names]),
        make.payments(
            [
                paid(names[0], JANUARY, 10_000),
                paid(names[1], JANUARY, 2_000),
                paid(names[1], JANUARY, 900, "eur"),
                paid("payer", FEBRUARY, 500),
            ]
        ),
    ]
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with Warehouse(path) as warehouse:
        job.load(warehouse, plans.plan(warehouse, readings), now=NOW, by="tester")
    return path


@pytest.fixture
def shop(made: Path, reopened: Callable[[Path], Warehouse]) -> Warehouse:
    return reopened(made)


def row(warehouse: Warehouse, name: str, month: date) -> dict[str, object]:
    rows = margin.by_month(warehouse, Scope(month, month))
    found = rows[rows["owner"].str.startswith(name) & (rows["currency"] == "usd")]
    return found.iloc[0].to_dict()


def test_margin_is_net_less_cost_at_the_price_of_the_month(shop: Warehouse) -> None:
    price(shop, "0.345", JANUARY)
    price(shop, "0.5", FEBRUARY)
    january, february = (row(shop, "amber", month) for month in (JANUARY, FEBRUARY))
    # 100.5 GB x 0.345 = 34.6725
    assert (january["cost_minor"], january["margin_minor"]) == (3_467, 6_533)
    assert january["net_per_gb"] == pytest.approx(100 / 100.5)
    assert (february["cost_minor"], february["margin_minor"]) == (500, -500)


def test_money_of_two_currencies_has_no_margin(shop: Warehouse) -> None:
    price(shop, "0.5", JANUARY)
    coral = row(shop, "coral", JANUARY)
    assert (coral["net_minor"], coral["cost_minor"]) == (2_000, 1_500)
    assert coral["margin_minor"] != coral["margin_minor"]


def test_usage_without_a_price_has_no_margin(shop: Warehouse) -> None:
    price(shop, "0.5", FEBRUARY)
    amber = row(shop, "amber", JANUARY)
    assert (amber["unpriced_gb"], amber["net_minor"]) == (100.5, 10_000)
    assert amber["margin_minor"] != amber["margin_minor"]


def test_cost_of_all_customers_is_that_of_all_usage(shop: Warehouse) -> None:
    price(shop, "2", JANUARY)
    totals = margin.within(margin.months(shop), Scope(JANUARY, JANUARY))
    usd = totals[totals["currency"] == "usd"].iloc[0]
    assert usd["cost_minor"] == 30_100
    assert usd["net_minor"] == 12_000


def test_margin_of_a_month_leaves_out_whose_margin_is_not_told(
    shop: Warehouse,
) -> None:
    price(shop, "0.5", JANUARY)
    rows = margin.within(margin.months(shop), Scope(JANUARY, JANUARY))
    usd = rows[rows["currency"] == "usd"].iloc[0]
    # 150.5 GB at 0.50; coral has 20.00 USD and 9.00 EUR, so that 15.00 stay open.
    assert usd["usage_gb"] == pytest.approx(150.5)
    assert (usd["net_minor"], usd["cost_minor"]) == (12_000, 7_525)
    assert (usd["open_net_minor"], usd["open_cost_minor"]) == (2_000, 1_500)
    assert usd["margin_minor"] == (12_000 - 2_000) - (7_525 - 1_500)
    assert usd["net_per_gb"] == pytest.approx(120 / 150.5)


@pytest.mark.parametrize("priced_from", [None, JANUARY, FEBRUARY])
def test_months_are_the_sums_of_customers(
    shop: Warehouse, priced_from: date | None
) -> None:
    if priced_from:
        price(shop, "0.5", priced_from)
    rows = margin.by_month(shop, Scope())
    is_open = rows["margin_minor"].isna()
    keys = ["month", "currency"]
    expected = (
        rows.assign(
            open_net_minor=rows["net_minor"].where(is_open),
            open_cost_minor=rows["cost_minor"].where(is_open),
        )
        .groupby(keys)[[f"{name}_minor" for name in SUMS]]
        .sum()
    )
    found = margin.months(shop).set_index(keys)
    for name in expected:
        assert found[name].to_dict() == expected[name].to_dict()


def test_period_is_the_sum_of_its_months(shop: Warehouse) -> None:
    price(shop, "0.5", JANUARY)
    months = margin.months(shop)
    usd = months[months["currency"] == "usd"]
    (whole,) = margin.of_period(usd).to_dict("records")
    assert whole["usage_gb"] == pytest.approx(160.5)
    assert (whole["net_minor"], whole["cost_minor"]) == (12_500, 8_025)
    assert whole["margin_minor"] == usd["margin_minor"].sum()
    assert whole["net_per_gb"] == pytest.approx(125 / 160.5)
    assert margin.of_period(usd.iloc[:0]).empty


def test_price_entered_again_gives_way_and_one_removed_uncovers_the_last(
    shop: Warehouse,
) -> None:
    price(shop, "1", JANUARY)
    price(shop, "3", FEBRUARY)
    changed = price(shop, "2", FEBRUARY)
    assert [cost.price.price_per_gb for cost in costs.live(shop)] == [1, 2]
    assert row(shop, "amber", FEBRUARY)["cost_minor"] == 2_000

    costs.remove(shop, changed, now=NOW, by="other")

    assert row(shop, "amber", FEBRUARY)["cost_minor"] == 1_000
    newest = costs.history(shop)[0]
    assert (newest.saved_by, newest.withdrawn_by) == ("tester", "other")
    with pytest.raises(OptionError, match="no price"):
        costs.remove(shop, changed, now=NOW, by="other")


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        (Price("", JANUARY, Decimal(1), "usd"), "needs a provider"),
        (Price("X", date(2024, 1, 2), Decimal(1), "usd"), "begins with a month"),
        (Price("X", JANUARY, Decimal(-1), "usd"), "no price of a GB"),
        (Price("X", JANUARY, Decimal("nan"), "usd"), "no price of a GB"),
        (Price("X", JANUARY, Decimal("0.1234567"), "usd"), "decimals"),
        (Price("X", JANUARY, Decimal(1), "dollar"), "no currency code"),
    ],
)
def test_price_that_cannot_be_is_told(
    warehouse: Warehouse, entered: Price, message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        costs.save(warehouse, entered, now=NOW, by="tester")


def test_who_pays_without_usage_and_who_uses_without_paying(shop: Warehouse) -> None:
    owners = margin.paying_without_usage(shop, Scope())["owner"].to_list()
    assert owners == ["payer@example.com"]
    heavy = margin.usage_without_payment(shop, Scope())
    assert heavy["owner"].to_list() == ["mossyledger88@example.com"]
    assert margin.usage_without_payment(shop, Scope(), Decimal(21)).empty
    february = Scope(FEBRUARY, FEBRUARY)
    assert margin.usage_without_payment(shop, february)["usage_gb"].to_list() == [10]


def test_converted_view_needs_a_rate_for_the_month(shop: Warehouse) -> None:
    pair = ("EUR", "usd")
    rates.save(shop, FEBRUARY, pair, Decimal("1.2"), now=NOW, by="tester")
    rows = revenue.converted(shop, "usd")
    assert rows["converted_minor"].to_list() == [12_000, 500]
    assert rows["lacking"].to_list() == [1, 0]

    entered = rates.save(shop, JANUARY, pair, Decimal("1.1005"), now=NOW, by="tester")

    # 9.00 EUR x 1.1005 = 9.9045 USD
    assert revenue.converted(shop, "usd")["converted_minor"].to_list() == [12_990, 500]
    rates.remove(shop, entered, now=NOW, by="tester")
    assert revenue.converted(shop, "usd")["lacking"].to_list() == [1, 0]


def test_conversion_follows_the_exponents_of_both_currencies(
    warehouse: Warehouse, make: Make
) -> None:
    load = plans.plan(warehouse, [make.payments([paid("a", JANUARY, 5_000, "jpy")])])
    plans.commit(warehouse, load, now=NOW, by="tester")
    for target, rate in (("usd", "0.0067"), ("kwd", "0.002")):
        pair = ("jpy", target)
        rates.save(warehouse, JANUARY, pair, Decimal(rate), now=NOW, by="tester")
    assert revenue.converted(warehouse, "usd")["converted"].to_list() == [33.5]
    assert revenue.converted(warehouse, "kwd")["converted"].to_list() == [10.0]


@pytest.mark.parametrize(
    ("month", "pair", "rate", "message"),
    [
        (JANUARY, ("usd", "USD"), "1", "no rate to itself"),
        (date(2024, 1, 2), ("eur", "usd"), "1", "rate is of a month"),
        (JANUARY, ("eur", "usd"), "0", "is no rate"),
        (JANUARY, ("eur", "usd"), "1.0000000001", "decimals"),
        (JANUARY, ("e", "usd"), "1", "no currency code"),
    ],
)
def test_rate_that_cannot_be_is_told(
    warehouse: Warehouse, month: date, pair: tuple[str, str], rate: str, message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        rates.save(warehouse, month, pair, Decimal(rate), now=NOW, by="tester")
