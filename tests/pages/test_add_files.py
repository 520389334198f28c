"""Add files: what is shown before a load, what a load does, and its undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.models import Kind, Rule
from core.reports import reconciliation
from core.warehouse import batches, settings
from pages.parts import cache, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "add_files.py"
HEADER = "Subuser,Date,Bandwidth Usage (GB)\n"


def drop(app: AppTest, files: dict[str, bytes]) -> AppTest:
    """Put files into the drop zone, in place of what is there."""
    given = [(name, content, "text/csv") for name, content in files.items()]
    return app.file_uploader(key="files").set_value(given).run()


def usage(*rows: str) -> bytes:
    """Write a usage export."""
    return (HEADER + "\n".join(rows) + "\n").encode()


def live() -> list[str]:
    """Name the files that count, newest first."""
    found = batches.history(cache.warehouse())
    return [batch.file for batch in found if batch.is_live]


def test_files_of_every_kind_are_named_counted_and_loaded(
    open_page: Open, shop_files: dict[str, bytes]
) -> None:
    app = drop(open_page(PAGE), shop_files)
    plan = app.dataframe[0].value.set_index("File")
    assert dict(plan["Kind"]) == {
        "usage.csv": "Usage",
        "customers.json": "Customers",
        "activity.csv": "Stripe activity",
        "payments.csv": "Stripe payments",
    }
    assert plan.loc["usage.csv", "Period"] == "2025-11 to 2026-02"
    assert dict(plan["New"]) == dict(plan["Rows read"])
    assert live() == []

    app.button(key="load").click().run()
    assert "Loaded 4 files" in app.success[0].value
    assert sorted(live()) == sorted(shop_files)
    assert app.file_uploader(key="files").value == []


def test_a_summary_of_stripe_is_loaded_as_a_check(open_page: Open) -> None:
    summary = (
        b"category,description,net_amount,currency\n"
        b"starting_balance,Starting balance (2025-11-01),100.00,usd\n"
        b"activity,Activity,950.00,usd\n"
        b"payouts,Total payouts,-600.00,usd\n"
        b"ending_balance,Ending balance (2025-11-29),450.00,usd\n"
    )

    app = drop(open_page(PAGE), {"Balance_Summary_USD.csv": summary})

    plan = app.dataframe[0].value.set_index("File")
    assert dict(plan["Kind"]) == {"Balance_Summary_USD.csv": "Stripe summary"}
    app.button(key="load").click().run()
    assert not app.exception
    assert live() == ["Balance_Summary_USD.csv"]


def test_every_kind_has_words() -> None:
    assert set(words.KINDS) == set(Kind)


@pytest.mark.usefixtures("loaded_shop")
def test_months_of_a_file_are_shown_with_rows_and_gb_against_what_is_loaded(
    open_page: Open,
) -> None:
    content = usage("slateferry12,2026-01,4", "slateferry12,2026-03,6")
    app = drop(open_page(PAGE), {"more.csv": content})
    months = app.dataframe[1].value.set_index("Month")
    january, march = months.iloc[0], months.iloc[1]
    assert (january["Changed rows"], march["New rows"]) == (1, 1)
    assert (january["Changed, GB before"], january["Changed, GB after"]) == (3, 4)
    assert march["New GB"] == 6
    assert "get another figure" in app.warning[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_the_same_file_again_is_nothing_to_do(
    open_page: Open, shop_files: dict[str, bytes]
) -> None:
    app = drop(open_page(PAGE), {"again.csv": shop_files["usage.csv"]})
    said = "already loaded on 2026-03-02 09:30 UTC, nothing to do"
    assert as_text(f"again.csv: {said}.") == app.info[0].value
    assert app.button(key="load").disabled


def test_a_file_dropped_twice_is_loaded_once(
    open_page: Open, shop_files: dict[str, bytes]
) -> None:
    same = shop_files["usage.csv"]
    app = drop(open_page(PAGE), {"a.csv": same, "b.csv": same})
    assert "same content as" in app.info[0].value.replace("\\", "")
    app.button(key="load").click().run()
    assert len(live()) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n", "PNG picture"),
        ("empty.csv", b"", "empty"),
        ("odd.csv", b"a,b\n1,2\n", "not recognised. Columns found: 'a', 'b'"),
        ("cut.json", b'[{"email": "a@example.com"', "cut.json"),
    ],
)
def test_wrong_file_is_explained_and_nothing_is_stored(
    open_page: Open, name: str, content: bytes, said: str
) -> None:
    app = drop(open_page(PAGE), {name: content})
    assert as_text(said) in app.error[0].value
    assert "load" not in [button.key for button in app.button]
    assert cache.warehouse().version() == 0


def test_a_wrong_file_stops_none_of_the_others(open_page: Open) -> None:
    good = usage("slateferry12,2026-01,4")
    app = drop(open_page(PAGE), {"photo.csv": b"\x89PNG\r\n\x1a\n", "good.csv": good})
    assert len(app.error) == 1
    app.button(key="load").click().run()
    assert live() == ["good.csv"]


def test_refused_rows_are_shown_before_the_load_and_offered_after_it(
    open_page: Open,
) -> None:
    rows = ("a,2026-01,1", "b,2026-13,2", "c,2026-01,lots", "d,2026-01,-3")
    app = drop(open_page(PAGE), {"usage.csv": usage(*rows)})
    refused = app.dataframe[-1].value
    assert list(refused["Line"]) == [3, 4, 5]
    assert list(refused["Value"]) == ["2026-13", "lots", "-3"]
    assert all(refused["Reason"])
    app.button(key="load").click().run()
    app.switch_page("history.py").run()
    offered = [button.key for button in app.get("download_button")]
    assert "refused_of_load_1" in offered
    assert "original_1" in offered


def test_usage_is_stored_under_the_provider_that_staff_name(open_page: Open) -> None:
    app = drop(open_page(PAGE), {"usage.csv": usage("a,2026-01,1")})
    assert app.text_input[0].value == "Oxylabs"
    app.text_input[0].set_value("  Second   provider ").run()
    app.button(key="load").click().run()
    assert batches.history(cache.warehouse())[0].provider == "Second provider"


def test_the_provider_of_a_layout_is_remembered(open_page: Open) -> None:
    app = drop(open_page(PAGE), {"usage.csv": usage("a,2026-01,1")})
    app.text_input[0].set_value("Second provider").run()
    app.button(key="load").click().run()
    drop(app, {"next.csv": usage("a,2026-02,1")})
    assert app.text_input[0].value == "Second provider"


def test_data_changed_meanwhile_stop_the_load_and_show_the_new_plan(
    open_page: Open,
) -> None:
    mine = drop(open_page(PAGE), {"mine.csv": usage("a,2026-01,1")})
    theirs = drop(open_page(PAGE), {"theirs.csv": usage("a,2026-01,2")})
    theirs.button(key="load").click().run()

    mine.button(key="load").click().run()
    assert "Someone changed the data" in mine.error[0].value
    assert live() == ["theirs.csv"]
    assert mine.dataframe[0].value.loc[0, "Changed"] == 1

    mine.button(key="load").click().run()
    assert live() == ["mine.csv", "theirs.csv"]


def test_a_plan_on_the_screen_follows_changed_data_and_says_so(
    open_page: Open,
) -> None:
    mine = drop(open_page(PAGE), {"mine.csv": usage("a,2026-01,1")})
    theirs = drop(open_page(PAGE), {"theirs.csv": usage("a,2026-01,2")})
    theirs.button(key="load").click().run()
    mine.run()
    assert "The data changed" in mine.info[0].value
    assert mine.dataframe[0].value.loc[0, "Changed"] == 1


def test_a_load_that_a_guard_stops_waits_for_a_tick(open_page: Open) -> None:
    app = open_page(PAGE)
    names = [f"steady{letter}zz" for letter in "abcdef"]
    drop(app, {"first.csv": usage(*(f"{name},2026-01,10" for name in names))})
    app.button(key="load").click().run()
    drop(app, {"wrong.csv": usage(*(f"{name},2026-02,10240" for name in names))})
    assert "Is the unit right?" in app.error[0].value.replace("\\", "")
    assert app.button(key="load").disabled
    app.checkbox(key="confirm_load").check().run()
    app.button(key="load").click().run()
    assert live() == ["wrong.csv", "first.csv"]


def test_names_from_files_are_never_rendered_as_markdown(open_page: Open) -> None:
    name = "![x](http://example.org/x.png) **bold**.csv"
    app = drop(open_page(PAGE), {name: usage("a,2026-01,1", "b,2026-01,x")})
    app.button(key="load").click().run()
    drop(app, {name: usage("a,2026-01,1", "b,2026-01,x")})
    rendered = (app.markdown, app.subheader, app.caption, app.info, app.success)
    said = [str(each.value) for kind in rendered for each in kind]
    assert not [each for each in said if "![x](" in each]


@pytest.mark.usefixtures("loaded_shop")
def test_settings_are_saved_and_used(open_page: Open) -> None:
    app = open_page("settings.py")
    app.radio(key="settings_rule").set_value(Rule.NOTEBOOK)
    app.selectbox(key="settings_zone").set_value("Europe/Berlin")
    app.button(key="settings_save").click().run()
    assert settings.current(cache.warehouse()) == settings.Settings(
        time_zone="Europe/Berlin", rule=Rule.NOTEBOOK
    )
    assert "Settings are saved" in app.success[0].value


def test_sample_data_are_loaded_by_one_press(open_page: Open) -> None:
    app = open_page(PAGE)
    app.button(key="load_sample").click().run()
    assert len(live()) == 8
    assert reconciliation.verdict(cache.warehouse()).is_green
    assert "load_sample" not in [button.key for button in app.button]
