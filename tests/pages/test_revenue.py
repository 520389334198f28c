"""Revenue: one currency at a time, line by line, and what is not counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pages.parts import basis

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "revenue.py"


def figures(app: AppTest) -> dict[str, str]:
    """Return the figures by name."""
    return {metric.label: metric.value for metric in app.metric}


def test_no_money_leads_to_files(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "No Stripe file is loaded" in app.info[0].value
    assert [link.proto.page for link in app.get("page_link")] == ["add_files"]


@pytest.mark.usefixtures("loaded_shop")
def test_lines_of_the_first_currency_are_shown(open_page: Open) -> None:
    app = open_page(PAGE)
    assert figures(app) == {
        "Net volume": "-20.00 USD",
        "Gross volume": "0.00 USD",
        "Refunds": "-20.00 USD",
        "Fees": "0.00 USD",
        "Net after all fees": "-20.00 USD",
    }
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert spec["title"]["text"] == "What net volume is made of, USD"
    assert "time zone UTC" in app.caption[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_months_are_listed_newest_first_with_gaps_named(open_page: Open) -> None:
    months = open_page(PAGE).dataframe[0].value
    assert [f"{month:%Y-%m}" for month in months["month"]] == [
        "2026-02",
        "2026-01",
        "2025-12",
        "2025-11",
    ]
    assert list(months["basis"]) == ["Exact", "Exact", "No data", "Exact"]
    assert list(months["net"].dropna()) == [-20, 48.25, 96.8]


@pytest.mark.usefixtures("loaded_shop")
def test_payers_are_those_of_the_currency(open_page: Open) -> None:
    app = open_page(PAGE)
    payers = app.dataframe[1].value
    assert list(payers["owner"]) == [
        "amber.harbor71@example.com",
        "coralmeadow@example.org",
    ]
    app.selectbox(key="currency").set_value("eur").run()
    assert list(app.dataframe[1].value["owner"]) == ["payer.only9@example.net"]
    assert figures(app)["Net volume"] == "28.90 EUR"


@pytest.mark.usefixtures("loaded_shop")
def test_click_on_a_payer_opens_the_customer(open_page: Open) -> None:
    app = open_page(PAGE)
    cell = {"rows": [], "columns": [], "cells": [(1, "owner")]}
    app.session_state["payers"] = {"selection": cell}
    app.run()
    assert not app.exception
    assert app.selectbox(key="customer").value == "coralmeadow@example.org"


def test_basis_is_said_for_each_run_of_months() -> None:
    rows = pd.DataFrame(
        {
            "month": pd.date_range("2026-01-01", periods=4, freq="MS"),
            "basis": ["payments", "payments", None, "ledger"],
        }
    )
    said = basis.summary(rows)
    assert "Exact: 1 month, Apr 2026, from the ledger" in said
    assert "Estimated: 2 months, Jan 2026 to Feb 2026, from Payments" in said
    assert "Incomplete" not in said
