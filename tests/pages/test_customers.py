"""Customers: everybody in one table, to search and open."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core import job
from core.files.upload import Upload
from core.reports import book
from core.warehouse import costs, figures, plans
from pages.parts import cache

if TYPE_CHECKING:
    from conftest import Open

PAGE = "customers.py"
MORE = """Subuser,Date,Bandwidth Usage (GB)
idlecanal3zz,2026-02,30
"""


def test_nothing_loaded_leads_to_files(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "No data yet" in app.info[0].value
    assert not app.dataframe


@pytest.mark.usefixtures("loaded_shop")
def test_everybody_is_listed_with_usage_and_money(open_page: Open) -> None:
    app = open_page(PAGE)
    rows = app.dataframe[0].value
    assert list(rows["owner"]) == list(book.everybody(cache.warehouse())["owner"])
    assert {"idle.canal3@example.com", "payer.only9@example.net"} <= set(rows["owner"])
    assert "net_usd" in rows
    assert "net_eur" in rows
    assert app.caption[0].value.startswith(f"{len(rows)} of {len(rows)} customers")


@pytest.mark.usefixtures("loaded_shop")
def test_search_narrows_the_table(open_page: Open) -> None:
    app = open_page(PAGE)
    app.text_input(key="customers_search").set_value("CORAL").run()
    assert list(app.dataframe[0].value["owner"]) == ["coralmeadow@example.org"]
    app.text_input(key="customers_search").set_value("[.*").run()
    assert not app.exception
    assert "No email holds this" in app.info[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_click_opens_the_customer(open_page: Open) -> None:
    app = open_page(PAGE)
    app.text_input(key="customers_search").set_value("coral").run()
    cell = {"rows": [], "columns": [], "cells": [(0, "email")]}
    app.session_state["customers"] = {"selection": cell}
    app.run()
    assert not app.exception
    assert app.selectbox(key="customer").value == "coralmeadow@example.org"


@pytest.mark.usefixtures("loaded_shop")
def test_click_on_a_row_that_is_gone_opens_nobody(open_page: Open) -> None:
    app = open_page(PAGE)
    cell = {"rows": [], "columns": [], "cells": [(500, "email")]}
    app.session_state["customers"] = {"selection": cell}
    app.run()
    assert not app.exception
    assert app.title[0].value == "Customers"


@pytest.mark.usefixtures("loaded_shop")
def test_cost_and_margin_stand_beside_money_once_a_price_is_entered(
    open_page: Open,
) -> None:
    app = open_page(PAGE)
    assert "margin_usd" not in app.dataframe[0].value
    warehouse = cache.warehouse()
    provider = figures.providers(warehouse)[0]
    price = costs.Price(provider, date(2025, 11, 1), Decimal(2), "usd")
    costs.save(warehouse, price, now=datetime(2026, 3, 3), by="tester")
    app.run()
    rows = app.dataframe[0].value.set_index("owner")
    amber = rows.loc["amber.harbor71@example.com"]
    assert amber["net_usd"] == pytest.approx(76.80)
    assert amber["cost_usd"] == pytest.approx(85.00)
    assert amber["margin_usd"] == pytest.approx(-8.20)
    assert amber["net_per_gb_usd"] == pytest.approx(76.80 / 42.5)


@pytest.mark.usefixtures("loaded_shop")
def test_who_pays_without_usage_leads_to_the_customer(open_page: Open) -> None:
    app = open_page(PAGE)
    (payers,) = [
        each for each in app.dataframe if each.proto.alt == "Paying without usage"
    ]
    assert list(payers.value["owner"]) == ["payer.only9@example.net"]
    assert list(payers.value["net"]) == ["28.90 EUR"]
    cell = {"rows": [], "columns": [], "cells": [(0, "owner")]}
    app.session_state["paying_without_usage"] = {"selection": cell}
    app.run()
    assert app.selectbox(key="customer").value == "payer.only9@example.net"


@pytest.mark.usefixtures("loaded_shop")
def test_usage_without_payment_follows_the_bound(open_page: Open) -> None:
    app = open_page(PAGE)
    upload = Upload("more.csv", MORE.encode())
    warehouse = cache.warehouse()
    plan = plans.plan(warehouse, job.take([upload]).readings)
    now = datetime(2026, 3, 3)
    job.load(warehouse, plan, now=now, by="tester", uploads=[upload])
    app.run()
    (users,) = [
        each
        for each in app.dataframe
        if each.proto.alt == "Heavy usage without payment"
    ]
    assert list(users.value["owner"]) == ["idle.canal3@example.com"]
    app.number_input(key="heavy_gb").set_value(31).run()
    assert "Everybody with as much usage has paid." in [each.value for each in app.text]
