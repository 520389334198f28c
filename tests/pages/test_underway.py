"""Work under way: seen by others, told to whoever comes back, once."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest

from core.errors import PlanOutdatedError
from pages.parts import cache, underway
from pages.parts.text import as_text

if TYPE_CHECKING:
    from conftest import Open
    from streamlit.testing.v1 import AppTest

ANN = "ann@example.com"
ME = "test@example.com"
USAGE = b"Subuser,Date,Bandwidth Usage (GB)\na,2026-01,1\n"


@pytest.fixture(autouse=True)
def open_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one other visit be open; AppTest's server knows none."""
    monkeypatch.setattr(underway, "_is_open", lambda visit: visit == "open")


def begun(by: str, *, visit: str = "closed", place: str = "load") -> Future[None]:
    """Let somebody's work be under way in another visit; return its end."""
    end: Future[None] = Future()
    steps = [(0.3, "storing a_b.csv")]
    work = underway.Work(
        "Loading 3 files", by, visit, place, lambda: "Loaded 3 files.", steps, end
    )
    cache.underway().append(work)
    return end


def told(app: AppTest) -> list[str]:
    return [each.value for each in (*app.success, *app.error)]


def test_a_load_of_another_is_shown_and_the_plan_follows_it(open_page: Open) -> None:
    end = begun(ANN)
    app = open_page("add_files.py")
    app.file_uploader(key="files").set_value([("u.csv", USAGE, "text/csv")]).run()

    assert as_text(f"{ANN} is changing the data") in app.info[0].value
    assert as_text("storing a_b.csv") in app.info[0].value
    assert [each.key for each in app.button if each.key == "load"] == []
    assert underway.waiting("Matching again...") == f"Waiting for {ANN}: " + (
        "Loading 3 files..."
    )

    end.set_result(None)
    app.run()
    assert not app.info
    assert underway.waiting("Matching again...") == "Matching again..."
    app.button(key="load").click().run()
    assert told(app)[0].startswith("Loaded 1 file")
    # What ann did is told to ann.
    assert len(cache.underway()) == 1


@pytest.mark.usefixtures("loaded_shop")
def test_the_history_stays_while_another_changes_it(open_page: Open) -> None:
    begun(ANN)
    app = open_page("history.py")
    assert as_text(ANN) in app.info[0].value
    assert len(app.expander) == 4


@pytest.mark.parametrize("script", ["add_files.py", "history.py"])
@pytest.mark.usefixtures("loaded_shop")
def test_who_closed_the_page_is_told_the_end_on_return_and_once(
    open_page: Open, script: str
) -> None:
    place = "load" if script == "add_files.py" else "loads"
    begun(ME, place=place).set_result(None)
    assert told(open_page(script)) == ["Loaded 3 files\\."]
    assert told(open_page(script)) == []

    begun(ME, place=place).set_exception(PlanOutdatedError())
    assert told(open_page(script)) == [as_text(str(PlanOutdatedError()))]
    assert cache.underway() == []


def test_work_in_a_page_that_is_open_is_not_told_elsewhere(open_page: Open) -> None:
    begun(ME, visit="open").set_result(None)
    begun(ME, visit="open")

    app = open_page("add_files.py")

    assert told(app) == []
    assert as_text(f"{ME} is changing the data") in app.info[0].value


def test_ends_that_nobody_asks_for_are_not_kept_for_ever(open_page: Open) -> None:
    ends = [begun(ANN) for _ in range(underway.MOST_UNTOLD + 2)]
    for end in ends[:-1]:
        end.set_result(None)
    app = open_page("add_files.py")
    kept = len(cache.underway())
    assert kept == len(ends)
    ends[-1].set_result(None)
    app.file_uploader(key="files").set_value([("u.csv", USAGE, "text/csv")]).run()
    app.button(key="load").click().run()
    assert len(cache.underway()) == underway.MOST_UNTOLD
