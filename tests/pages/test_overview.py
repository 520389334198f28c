"""Overview: one glance at all that is loaded, filters in the address, ways onward."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from core import job
from core.files.upload import Upload
from core.warehouse import plans
from core.warehouse.store import Warehouse
from pages.parts import picks

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "overview.py"


def charts(app: AppTest) -> dict[str, Any]:
    """Return the specifications of the charts by title."""
    drawn = [chart.proto for chart in app.get("vega_lite_chart")]
    return {chart.alt: json.loads(chart.spec) for chart in drawn}


def figures(app: AppTest) -> dict[str, str]:
    """Return the key figures by name."""
    return {metric.label: metric.value for metric in app.metric}


def load(path: Path, files: dict[str, bytes], name: str) -> None:
    """Put one of the shop's files into the warehouse that the app will open."""
    with Warehouse(path) as warehouse:
        reading = job.read(Upload(name, files[name]))
        plan = plans.plan(warehouse, [reading])
        job.load(warehouse, plan, now=datetime(2026, 3, 2, 9, 30), by="tester")


@pytest.mark.usefixtures("loaded_shop")
def test_everything_loaded_is_shown_at_once(open_page: Open) -> None:
    app = open_page(PAGE)
    assert figures(app) == {
        "Net volume": "-20.00 USD",
        "Bandwidth": "27.5 GB",
        "Active users": "4",
        "Customers with usage": "2",
        "Unmatched": "2.25 GB",
    }
    assert list(charts(app)) == [
        "Monthly net volume, USD",
        "Monthly bandwidth and active users",
        "Customers by usage, bins of 1 GB",
    ]
    assert not app.info


@pytest.mark.usefixtures("loaded_shop")
def test_unmatched_usage_stands_last_in_the_ranking(open_page: Open) -> None:
    rows = open_page(PAGE).dataframe[0].value
    assert rows["email"].iloc[0] == "amber.harbor71@example.com"
    assert rows["email"].iloc[-1] == "(unmatched)"
    assert rows["usage_gb"].sum() == pytest.approx(59)


@pytest.mark.usefixtures("loaded_shop")
def test_what_needs_a_person_leads_to_its_page(open_page: Open) -> None:
    links = {
        link.proto.label: link.proto.page for link in open_page(PAGE).get("page_link")
    }
    assert links[r"No usage loaded for 2025\-12"] == "add_files"
    assert links[r"1 name destroyed by a spreadsheet\, 0\.8 GB"] == "matching"


@pytest.mark.usefixtures("loaded_shop")
def test_address_sets_the_filters(open_page: Open) -> None:
    app = open_page(PAGE, period=["2025-11", "2026-01"], gb_range=["5", "20"])
    assert figures(app)["Bandwidth of customers"] == "0.0 GB"
    assert figures(app)["Unmatched"] == "5.00 GB"
    owners = list(app.dataframe[0].value["email"])
    assert owners == ["(unmatched)"]
    assert not app.button(key="reset").disabled


@pytest.mark.usefixtures("loaded_shop")
def test_reset_shows_everything_again(open_page: Open) -> None:
    app = open_page(PAGE, period=["2026-01", "2026-01"], currency="EUR")
    whole = figures(open_page(PAGE))
    assert figures(app) != whole
    app.button(key="reset").click().run()
    assert figures(app) == whole
    assert app.button(key="reset").disabled


@pytest.mark.usefixtures("loaded_shop")
def test_currencies_are_shown_one_at_a_time(open_page: Open) -> None:
    app = open_page(PAGE)
    app.selectbox(key="currency").set_value("eur").run()
    assert figures(app)["Net volume"] == "28.90 EUR"
    assert "Monthly net volume, EUR" in charts(app)


@pytest.mark.usefixtures("loaded_shop")
@pytest.mark.parametrize("code", ["EUR", "eur"])
def test_currency_of_a_link_is_taken_in_any_case(open_page: Open, code: str) -> None:
    app = open_page(PAGE, currency=code)
    assert app.selectbox(key="currency").value == "eur"
    assert app.query_params["currency"] == "EUR"


