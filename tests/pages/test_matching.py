"""Matching: what waits for a person, decisions and their way back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.files.upload import Upload
from core.models import NoCustomer, Rule
from core.reports import review
from core.warehouse import decisions, plans, settings
from pages.parts import cache
from pages.parts.text import as_text

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "matching.py"
SLATE = "slate.ferry12@example.com"


def waiting(app: AppTest) -> list[str]:
    """Name the subusers in the queue."""
    tables = [each.value for each in app.dataframe]
    return next(list(rows["subuser"]) for rows in tables if "status" in rows)


def buttons(app: AppTest) -> set[str]:
    """Name the buttons of the page."""
    return {str(button.key) for button in app.button}


def said(app: AppTest) -> str:
    """Return the sentences of the page."""
    kinds = (app.markdown, app.caption, app.text, app.success, app.info)
    return "\n".join(str(each.value) for kind in kinds for each in kind)


def section(app: AppTest, name: str) -> AppTest:
    """Open another section of the page, as a click on its tab does."""
    app.session_state["section"] = name
    return app.run()


@pytest.mark.usefixtures("loaded_shop")
def test_coverage_is_told_in_subusers_and_gb_and_adds_up(open_page: Open) -> None:
    app = open_page(PAGE)
    shares = [float(metric.value.removesuffix(" %")) for metric in app.metric[:3]]
    assert sum(shares) == pytest.approx(100, abs=0.2)
    assert "2 subusers with 51.8 GB" in said(app)


@pytest.mark.usefixtures("loaded_shop")
def test_queue_has_open_subusers_by_gb_and_no_destroyed_names(
    open_page: Open,
) -> None:
    app = open_page(PAGE)
    assert waiting(app) == ["strangername", "slateferry12"]
    assert "**2 decisions recover 100.0 %**" in said(app)
    destroyed = section(app, "Alarms").dataframe[-1].value
    assert list(destroyed["subuser"]) == ["6.46E+11"]
    assert list(destroyed["months"]) == [1]


@pytest.mark.usefixtures("loaded_shop")
def test_accepting_a_candidate_matches_the_subuser_and_shortens_the_queue(
    open_page: Open,
) -> None:
    app = open_page(PAGE, subuser="slate")
    assert SLATE in [text.value for text in app.text]
    app.text_input(key="matching_note").set_value("asked by mail")
    app.button(key="accept_1").click().run()
    assert as_text(f"slateferry12 is of {SLATE}.") in app.success[0].value
    (decision,) = decisions.live(cache.warehouse())
    assert (decision.email_key, decision.note) == (SLATE, "asked by mail")
    assert decision.decided_by == "test@example.com"  # whom AppTest signs in
    app.text_input(key="subuser").set_value("").run()
    assert waiting(app) == ["strangername"]


@pytest.mark.usefixtures("loaded_shop")
def test_another_customer_is_found_by_search_and_chosen(open_page: Open) -> None:
    app = open_page(PAGE, subuser="strangername")
    app.text_input(key="other_search").set_value("IDLECANAL").run()
    app.button(key="accept_other").click().run()
    (decision,) = decisions.live(cache.warehouse())
    assert decision.subuser == "strangername"
    assert decision.email_key == "idle.canal3@example.com"


@pytest.mark.usefixtures("loaded_shop")
def test_a_subuser_of_nobody_leaves_the_queue_and_stays_unmatched(
    open_page: Open,
) -> None:
    app = open_page(PAGE)
    app.button(key="decide_none").click().run()
    assert waiting(app) == ["slateferry12"]
    assert decisions.live(cache.warehouse())[0].email_key is None
    unmatched = app.metric[2]
    assert (unmatched.label, unmatched.value) == ("Unmatched, of all GB", "7.2 %")


@pytest.mark.usefixtures("loaded_shop")
def test_a_decision_taken_back_counts_no_more(open_page: Open) -> None:
    app = open_page(PAGE)
    before = waiting(app)
    app.button(key="decide_none").click().run()
    section(app, "Decisions").button(key="take_back_1").click().run()
    assert decisions.live(cache.warehouse()) == ()
    assert "is taken back" in said(app)
    assert waiting(section(app, "Waiting")) == before


@pytest.mark.usefixtures("loaded_shop")
def test_a_decision_taken_back_elsewhere_is_told(open_page: Open) -> None:
    app = open_page(PAGE)
    section(app.button(key="decide_none").click().run(), "Decisions")
    job.take_back(cache.warehouse(), 1, now=datetime(2026, 3, 3), by="another")
    app.button(key="take_back_1").click().run()
    assert "There is no decision 1" in app.error[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_decisions_survive_undone_files_and_say_that_nothing_uses_them(
    open_page: Open,
) -> None:
    app = open_page(PAGE)
    app.button(key="decide_none").click().run()
    warehouse = cache.warehouse()
    job.undo(warehouse, 4, now=datetime(2026, 3, 3), by="tester")
    upload = Upload("u.csv", b"Subuser,Date,Bandwidth Usage (GB)\nother,2026-01,1\n")
    plan = plans.plan(warehouse, job.take([upload]).readings)
    job.load(warehouse, plan, now=datetime(2026, 3, 4), by="tester")
    section(app, "Decisions")
    assert review.NO_USAGE in said(app)
    (unused,) = [t.value for t in app.dataframe if "unused" in t.value]
    assert list(unused["subuser"]) == ["strangername"]


@pytest.mark.usefixtures("loaded_shop")
def test_search_finds_matched_subusers_so_that_a_match_can_be_corrected(
    open_page: Open,
) -> None:
    app = open_page(PAGE, subuser="AMBER")
    assert waiting(app) == ["amberharbor71zz"]
    app.button(key="decide_none").click().run()
    assert app.metric[0].value != "90.0 %"
    owners = review.decided(cache.warehouse())
    assert list(owners["subuser"]) == ["amberharbor71zz"]


@pytest.mark.usefixtures("loaded_shop")
def test_search_without_a_hit_says_so(open_page: Open) -> None:
    app = open_page(PAGE, subuser="nobody has this")
    assert "No subuser has this in its name." in said(app)


@pytest.mark.usefixtures("loaded_shop")
def test_decisions_are_not_taken_under_the_notebook_rule(open_page: Open) -> None:
    app = open_page(PAGE)
    job.configure(
        cache.warehouse(),
        settings.Settings(rule=Rule.NOTEBOOK),
        now=datetime(2026, 3, 3),
        by="t",
    )
    app.run()
    assert "do not count under the notebook rule" in said(app)
    assert app.button(key="decide_none").disabled


def test_usage_without_customers_says_that_nothing_can_match(
    open_page: Open, shop_files: dict[str, bytes]
) -> None:
    app = open_page("add_files.py")
    content = shop_files["usage.csv"]
    app.file_uploader(key="files").upload("usage.csv", content, "text/csv").run()
    app.button(key="load").click().run()
    app.switch_page(PAGE).run()
    assert "No customers are loaded" in said(app)
    assert "decide_none" not in buttons(app)


@pytest.mark.usefixtures("loaded_shop")
def test_a_decision_is_undone_where_it_was_made(open_page: Open) -> None:
    app = open_page(PAGE)
    before = waiting(app)
    app.segmented_control(key="matching_reason").set_value(NoCustomer.TEST)
    app.button(key="decide_none").click().run()
    assert decisions.live(cache.warehouse())[0].reason == "test"
    app.button(key="undo_decisions").click().run()
    assert decisions.live(cache.warehouse()) == ()
    assert waiting(app) == before
    assert "undo_decisions" not in buttons(app)


@pytest.mark.usefixtures("loaded_shop")
def test_suggestions_of_one_ground_are_accepted_at_once_after_a_preview(
    open_page: Open,
) -> None:
    app = open_page(PAGE, section="Many at once")
    shown = app.dataframe[0].value
    assert list(shown["subuser"]) == ["slateferry12"]
    button = app.button(key="bulk_accept")
    assert button.label == "Accept 1 subuser with 3.00 GB"
    button.click().run()
    (decision,) = decisions.live(cache.warehouse())
    assert (decision.subuser, decision.email_key) == ("slateferry12", SLATE)
    app.button(key="undo_decisions").click().run()
    assert decisions.live(cache.warehouse()) == ()


@pytest.mark.usefixtures("loaded_shop")
def test_names_with_a_text_are_set_aside_at_once(open_page: Open) -> None:
    app = open_page(PAGE, section="Many at once")
    app.text_input(key="bulk_text").set_value("STRANGE").run()
    app.button(key="bulk_set_aside").click().run()
    (decision,) = decisions.live(cache.warehouse())
    assert (decision.subuser, decision.reason) == ("strangername", "test")


@pytest.mark.usefixtures("loaded_shop")
def test_decisions_read_from_a_file_are_shown_row_by_row_and_recorded(
    open_page: Open,
) -> None:
    app = open_page(PAGE, section="Decisions")
    content = f"Subuser,Email,Reason\nslateferry12,{SLATE},\nstrangername,,maybe\n"
    files = app.file_uploader(key="decisions_file_0")
    files.upload("decisions.csv", content.encode(), "text/csv").run()
    plan, refused = (table.value for table in app.dataframe)
    assert list(plan["fate"]) == ["New"]
    assert list(refused["Line"]) == [3]
    assert decisions.live(cache.warehouse()) == ()
    app.button(key="load_decisions").click().run()
    (decision,) = decisions.live(cache.warehouse())
    assert decision.email_key == SLATE


@pytest.mark.usefixtures("loaded_shop")
def test_a_file_that_holds_no_decisions_is_told(open_page: Open) -> None:
    app = open_page(PAGE, section="Decisions")
    files = app.file_uploader(key="decisions_file_0")
    files.upload("x.csv", b"a,b\n1,2\n", "text/csv").run()
    assert as_text("without 'Subuser', 'Email'") in app.error[0].value


@pytest.mark.usefixtures("loaded_shop")
def test_blind_check_hides_the_match_and_counts_answers(open_page: Open) -> None:
    app = open_page(PAGE, section="Quality")
    assert "Nobody has answered yet." in said(app)
    app.toggle(key="blind").set_value(True).run()
    asked = [str(each.value) for each in app.subheader][-1]
    assert not [metric for metric in app.metric if "Score" in metric.label]
    app.button(key="label_n").click().run()
    assert [metric.value for metric in app.metric if "Precision" in metric.label] == [
        "0.0 %"
    ]
    app.button(key="take_back_label").click().run()
    assert [str(each.value) for each in app.subheader][-1] == asked


@pytest.mark.usefixtures("loaded_shop")
def test_what_the_notebook_would_do_is_told_in_gb(open_page: Open) -> None:
    app = open_page(PAGE, section="Notebook")
    shown = app.dataframe[0].value
    assert list(shown["subuser"]) == ["slateferry12"]
    moved = {metric.label: metric.value for metric in app.metric}
    assert moved["Matched by the notebook only"] == "3.00 GB"
