"""Changes at the same time: one after the other, each against what it was made for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from core import job, progress
from core.errors import PlanOutdatedError
from core.exports import downloads
from core.exports.edition import Format
from core.files.upload import Upload
from core.models import Choice, NoCustomer
from core.warehouse import audit, batches, originals, plans, settings
from core.warehouse.turn import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from core.warehouse.plans import LoadPlan
    from core.warehouse.store import Warehouse

    Change = Callable[[Warehouse], object]


def upload(name: str, gb: int) -> Upload:
    text = f"Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,{gb}\nbobzz,2024-02,{gb}\n"
    return Upload(name, text.encode())


FIRST, SECOND = upload("first.csv", 1), upload("second.csv", 2)
CUSTOMERS = Upload("c.json", b'[{"email": "bob@example.com", "oxyUsername": "bob"}]')
STATE = ("usage_month", "match", "match_state", "decision", "setting")
"""Tables that a change of any kind shows in."""


@pytest.fixture
def shop(tmp_path: Path, now: datetime) -> Iterator[Warehouse]:
    with job.open_warehouse(tmp_path / "w.duckdb") as opened:
        load([FIRST, CUSTOMERS], now)(opened)
        yield opened


def planned(shop: Warehouse, uploads: list[Upload]) -> LoadPlan:
    return plans.plan(shop, job.take(uploads).readings)


def load(uploads: list[Upload], now: datetime) -> Change:
    """Plan and load at once."""

    def change(shop: Warehouse) -> None:
        plan = planned(shop, uploads)
        job.load(shop, plan, now=now, by="ann", uploads=uploads)

    return change


def changes(now: datetime) -> dict[str, Change]:
    """Give what a second person may do while the first one loads."""
    choice = Choice("ann", None, NoCustomer.TEST)
    cleaned = settings.Settings(time_zone="Europe/Berlin", cleaning_rules=())
    return {
        "undo": lambda shop: job.undo(shop, 1, now=now, by="bob"),
        "decide": lambda shop: job.decide(shop, [choice], now=now, by="bob"),
        "configure": lambda shop: job.configure(shop, cleaned, now=now, by="bob"),
        "load": load([upload("third.csv", 3)], now),
    }


def during(first: Change, second: Change, shop: Warehouse) -> list[str]:
    """Let one change begin while the other is in the middle; return what it is told.

    The first goes on when the second waits, or has ended without waiting.
    """
    told: list[str] = []
    waits = threading.Event()
    others: list[threading.Thread] = []

    def hear(_: float, words: str) -> None:
        if words == WAITING:
            told.append(words)
            waits.set()

    def run() -> None:
        with progress.heard(hear):
            second(shop)
        waits.set()

    def at(_: float, words: str) -> None:
        if words.startswith("storing") and not others:
            others.append(threading.Thread(target=run))
            others[0].start()
            assert waits.wait(60)

    with progress.heard(at):
        first(shop)
    others[0].join(60)
    return told


def state(shop: Warehouse) -> tuple[bytes, list[str]]:
    """Return all downloads, and who did what, newest first."""
    done = [f"{deed.done_by} {deed.action}" for deed in audit.deeds(shop)]
    return downloads.whole(shop, Format.CSV), done


@pytest.mark.parametrize("name", ["undo", "decide", "configure", "load"])
def test_a_change_during_a_load_waits_and_is_told_and_both_count(
    name: str, shop: Warehouse, now: datetime, tmp_path: Path
) -> None:
    loading, change = load([SECOND], now), changes(now)[name]
    with job.open_warehouse(tmp_path / "other.duckdb") as other:
        for each in (load([FIRST, CUSTOMERS], now), loading, change):
            each(other)
        one_after_the_other = state(other)

    told = during(loading, change, shop)

    assert WAITING in told
    assert state(shop) == one_after_the_other


@pytest.mark.parametrize("name", ["undo", "decide", "configure", "load"])
def test_a_plan_made_before_any_change_is_not_loaded(
    name: str, shop: Warehouse, now: datetime
) -> None:
    plan = planned(shop, [SECOND])
    changes(now)[name](shop)
    before = state(shop)

    with pytest.raises(PlanOutdatedError):
        job.load(shop, plan, now=now, by="ann", uploads=[SECOND])

    assert state(shop) == before
    assert not originals.is_kept(shop, SECOND.sha256)
    anew = planned(shop, [SECOND])
    assert anew.version == plan.version + 1
    job.load(shop, anew, now=now, by="ann", uploads=[SECOND])


def test_of_two_loads_of_one_file_one_is_outdated_and_its_bytes_stay(
    shop: Warehouse, now: datetime
) -> None:
    plan, refused = planned(shop, [SECOND]), []

    def stale(shop: Warehouse) -> None:
        try:
            job.load(shop, plan, now=now, by="bob", uploads=[SECOND])
        except PlanOutdatedError as error:
            refused.append(error)

    def first(shop: Warehouse) -> None:
        job.load(shop, plan, now=now, by="ann", uploads=[SECOND])

    during(first, stale, shop)

    assert len(refused) == 1
    assert [each.loaded_by for each in batches.history(shop)] == ["ann"] * 3
    assert originals.content(shop, SECOND.sha256) == SECOND.content


def test_who_only_reads_does_not_wait(shop: Warehouse, now: datetime) -> None:
    seen = []
    before = downloads.whole(shop, Format.PARQUET)

    def read(shop: Warehouse) -> None:
        seen.append(downloads.whole(shop, Format.PARQUET))

    assert during(load([SECOND], now), read, shop) == []
    assert seen == [before]