@pytest.mark.usefixtures("loaded_shop")
def test_one_customer_is_looked_at_alone(open_page: Open) -> None:
    app = open_page(PAGE, selected="amber.harbor71@example.com")
    assert figures(app) == {
        "Net volume": "-20.00 USD",
        "Bandwidth": "20.0 GB",
        "Active users": "1",
        "Unmatched": "2.25 GB",
    }
    assert list(charts(app)) == [
        "Monthly net volume of the customer, USD",
        "Monthly bandwidth of the customer",
        "Customers by usage, bins of 1 GB",
    ]
    (link,) = [
        each.proto for each in app.get("page_link") if "Open" in each.proto.label
    ]
    assert link.page == "customer"
    assert not app.button(key="reset").disabled


@pytest.mark.usefixtures("loaded_shop")
def test_customer_without_payments_says_so(open_page: Open) -> None:
    app = open_page(PAGE, selected="(unmatched)")
    assert "No payment of this customer" in app.info[0].value
    assert figures(app)["Bandwidth"] == "2.25 GB"


@pytest.mark.usefixtures("loaded_shop")
@pytest.mark.parametrize(
    ("kind", "shown"),
    [("Pro", "20.0 GB"), ("Basic", "5.25 GB"), ("Unmatched", "0.0 GB")],
)
def test_type_leaves_unmatched_usage_in_view(
    open_page: Open, kind: str, shown: str
) -> None:
    app = open_page(PAGE)
    app.selectbox(key="type").set_value(kind).run()
    assert figures(app)["Bandwidth of customers"] == shown
    assert figures(app)["Unmatched"] == "2.25 GB"
    assert app.dataframe[0].value["email"].iloc[-1] == "(unmatched)"


@pytest.mark.parametrize(
    ("ends", "tail", "most", "whole"),
    [
        (None, 10, 33, (0, 33)),
        ([3.2, 5.1], 10, 33, (3, 6)),
        ([-0.4, 1.0], 10, 33, (0, 1)),
        ([9.9, 10.2], 10, 33, (9, 33)),
        ([10.3, 11.0], 10, 33, (10, 33)),
        ([2.0, 8.5], 10, 7, (2, 7)),
    ],
)
def test_brush_is_widened_to_whole_bins(
    ends: list[float] | None, tail: int, most: int, whole: tuple[int, int]
) -> None:
    assert picks.whole_bins(ends, tail, most) == whole


@pytest.mark.usefixtures("loaded_shop")
def test_logarithmic_scale_is_a_choice(open_page: Open) -> None:
    app = open_page(PAGE)
    app.toggle(key="log").set_value(True).run()
    spec = charts(app)["Customers by usage, bins of 1 GB"]
    assert spec["encoding"]["y"]["scale"]["type"] == "symlog"


def test_usage_alone_ranks_subusers(
    open_page: Open, shop_files: dict[str, bytes], fresh_warehouse: Path
) -> None:
    load(fresh_warehouse, shop_files, "usage.csv")
    app = open_page(PAGE)
    assert "No customers are loaded" in app.info[0].value
    assert "No Stripe file is loaded" in app.info[0].value
    assert app.dataframe[0].value["email"].iloc[0] == "amberharbor71zz"
    assert "Subusers by usage, bins of 1 GB" in charts(app)
    assert "Customers with usage" not in figures(app)


@pytest.mark.parametrize("name", ["activity.csv", "payments.csv"])
def test_money_alone_shows_net_volume(
    open_page: Open, shop_files: dict[str, bytes], fresh_warehouse: Path, name: str
) -> None:
    load(fresh_warehouse, shop_files, name)
    app = open_page(PAGE)
    assert list(charts(app)) == ["Monthly net volume, USD"]
    assert list(figures(app)) == ["Net volume"]
    assert "No usage is loaded" in app.info[0].value


def test_sample_fills_the_page(open_page: Open) -> None:
    app = open_page(PAGE)
    app.button(key="load_sample").click().run()
    assert not app.exception
    assert len(charts(app)) == 3
    assert len(app.metric) == 5
