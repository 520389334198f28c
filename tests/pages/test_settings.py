"""Settings: prices, rates and the fees switch are saved, taken back and explained."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.errors import OptionError
from core.reports import revenue
from core.warehouse import costs, rates, settings
from pages.parts import cache

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "settings.py"


def enter_price(app: AppTest, month: str, price: str, currency: str = "usd") -> None:
    """Type a price and press Save."""
    app.text_input(key="cost_month").set_value(month)
    app.text_input(key="cost_price").set_value(price)
    app.text_input(key="cost_currency").set_value(currency)
    app.button(key="cost_save").click().run()


def test_without_usage_there_is_no_provider_to_price(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "once usage is loaded" in app.info[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_price_is_saved_exactly_and_taken_back(open_page: Open) -> None:
    app = open_page(PAGE)
    enter_price(app, "2025-11", " 1.2345", "USD")
    (cost,) = costs.live(cache.warehouse())
    provider = app.selectbox(key="cost_provider").value
    price = costs.Price(provider, date(2025, 11, 1), Decimal("1.2345"), "usd")
    assert cost.price == price
    assert "The price is saved" in app.success[0].value
    assert [text for text in app.text if "1.2345 USD for one GB" in text.value]
    app.button(key=f"remove_cost_{cost.cost_id}").click().run()
    assert costs.live(cache.warehouse()) == ()


@pytest.mark.parametrize(
    ("month", "price", "currency", "words"),
    [
        ("2025", "1", "usd", "no month"),
        ("2025-13", "1", "usd", "no month"),
        ("2025-11", "1,25", "usd", "no price"),
        ("2025-11", "", "usd", "no price"),
        ("2025-11", "-1", "usd", "no price of a GB"),
        ("2025-11", "nan", "usd", "no price of a GB"),
        ("2025-11", "1", "us", "no currency code"),
    ],
)
@pytest.mark.usefixtures("loaded_shop")
def test_what_is_no_price_is_told_and_not_saved(
    open_page: Open, month: str, price: str, currency: str, words: str
) -> None:
    app = open_page(PAGE)
    enter_price(app, month, price, currency)
    assert words in app.error[0].value
    assert costs.live(cache.warehouse()) == ()


@pytest.mark.usefixtures("loaded_shop")
def test_rate_is_saved_exactly_and_taken_back(open_page: Open) -> None:
    app = open_page(PAGE)
    app.text_input(key="rate_month").set_value("2026-02")
    app.text_input(key="rate_currency").set_value("EUR")
    app.text_input(key="rate_target").set_value("usd")
    app.text_input(key="rate_value").set_value("1.0825")
    app.button(key="rate_save").click().run()
    (rate,) = rates.live(cache.warehouse())
    assert (rate.month, rate.currency, rate.target) == (date(2026, 2, 1), "eur", "usd")
    assert rate.rate == Decimal("1.0825")
    app.button(key=f"remove_rate_{rate.rate_id}").click().run()
    assert rates.live(cache.warehouse()) == ()


@pytest.mark.usefixtures("loaded_shop")
def test_rate_to_itself_is_told(open_page: Open) -> None:
    app = open_page(PAGE)
    for key, text in (("month", "2026-02"), ("currency", "usd"), ("target", "usd")):
        app.text_input(key=f"rate_{key}").set_value(text)
    app.text_input(key="rate_value").set_value("1")
    app.button(key="rate_save").click().run()
    assert "no rate to itself" in app.error[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_fees_switch_holds_at_once_and_keeps_other_settings(open_page: Open) -> None:
    app = open_page(PAGE)
    before = settings.current(cache.warehouse())
    assert revenue.headline(cache.warehouse()) == "net"
    app.toggle(key="settings_fees").set_value(True).run()
    after = settings.current(cache.warehouse())
    assert after.has_stripe_fees
    assert after.time_zone == before.time_zone
    assert after.rule == before.rule
    assert revenue.headline(cache.warehouse()) == "net_after_all"
    assert app.switch_page("overview.py").run().metric[0].label == "Net after all fees"
    assert app.switch_page("revenue.py").run().metric[0].label == "Net after all fees"
    app.switch_page(PAGE).run()
    app.selectbox(key="settings_zone").set_value("Europe/Berlin")
    app.button(key="settings_save").click().run()
    assert settings.current(cache.warehouse()).has_stripe_fees


@pytest.mark.usefixtures("loaded_shop")
def test_currency_shown_first_is_chosen_once_for_all_pages(open_page: Open) -> None:
    assert open_page("revenue.py").selectbox(key="currency").value == "usd"
    app = open_page(PAGE)
    assert app.selectbox(key="settings_currency").options == [
        "The one with most net volume",
        "EUR",
        "USD",
    ]
    app.selectbox(key="settings_currency").set_value("eur").run()
    assert "Pages show this currency first" in app.success[0].value
    assert settings.current(cache.warehouse()).first_currency == "eur"
    assert open_page("revenue.py").selectbox(key="currency").value == "eur"
    app = open_page(PAGE)
    app.selectbox(key="settings_currency").set_value("").run()
    assert settings.current(cache.warehouse()) == settings.Settings()


def test_what_is_no_currency_code_is_not_saved(open_page: Open) -> None:
    open_page(PAGE)
    wrong = settings.Settings(first_currency="dollar")
    with pytest.raises(OptionError, match="no currency code"):
        settings.save(cache.warehouse(), wrong, now=datetime(2026, 1, 1), by="me")
