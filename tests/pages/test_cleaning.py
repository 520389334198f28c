"""Cleaning rules: an ordered list that staff see at work and change."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.files.upload import Upload
from core.models import CleaningRule, Where
from core.warehouse import layouts, plans, settings
from pages.parts import cache

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "settings.py"
KLGG2 = CleaningRule("klgg2", Where.ANYWHERE)


def rules() -> tuple[CleaningRule, ...]:
    """Return the rules in force."""
    return settings.current(cache.warehouse()).cleaning_rules


def texts(app: AppTest) -> list[str]:
    """Return what the page says as plain text."""
    return [str(each.value) for each in app.text]


@pytest.mark.usefixtures("loaded_shop")
def test_each_rule_shows_what_it_changes(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "1. klgg2" in texts(app)
    assert "Changes 1 username" in texts(app)
    assert "amberharbor71klgg2zz → amberharbor71zz" in [
        each.value for each in app.caption
    ]


@pytest.mark.usefixtures("loaded_shop")
def test_usernames_that_are_subusers_are_counted_before_and_after(
    open_page: Open,
) -> None:
    said = "Of 3 usernames, 1 are a subuser as they are, 2 after these rules."
    assert said in texts(open_page(PAGE))


@pytest.mark.usefixtures("loaded_shop")
def test_a_rule_is_added_last_moved_and_removed(open_page: Open) -> None:
    app = open_page(PAGE)
    app.text_input(key="rule_text").set_value("zz")
    app.selectbox(key="rule_where").set_value(Where.END)
    app.button(key="rule_add").click().run()
    ending = CleaningRule("zz", Where.END)
    assert rules() == (KLGG2, ending)
    app.button(key="rule_up_1").click().run()
    assert rules() == (ending, KLGG2)
    app.button(key="rule_remove_0").click().run()
    assert rules() == (KLGG2,)


def test_a_rule_without_text_is_told(open_page: Open) -> None:
    app = open_page(PAGE)
    app.button(key="rule_add").click().run()
    assert "has no text" in app.error[0].value
    assert rules() == (KLGG2,)


@pytest.mark.usefixtures("loaded_shop")
def test_changing_a_rule_matches_again_from_what_was_sent(open_page: Open) -> None:
    def matched() -> list[tuple[object, ...]]:
        query = "SELECT status FROM match WHERE subuser = 'amberharbor71zz'"
        return cache.warehouse().rows(query)

    app = open_page(PAGE)
    explained = "SELECT explanation FROM match WHERE subuser = 'amberharbor71zz'"
    before = cache.warehouse().rows(explained)
    app.button(key="rule_remove_0").click().run()
    assert cache.warehouse().rows(explained) != before
    app.text_input(key="rule_text").set_value("klgg2")
    app.selectbox(key="rule_where").set_value(Where.ANYWHERE)
    app.button(key="rule_add").click().run()
    assert cache.warehouse().rows(explained) == before
    assert matched() == [("matched",)]


def test_an_ending_that_stands_out_is_taken_out_by_one_press(open_page: Open) -> None:
    customers = [
        {"email": f"{name}@example.com", "oxyUsername": f"{name}qq77"}
        for name in ("amber", "coral", "slate", "idle", "north", "south")
    ]
    upload = Upload("customers.json", json.dumps(customers).encode())
    warehouse = cache.warehouse()
    plan = plans.plan(warehouse, job.take([upload]).readings)
    job.load(warehouse, plan, now=datetime(2026, 3, 2), by="tester")
    app = open_page(PAGE)
    assert "qq77: 6 usernames, 0 subusers with usage" in texts(app)
    app.button(key="suggested_0").click().run()
    assert rules() == (KLGG2, CleaningRule("qq77", Where.END))
    assert "Changes 6 usernames" in texts(app)


@pytest.mark.usefixtures("loaded_shop")
def test_remembered_columns_are_shown_and_forgotten(open_page: Open) -> None:
    app = open_page(PAGE)
    (layout,) = layouts.everything(cache.warehouse())
    assert layout.provider in texts(app)
    forget = [each for each in app.button if str(each.key).endswith("_forget")]
    forget[0].click().run()
    assert layouts.everything(cache.warehouse()) == ()
