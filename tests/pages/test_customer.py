"""Customer: one by its address, with what it used, paid, and how it was matched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "customer.py"
AMBER = "amber.harbor71@example.com"
CORAL = "coralmeadow@example.org"


def figures(app: AppTest) -> dict[str, str]:
    """Return the figures by name."""
    return {metric.label: metric.value for metric in app.metric}


def titles(app: AppTest) -> list[str]:
    """Return the titles of the charts."""
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


def test_nothing_loaded_leads_to_files(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    assert "No data yet" in app.info[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_address_opens_the_customer(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    assert figures(app) == {
        "Rank": "1",
        "Usage": "42.5 GB",
        "Net volume": "76.80 USD",
        "Subusers": "1",
        "Months with usage": "3",
    }
    assert titles(app) == ["Usage by month", "Monthly net volume, USD"]
    subusers, documents, months, payments = (table.value for table in app.dataframe)
    assert list(subusers["subuser"]) == ["amberharbor71zz"]
    assert subusers["explanation"].iloc[0]
    assert list(documents["oxy_id"]) == ["802838"]
    assert list(payments["id"]) == ["ch_1"]
    assert [f"{month:%Y-%m}" for month in months["month"]] == ["2026-02", "2025-11"]
    assert list(months["refunds"]) == ["-20.00 USD", "0.00 USD"]
    assert list(months["net"]) == ["-20.00 USD", "96.80 USD"]


@pytest.mark.usefixtures("loaded_shop")
def test_month_without_usage_stays_in_the_chart(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    domain = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain == ["Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026"]


@pytest.mark.usefixtures("loaded_shop")
def test_usage_can_be_stacked_by_subuser(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    app.toggle(key="by_subuser").set_value(True).run()
    assert titles(app)[0] == "Usage by month and subuser"


@pytest.mark.usefixtures("loaded_shop")
def test_capitals_in_the_address_do_not_matter(open_page: Open) -> None:
    app = open_page(PAGE, customer=" Amber.Harbor71@Example.COM ")
    assert app.selectbox(key="customer").value == AMBER
    assert not app.warning


@pytest.mark.parametrize("asked", ["nobody@example.com", "![x](http://a)"])
@pytest.mark.usefixtures("loaded_shop")
def test_unknown_address_is_named_and_opens_nobody(open_page: Open, asked: str) -> None:
    app = open_page(PAGE, customer=asked)
    assert "Nobody has this address" in app.warning[0].value
    assert app.text[0].value == asked
    assert asked not in app.warning[0].value
    assert "Choose a customer" in app.info[0].value
    assert not app.metric


@pytest.mark.usefixtures("loaded_shop")
def test_no_address_asks_for_a_customer(open_page: Open) -> None:
    app = open_page(PAGE)
    assert not app.warning
    assert "Choose a customer" in app.info[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_next_and_previous_step_by_rank(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    assert app.button(key="previous").disabled
    app.button(key="next").click().run()
    assert app.selectbox(key="customer").value == CORAL
    app.button(key="previous").click().run()
    assert app.selectbox(key="customer").value == AMBER


@pytest.mark.usefixtures("loaded_shop")
def test_unmatched_usage_opens_like_a_customer(open_page: Open) -> None:
    app = open_page(PAGE, customer="(unmatched)")
    assert figures(app)["Rank"] == "\u2013"
    assert figures(app)["Net volume"] == "\u2013"
    names = set(app.dataframe[0].value["subuser"])
    assert {"strangername", "6.46E+11"} <= names
    assert "No payment of this customer" in app.info[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_payer_whom_the_shop_does_not_know_opens(open_page: Open) -> None:
    app = open_page(PAGE, customer="payer.only9@example.net")
    assert figures(app)["Net volume"] == "28.90 EUR"
    assert titles(app) == ["Monthly net volume, EUR"]
    assert "No usage of this customer" in app.info[0].value
    assert "The shop has no document" in app.caption[1].value


@pytest.mark.usefixtures("loaded_shop")
def test_customer_who_did_nothing_opens(open_page: Open) -> None:
    app = open_page(PAGE, customer="idle.canal3@example.com")
    assert figures(app)["Months with usage"] == "0"
    assert not titles(app)


@pytest.mark.usefixtures("loaded_shop")
def test_click_on_a_subuser_opens_its_matching(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    cell = {"rows": [], "columns": [], "cells": [(0, "subuser")]}
    app.session_state["subusers"] = {"selection": cell}
    app.run()
    assert not app.exception
    assert app.title[0].value == "Matching"
