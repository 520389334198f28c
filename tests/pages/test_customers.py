"""Customers: everybody in one table, to search and open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.reports import book
from pages.parts import cache

if TYPE_CHECKING:
    from conftest import Open

PAGE = "customers.py"


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
