"""Customers: everybody in one table, to search, order, open and act on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core import job
from core.files.upload import Upload
from core.reports import book
from core.reports.course import Course
from core.reports.span import Span
from core.warehouse import costs, figures, plans
from core.warehouse.courses import Month
from pages.parts import cache, directory, handout, lists, tables

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "customers.py"
MORE = """Subuser,Date,Bandwidth Usage (GB)
idlecanal3zz,2026-02,30
"""
AMBER = "amber.harbor71@example.com"
CORAL = "coralmeadow@example.org"
SLATE = "slate.ferry12@example.com"
EARLY = ("2025-11", "2026-01")
LOADED = Span((), (), (), 1, has_usage=True, has_customers=True, has_money=True)


def table(app: AppTest, alt: str = "Customers") -> pd.DataFrame:
    """Return the rows of a table by its name."""
    (found,) = [each for each in app.dataframe if each.proto.alt == alt]
    return found.value


def click(app: AppTest, key: str, row: int) -> None:
    """Click a row of a table."""
    cell = {"rows": [], "columns": [], "cells": [(row, "email")]}
    app.session_state[key] = {"selection": cell}
    app.run()
    assert not app.exception


def add(name: str, content: str) -> None:
    """Load one more file into the shop of the test."""
    upload = Upload(name, content.encode())
    warehouse = cache.warehouse()
    plan = plans.plan(warehouse, job.take([upload]).readings)
    job.load(warehouse, plan, now=datetime(2026, 3, 3), by="tester", uploads=[upload])


@pytest.mark.usefixtures("loaded_shop")
def test_everybody_is_listed_with_usage_and_money(open_page: Open) -> None:
    app = open_page(PAGE)
    rows = table(app)
    assert list(rows["owner"]) == list(book.everybody(cache.warehouse())["owner"])
    assert {"idle.canal3@example.com", "payer.only9@example.net"} <= set(rows["owner"])
    assert {"net_usd", "net_eur", "net_per_gb_usd", "rank_change"} <= set(rows)
    assert app.caption[0].value.startswith(f"{len(rows)} of {len(rows)} customers")
    status = dict(zip(rows["owner"], rows["standing"], strict=True))
    assert status[AMBER] == "Active"
    assert status["(unmatched)"] == "Without a customer"
    assert status["idle.canal3@example.com"] == "No usage"
    assert status["payer.only9@example.net"] == "Payer, not in the shop"
    assert set(directory.STANDINGS) == set(book.Standing)


@pytest.mark.usefixtures("loaded_shop")
def test_search_status_and_order_narrow_and_turn_the_table(open_page: Open) -> None:
    app = open_page(PAGE)
    app.text_input(key="search").set_value("CORAL").run()
    assert list(table(app)["owner"]) == [CORAL]
    app.selectbox(key="status").set_value("No usage").run()
    assert "Nobody is like this" in app.info[0].value
    app.text_input(key="search").set_value("").run()
    assert list(table(app)["owner"]) == ["idle.canal3@example.com", SLATE]
    app.selectbox(key="status").set_value(directory.EVERYBODY)
    app.selectbox(key="sort").set_value("Net volume, USD").run()
    assert table(app)["net_usd"].dropna().is_monotonic_decreasing
    app.toggle(key="reverse").set_value(True).run()
    assert table(app)["net_usd"].dropna().is_monotonic_increasing
    app.text_input(key="search").set_value("[.*").run()
    assert not app.exception
    assert "Nobody is like this" in app.info[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_address_holds_search_status_order_list_and_period(open_page: Open) -> None:
    app = open_page(
        PAGE,
        search="a",
        status="Active",
        sort="Email",
        reverse="true",
        list="New",
    )
    assert list(table(app)["owner"]) == [CORAL, AMBER]
    assert app.segmented_control(key="list").value == "New"


@pytest.mark.usefixtures("loaded_shop")
def test_period_bounds_the_whole_page(open_page: Open) -> None:
    app = open_page(PAGE)
    app.select_slider(key="period").set_value(EARLY).run()
    rows = table(app).set_index("owner")
    assert rows.loc[AMBER, "usage_gb"] == 22.5
    assert rows.loc[CORAL, "standing"] == "Quiet"
    assert rows.loc[AMBER, "net_usd"] == 96.8
    assert "Jan 2026" in app.caption[1].value


@pytest.mark.usefixtures("loaded_shop")
def test_large_book_is_sent_a_page_at_a_time(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE", 3)
    app = open_page(PAGE)
    everybody = list(book.everybody(cache.warehouse())["owner"])
    assert list(table(app)["owner"]) == everybody[:3]
    app.session_state["customers_page"] = 2
    app.run()
    assert list(table(app)["owner"]) == everybody[3:6]
    assert f"{len(everybody)} of {len(everybody)}" in app.caption[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_click_opens_the_customer(open_page: Open) -> None:
    app = open_page(PAGE, search="coral")
    click(app, "customers", 0)
    assert app.selectbox(key="customer").value == CORAL


@pytest.mark.usefixtures("loaded_shop")
def test_click_on_a_row_that_is_gone_opens_nobody(open_page: Open) -> None:
    app = open_page(PAGE)
    click(app, "customers", 500)
    assert app.title[0].value == "Customers"


@pytest.mark.usefixtures("loaded_shop")
def test_cost_and_margin_stand_beside_money_once_a_price_is_entered(
    open_page: Open,
) -> None:
    app = open_page(PAGE)
    assert "margin_usd" not in table(app)
    warehouse = cache.warehouse()
    provider = figures.providers(warehouse)[0]
    price = costs.Price(provider, date(2025, 11, 1), Decimal(2), "usd")
    costs.save(warehouse, price, now=datetime(2026, 3, 3), by="tester")
    app.run()
    amber = table(app).set_index("owner").loc[AMBER]
    assert amber["net_usd"] == pytest.approx(76.80)
    assert amber["cost_usd"] == pytest.approx(85.00)
    assert amber["margin_usd"] == pytest.approx(-8.20)
    assert amber["net_per_gb_usd"] == pytest.approx(76.80 / 42.5)


@pytest.mark.usefixtures("loaded_shop")
@pytest.mark.parametrize(
    ("name", "owners"),
    [("Rising", []), ("Falling", []), ("Gone quiet", [CORAL]), ("New", [])],
)
def test_list_has_its_rule_its_rows_and_their_csv(
    open_page: Open, name: str, owners: list[str]
) -> None:
    app = open_page(PAGE, list=name)
    app.select_slider(key="period").set_value(EARLY).run()
    assert "Jan 2026" in app.caption[1].value
    if not owners:
        assert "Nobody." in [each.value for each in app.text]
        return
    assert list(table(app, name)["owner"]) == owners
    assert app.download_button(key="list_csv")
    click(app, "listed", 0)
    assert app.selectbox(key="customer").value == owners[0]


@pytest.mark.usefixtures("loaded_shop")
def test_who_pays_without_usage_leads_to_the_customer(open_page: Open) -> None:
    app = open_page(PAGE, list="Paying without usage")
    payers = table(app, "Paying without usage")
    assert list(payers["owner"]) == ["payer.only9@example.net"]
    assert list(payers["net"]) == ["28.90 EUR"]
    click(app, "paying_without_usage", 0)
    assert app.selectbox(key="customer").value == "payer.only9@example.net"


@pytest.mark.usefixtures("loaded_shop")
def test_usage_without_payment_follows_the_bound(open_page: Open) -> None:
    app = open_page(PAGE, list="Usage without payment")
    add("more.csv", MORE)
    app.run()
    users = table(app, "Usage without payment")
    assert list(users["owner"]) == ["idle.canal3@example.com"]
    app.number_input(key="heavy_gb").set_value(31).run()
    assert "Everybody with as much usage has paid." in [each.value for each in app.text]


@pytest.mark.usefixtures("loaded_shop")
def test_concentration_says_who_makes_half(open_page: Open) -> None:
    app = open_page(PAGE)
    said = "1 of 2 customers with usage makes 82.1 % of it."
    assert said in [each.value for each in app.caption]


@pytest.mark.parametrize(
    ("name", "told", "tables"),
    [
        ("usage.csv", "No customers are loaded", 1),
        ("payments.csv", "No usage is loaded", 1),
        ("customers.json", "No usage is loaded", 1),
    ],
)
def test_page_stands_with_one_kind_of_file_alone(
    open_page: Open, shop_files: dict[str, bytes], name: str, told: str, tables: int
) -> None:
    add(name, shop_files[name].decode())
    app = open_page(PAGE)
    assert any(told in each.value for each in app.info)
    assert len(app.dataframe) == tables


def month(**changes: object) -> Month:
    told: dict[str, object] = {
        "month": date(2026, 2, 1),
        "before": date(2026, 1, 1),
        "is_first": False,
        "is_partial": False,
        "is_before_partial": False,
        "lacking": (),
    }
    return Month(**told | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "which", "told"),
    [
        (month(), Course.RISING, []),
        (month(before=None), Course.FALLING, ["No usage of Jan 2026 is loaded"]),
        (month(is_before_partial=True), Course.RISING, ["Jan 2026 lacks days"]),
        (month(is_first=True), Course.NEW, ["Feb 2026 is the first loaded month"]),
        (month(is_partial=True), Course.QUIET, ["Feb 2026 lacks days"]),
        (month(lacking=("A*b",)), Course.QUIET, ["No usage of Feb 2026", r"A\*b"]),
        (month(lacking=("A",)), Course.NEW, []),
    ],
)
def test_list_says_what_stands_in_its_way(
    at: Month, which: Course, told: list[str]
) -> None:
    said = list(lists.reserves(at, which, LOADED))
    assert len(said) == bool(told)
    assert all(part in said[0] for part in told)


def test_large_file_is_named_by_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame({"owner": ["a", "b"], "usage_gb": [1.0, 2.0]})
    assert handout._name(rows, "a.csv") == "a.csv"
    monkeypatch.setattr(handout, "LARGE", 1)
    named = handout._name(rows, "a.csv")
    assert named.startswith("a-")
    assert named.endswith(".csv")
    assert named != handout._name(rows.assign(usage_gb=[1.0, 2.5]), "a.csv")


@pytest.mark.usefixtures("loaded_shop")
def test_reset_shows_everybody_again(open_page: Open) -> None:
    app = open_page(PAGE, search="coral", sort="Email", list="New", period=EARLY)
    assert list(table(app)["owner"]) == [CORAL]
    app.button(key="reset").click().run()
    assert table(app).equals(table(open_page(PAGE)))
    assert app.segmented_control(key="list").value == "Rising"
