"""Revenue: one currency at a time, line by line, and what is not counted."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core import job
from core.files.upload import Upload
from core.reports import margin
from core.reports.reconciliation import Verdict
from core.warehouse import costs, plans, rates
from core.warehouse.costs import Price
from core.warehouse.figures import Scope
from pages.parts import basis, cache, formats, reconciliation

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "revenue.py"
HEAVY = "Usage without payment"


def figures(app: AppTest) -> dict[str, str]:
    """Return the figures by name."""
    return {metric.label: metric.value for metric in app.metric}


def table(app: AppTest, name: str) -> pd.DataFrame:
    """Return the rows of a table by its name for screen readers."""
    (found,) = [each for each in app.dataframe if each.proto.alt == name]
    return found.value


def charts(app: AppTest) -> list[str]:
    """Return the titles of the charts."""
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


@pytest.mark.usefixtures("loaded_shop")
def test_lines_of_the_first_currency_are_shown(open_page: Open) -> None:
    app = open_page(PAGE)
    assert figures(app) == {
        "Net volume": "-20.00 USD",
        "Gross volume": "0.00 USD",
        "Refunds": "-20.00 USD",
        "Fees": "0.00 USD",
        "Net after all fees": "-20.00 USD",
        "Net per GB": "2.1195 USD",
        "Usage beside it": "59.0 GB",
    }
    assert charts(app)[0] == "What net volume is made of, USD"
    assert "time zone UTC" in app.caption[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_months_are_listed_newest_first_with_gaps_named(open_page: Open) -> None:
    months = table(open_page(PAGE), "Revenue by month in USD")
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
    payers = table(app, "Payers by net volume")
    assert list(payers["owner"]) == [
        "amber.harbor71@example.com",
        "coralmeadow@example.org",
    ]
    app.selectbox(key="currency").set_value("eur").run()
    assert list(table(app, "Payers by net volume")["owner"]) == [
        "payer.only9@example.net"
    ]
    assert figures(app)["Net volume"] == "28.90 EUR"


@pytest.mark.usefixtures("loaded_shop")
def test_click_on_a_payer_opens_the_customer(open_page: Open) -> None:
    app = open_page(PAGE)
    cell = {"rows": [], "columns": [], "cells": [(1, "owner")]}
    app.session_state["payers"] = {"selection": cell}
    app.run()
    assert not app.exception
    assert app.selectbox(key="customer").value == "coralmeadow@example.org"


@pytest.mark.usefixtures("loaded_shop")
def test_month_of_the_waterfall_is_chosen_and_has_data(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "From gross to net, Feb 2026, USD" in charts(app)
    assert app.selectbox(key="month").options == ["Feb 2026", "Jan 2026", "Nov 2025"]
    app.selectbox(key="month").set_value("2025-11").run()
    assert "From gross to net, Nov 2025, USD" in charts(app)


@pytest.mark.usefixtures("loaded_shop")
def test_green_only_when_all_that_is_compared_agrees(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "3 payments in both kinds of file compared" in app.success[0].value
    life = table(app, "Payments against ledger")
    assert list(life["currency"]) == ["EUR", "USD"]
    assert set(life["difference"]) == {"0.00 EUR", "0.00 USD"}
    assert set(table(app, "Months by file")["file"]) == {"activity.csv", "payments.csv"}
    gap = "USD, Dec 2025 (1 month). No data"
    assert [text for text in app.text if text.value.startswith(gap)]


@pytest.mark.parametrize(
    ("verdict", "is_green", "words"),
    [
        (Verdict(0, 0, 0, 0, 0), False, ""),
        (Verdict(3, 0, 0, 0, 0), True, "3 lines of Stripe's summaries agree"),
        (Verdict(3, 1, 0, 9, 0), False, "Lines that differ: 1."),
        (Verdict(3, 0, 2, 9, 0), False, "without data of ours: 2."),
        (Verdict(0, 0, 0, 9, 4), False, "Payments that differ: 4."),
    ],
)
def test_verdict_says_what_was_held_against_what(
    verdict: Verdict, is_green: bool, words: str
) -> None:
    assert verdict.is_green is is_green
    assert words in reconciliation.said(verdict)


@pytest.mark.usefixtures("loaded_shop")
def test_payments_that_differ_are_named(open_page: Open, shop_files: dict) -> None:
    changed = shop_files["payments.csv"].replace(b",3.20,", b",3.30,")
    app = open_page(PAGE)
    load(Upload("again.csv", changed))
    app.run()
    assert not app.success
    assert "Payments that differ: 1." in app.warning[0].value
    differing = table(app, "Payments that differ")
    assert list(differing["id"]) == ["ch_1"]
    assert list(differing["difference"]) == ["-0.10 USD"]


@pytest.mark.usefixtures("loaded_shop")
def test_attempts_and_unknown_types_stand_beside(
    open_page: Open, shop_files: dict
) -> None:
    failed = shop_files["payments.csv"].splitlines()[2].replace(b"ch_2", b"ch_9")
    row = shop_files["activity.csv"].splitlines()[2].replace(b"txn_2,charge", b"t9,new")
    head = {name: shop_files[name].split(b"\n")[0] for name in shop_files}
    app = open_page(PAGE)
    failed = failed.replace(b",Paid,", b",Failed,")
    load(
        Upload("failed.csv", head["payments.csv"] + b"\n" + failed + b"\n"),
        Upload("new.csv", head["activity.csv"] + b"\n" + row + b"\n"),
    )
    app.run()
    assert list(
        table(app, "Attempts to pay that failed or are pending")["outcome"]
    ) == ["Failed"]
    assert (
        table(app, "Rows of Stripe files that are not counted")["name"].iloc[0] == "new"
    )
    assert "not known here: 1." in app.warning[-1].value


@pytest.mark.usefixtures("loaded_shop")
def test_converted_view_needs_rates_and_says_what_lacks_one(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "settings" in [link.proto.page for link in app.get("page_link")]
    rate = Decimal("1.5")
    months = (date(2026, 2, 1), ("eur", "usd"), rate)
    rates.save(cache.warehouse(), *months, now=datetime(2026, 3, 3), by="tester")
    app.run()
    assert "Net volume converted at entered rates, USD" in charts(app)
    assert "an estimate" in "".join(caption.value for caption in app.caption)
    assert charts(app)[-1].endswith("USD")


HEADER = (
    b"id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Description,"
    b"Customer Facing Amount,Customer Facing Currency\n"
)


def test_amounts_have_the_decimals_of_their_currency(open_page: Open) -> None:
    rows = (
        b"t1,charge,ch_1,12.345,0.345,12.000,kwd,2026-01-05 10:00,Top up,,\n"
        b"t2,charge,ch_2,5000,180,4820,jpy,2026-01-05 10:00,Top up,,\n"
        b"t3,reserved_funds,,-1.5,0,-1.5,kwd,2026-01-06 10:00,,,\n"
        b"t4,reserved_funds,,-7,0,-7,jpy,2026-01-06 10:00,,,\n"
    )
    load(Upload("activity.csv", HEADER + rows))
    app = open_page(PAGE)
    formats = {}
    for code in ("jpy", "kwd"):
        app.selectbox(key="currency").set_value(code).run()
        (found,) = [t for t in app.dataframe if t.proto.alt == "Payers by net volume"]
        columns = json.loads(found.proto.columns)
        formats[code] = columns["net"]["type_config"]["format"]
    assert formats == {"jpy": "%,.0f", "kwd": "%,.3f"}
    sums = table(app, "Rows of Stripe files that are not counted")["amount"]
    assert sorted(sums) == ["-1.500 KWD", "-7 JPY"]
    said = "".join(caption.value for caption in app.caption)
    assert "Guests without email and customer id stand in one line" in said
    assert "(unknown payer): 12.000 KWD" in said


@pytest.mark.usefixtures("loaded_shop")
def test_margin_follows_prices_and_the_period(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "Margin" not in figures(app)
    months = table(app, "Net volume and cost by month in USD")
    whole = months["net"].sum()
    price = Price("Oxylabs", date(2025, 1, 1), Decimal(1), "usd")
    costs.save(cache.warehouse(), price, now=datetime(2026, 3, 3), by="tester")
    app.run()
    months = table(app, "Net volume and cost by month in USD")
    assert months["net"].sum() == whole
    told = months.set_index(months["month"].dt.strftime("%Y-%m")).loc["2026-01"]
    usage = margin.months(cache.warehouse())
    assert told["cost"] == told["usage_gb"] > 0
    assert told["net_per_gb"] == told["net"] / told["usage_gb"]
    total = margin.of_period(usage[usage["currency"] == "usd"]).iloc[0]
    assert figures(app)["Margin"] == formats.money(total["margin"], "usd")

    app.select_slider(key="period").set_range("2026-01", "2026-01").run()
    months = table(app, "Net volume and cost by month in USD")
    assert [f"{month:%Y-%m}" for month in months["month"]] == ["2026-01"]


@pytest.mark.usefixtures("loaded_shop")
def test_lists_of_a_period_lead_to_the_customer(open_page: Open) -> None:
    app = open_page(PAGE)
    assert list(table(app, "Paying without usage")["owner"]) == [
        "payer.only9@example.net"
    ]
    app.select_slider(key="period").set_range("2026-02", "2026-02").run()
    february = Scope(date(2026, 2, 1), date(2026, 2, 1))
    heavy = margin.usage_without_payment(cache.warehouse(), february)
    shown = [t.value for t in app.dataframe if t.proto.alt == HEAVY]
    assert [list(rows["email"]) for rows in shown] == [list(heavy["email"])]
    app.select_slider(key="period").set_range("2025-11", "2026-02").run()
    cell = {"rows": [], "columns": [], "cells": [(0, "owner")]}
    app.session_state["paying_without_usage"] = {"selection": cell}
    app.run()
    assert app.selectbox(key="customer").value == "payer.only9@example.net"


def load(*uploads: Upload) -> None:
    """Load files into the warehouse of the app."""
    warehouse = cache.warehouse()
    plan = plans.plan(warehouse, job.take(list(uploads)).readings)
    plans.commit(warehouse, plan, now=datetime(2026, 3, 3), by="tester")


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


@pytest.mark.usefixtures("loaded_shop")
def test_reset_shows_the_first_currency_and_the_newest_month(open_page: Open) -> None:
    whole = open_page(PAGE)
    app = open_page(PAGE, month="Nov 2025", period=["2026-01", "2026-01"])
    assert "From gross to net, Nov 2025, USD" in charts(app)
    app.button(key="reset").click().run()
    assert charts(app) == charts(whole)
