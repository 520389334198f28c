"""Customer: one by its address, with what it used, paid, and how it was matched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.reports import customer
from core.warehouse import notes
from pages.parts import cache, finder
from pages.parts.charts import axes, charted, usage

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


@pytest.mark.usefixtures("loaded_shop")
def test_month_without_usage_of_theirs_is_zero_and_one_not_loaded_is_a_gap(
    open_page: Open,
) -> None:
    rows = cache.figure(customer.usage_months, cache.warehouse(), CORAL)
    months = [f"{month:%Y-%m}" for month in rows["month"]]
    values = [None if pd.isna(gb) else gb for gb in rows["usage_gb"]]
    assert months == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert values == [4, None, 0, 5.25]
    app = open_page(PAGE, customer=CORAL)
    shown = charted.table(cache.drawing(usage.of_customer, rows, axes.span(rows)))
    assert titles(app)[0] == "Usage by month"
    assert list(shown["Usage, GB"].dropna()) == [4, 0, 5.25]


@pytest.mark.usefixtures("loaded_shop")
def test_a_note_is_kept_with_its_writer_and_shown_as_text(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    app.text_area[0].input("pays by **invoice**").run()
    assert "Not saved yet." in [caption.value for caption in app.caption]
    app.button(key="save_note").click().run()
    assert "The note is saved" in app.success[0].value
    (written,) = notes.history(cache.warehouse(), AMBER)
    assert (written.note, written.saved_by) == (
        "pays by **invoice**",
        "test@example.com",
    )
    app = open_page(PAGE, customer=AMBER)
    assert app.text_area[0].value == "pays by **invoice**"
    assert any("Written by test@example.com" in text.value for text in app.text)
    assert not any("invoice" in text.value for text in app.markdown)


@pytest.mark.usefixtures("loaded_shop")
def test_a_note_taken_away_stays_among_the_earlier_ones(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER)
    for text in ("first", ""):
        app.text_area[0].input(text).run()
        app.button(key="save_note").click().run()
    assert app.text_area[0].value == ""
    assert app.expander[0].label == "Earlier notes (1)"
    assert app.expander[0].text[0].value.endswith("first")


@pytest.mark.usefixtures("loaded_shop")
def test_files_of_the_customer_are_offered_where_they_have_rows(
    open_page: Open,
) -> None:
    keys = [f"download_customer_{name}_csv" for name in ("usage", "months", "payments")]
    app = open_page(PAGE, customer=AMBER)
    assert [app.get("download_button")[n].proto.disabled for n in range(3)] == [
        False,
        False,
        False,
    ]
    idle = open_page(PAGE, customer="idle.canal3@example.com")
    found = {each.key: each.proto.disabled for each in idle.get("download_button")}
    assert [found[key] for key in keys] == [True, True, True]


@pytest.mark.usefixtures("loaded_shop")
def test_part_of_an_address_offers_who_has_it(open_page: Open) -> None:
    app = open_page(PAGE, customer="example.org")
    assert "Nobody has this address" in app.warning[0].value
    assert list(app.dataframe(key="near").value["owner"]) == [CORAL]


@pytest.mark.usefixtures("loaded_shop")
def test_of_many_customers_the_first_are_listed_and_all_are_found(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "MOST", 1)
    app = open_page(PAGE)
    assert app.selectbox(key="customer").options == [AMBER]
    app = open_page(PAGE, customer="coral")
    assert figures(app)["Rank"] == "2"
    assert not app.warning
    app = open_page(PAGE, customer=CORAL)
    assert app.selectbox(key="customer").options == [CORAL, AMBER]


@pytest.mark.usefixtures("loaded_shop")
def test_address_stacks_by_subuser(open_page: Open) -> None:
    app = open_page(PAGE, customer=AMBER, by_subuser="true")
    assert titles(app)[0] == "Usage by month and subuser"
