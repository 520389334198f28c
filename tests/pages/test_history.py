"""History: every load with what it changed, its file, its undo, and once more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.files.upload import Upload
from core.sources import quarantine, registry
from core.warehouse import batches, plans
from pages.parts import cache
from pages.parts.text import as_text

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

PAGE = "history.py"
HEADER = "Subuser,Date,Bandwidth Usage (GB)\n"
NOW = datetime(2026, 3, 2, 9, 30)


def usage(*rows: str) -> bytes:
    """Write a usage export."""
    return (HEADER + "\n".join(rows) + "\n").encode()


def load(name: str, content: bytes) -> None:
    """Load one file as the page does."""
    upload = Upload(name, content)
    warehouse = cache.warehouse()
    plan = plans.plan(warehouse, job.take([upload]).readings)
    job.load(warehouse, plan, now=NOW, by="tester", uploads=[upload])


def live() -> list[str]:
    """Name the files that count, newest first."""
    found = batches.history(cache.warehouse())
    return [batch.file for batch in found if batch.is_live]


def keys(app: AppTest, begin: str) -> list[str]:
    """List the keys of buttons that begin so."""
    return [str(each.key) for each in app.button if str(each.key).startswith(begin)]


@pytest.mark.usefixtures("loaded_shop")
def test_a_load_says_who_when_how_many_and_its_fingerprint(open_page: Open) -> None:
    app = open_page(PAGE)
    newest = batches.history(cache.warehouse())[0]
    texts = [each.value for each in app.text]
    assert "2026-03-02 09:30 UTC" in texts
    assert newest.sha256 in texts
    assert "by tester" in [each.value for each in app.caption]


def test_effect_of_a_load_on_each_month_stays_what_it_was(open_page: Open) -> None:
    load("first.csv", usage("a,2026-01,1"))
    load("second.csv", usage("a,2026-01,3", "a,2026-02,5"))
    app = open_page(PAGE)
    newest, oldest = (each.value for each in app.dataframe[:2])
    assert list(newest["Changed, GB before"]) == [1, 0]
    assert list(newest["New GB"]) == [0, 5]
    assert list(oldest["New GB"]) == [1]


@pytest.mark.usefixtures("loaded_shop")
def test_undo_withdraws_one_load_and_marks_it(open_page: Open) -> None:
    app = open_page(PAGE)
    newest = live()[0]
    app.button(key="undo_4").click().run()
    assert as_text(f"{newest} is withdrawn.") == app.success[0].value
    assert newest not in live()
    assert "undo_4" not in keys(app, "undo_")
    assert "Withdrawn" in "".join(each.value for each in app.markdown)


@pytest.mark.usefixtures("loaded_shop")
def test_a_load_undone_elsewhere_is_told(open_page: Open) -> None:
    app = open_page(PAGE)
    job.undo(cache.warehouse(), 4, now=NOW, by="another")
    app.button(key="undo_4").click().run()
    assert "There is no load 4" in app.error[0].value


def test_a_withdrawn_file_is_planned_again_from_what_was_kept(open_page: Open) -> None:
    load("usage.csv", usage("a,2026-01,1"))
    app = open_page(PAGE)
    assert not keys(app, "again_")
    app.button(key="undo_1").click().run()
    app.button(key="again_1").click().run()
    app.switch_page("add_files.py").run()
    assert list(app.dataframe[0].value["File"]) == ["usage.csv"]
    app.button(key="load").click().run()
    assert live() == ["usage.csv"]
    assert not app.dataframe


def test_file_of_a_live_load_goes_back_to_be_read_otherwise(open_page: Open) -> None:
    load("usage.csv", usage("a,2026-01,1024"))
    app = open_page(PAGE)
    app.button(key="otherwise_1").click().run()
    app.switch_page("add_files.py").run()
    by_hand = keys(app, "by_hand_")
    app.button(key=by_hand[0]).click().run()
    unit = next(each for each in app.selectbox if str(each.key).endswith("_unit"))
    unit.set_value("MB").run()
    app.button(key=keys(app, "map_")[0]).click().run()
    app.button(key="load").click().run()
    query = "SELECT usage_gb FROM usage_month"
    assert cache.warehouse().rows(query) == [(1,)]
    assert [batch.is_live for batch in batches.history(cache.warehouse())] == [
        True,
        False,
    ]


def test_refused_rows_can_be_corrected_and_dropped_in_again(open_page: Open) -> None:
    content = usage("a,2026-01,1", "b,2026-13,2", "c,2026-01,lots")
    load("usage.csv", content)
    app = open_page(PAGE)
    offered = [str(each.key) for each in app.get("download_button")]
    assert offered == ["original_1", "refused_of_load_1"]

    batch = batches.history(cache.warehouse())[0]
    table = registry.table(Upload("usage.csv", content), batch.sha256)
    (reading,) = job.take([Upload("usage.csv", content)]).readings
    given = quarantine.csv_bytes(table, reading.problems)
    corrected = given.replace(b"2026-13", b"2026-02").replace(b"lots", b"3")
    again = job.read(Upload("corrected.csv", corrected))
    assert again.rows["subuser"].to_pylist() == ["b", "c"]
    assert not again.problems


def test_many_loads_are_shown_a_page_at_a_time(open_page: Open) -> None:
    for day in range(1, 13):
        load(f"{day}.csv", usage(f"a,2026-01,{day}"))
    app = open_page(PAGE)
    assert keys(app, "undo_") == [f"undo_{number}" for number in range(12, 2, -1)]


def test_the_last_loads_stand_on_add_files_with_their_undo(open_page: Open) -> None:
    for day in range(1, 6):
        load(f"{day}.csv", usage(f"a,2026-01,{day}"))
    app = open_page("add_files.py")
    assert keys(app, "undo_") == ["undo_5", "undo_4", "undo_3"]
    app.button(key="undo_5").click().run()
    assert live()[0] == "4.csv"


def test_names_from_files_are_never_rendered_as_markdown(open_page: Open) -> None:
    load("![x](http://example.org/x.png) **bold**.csv", usage("a,2026-01,1"))
    app = open_page(PAGE)
    app.button(key="undo_1").click().run()
    rendered = (app.markdown, app.caption, app.success)
    said = [str(each.value) for kind in rendered for each in kind]
    assert not [each for each in said if "![x](" in each]


def test_a_month_by_day_and_by_month_says_which_counts(open_page: Open) -> None:
    load("month.csv", usage("a,2026-01,40"))
    load("days.csv", usage("a,2026-01-01,1", "a,2026-01-02,2"))
    app = open_page("add_files.py")
    shown = app.dataframe[0].value
    assert list(shown["granularity"]) == ["The month"]
    overview = open_page("overview.py")
    assert not overview.exception
    load("all.csv", usage(*(f"a,2026-01-{day:02},1" for day in range(1, 32))))
    app.run()
    assert list(app.dataframe[0].value["granularity"]) == ["The days"]
