"""Roles: a viewer changes nothing, by whatever function of core."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core import job
from core.actors import Actor, Role
from core.errors import ForbiddenError
from core.files.upload import Upload
from core.models import Choice
from core.mongo.rows import CustomerFields
from core.sources.mapping import Mapping, Request
from core.warehouse import (
    audit,
    batches,
    costs,
    customer_fields,
    decisions,
    labels,
    layouts,
    notes,
    originals,
    plans,
    rates,
    settings,
)
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from conftest import Make

    Write = Callable[[Warehouse, datetime, "Make"], object]

CORE = Path(job.__file__).parent
PRICE = costs.Price("Oxylabs", date(2026, 1, 1), Decimal(1), "usd")
FILE = Upload("usage.csv", b"Subuser,Date,Bandwidth Usage (GB)\nann,2026-01,1\n")
REQUEST = Request("a.csv", "0", ("a",), "a", (), Mapping(), ())


def plan(warehouse: Warehouse, make: Make) -> plans.LoadPlan:
    return plans.plan(warehouse, [make.usage([("bob", "2026-01", "1")])])


WRITES: dict[str, Write] = {
    "batches.undo": lambda w, now, _: batches.undo(w, 1, now=now, by="v"),
    "costs.save": lambda w, now, _: costs.save(w, PRICE, now=now, by="v"),
    "costs.remove": lambda w, now, _: costs.remove(w, 1, now=now, by="v"),
    "customer_fields.save": lambda w, now, _: customer_fields.save(
        w, ["email"], CustomerFields(), now=now, by="v"
    ),
    "decisions.decide": lambda w, now, _: decisions.decide(
        w, [Choice("ann", None)], now=now, by="v"
    ),
    "decisions.withdraw": lambda w, now, _: decisions.withdraw(w, 1, now=now, by="v"),
    "decisions.undo": lambda w, now, _: decisions.undo(w, [1], now=now, by="v"),
    "labels.add": lambda w, now, _: labels.add(w, "ann", None, now=now, by="v"),
    "labels.withdraw": lambda w, now, _: labels.withdraw(w, 1, now=now, by="v"),
    "layouts.save": lambda w, now, _: layouts.save(
        w, REQUEST, Mapping(), now=now, by="v"
    ),
    "layouts.forget": lambda w, now, _: layouts.forget(w, "a", now=now, by="v"),
    "notes.save": lambda w, now, _: notes.save(
        w, "a@example.com", "x", now=now, by="v"
    ),
    "originals.keep": lambda w, _, __: originals.keep(w, FILE),
    "plans.commit": lambda w, now, make: plans.commit(
        w, plan(w, make), now=now, by="v"
    ),
    "rates.save": lambda w, now, _: rates.save(
        w, date(2026, 1, 1), ("eur", "usd"), Decimal(1), now=now, by="v"
    ),
    "rates.remove": lambda w, now, _: rates.remove(w, 1, now=now, by="v"),
    "settings.save": lambda w, now, _: settings.save(
        w, settings.Settings(), now=now, by="v"
    ),
    "job.load": lambda w, now, make: job.load(
        w, plan(w, make), now=now, by="v", uploads=[FILE]
    ),
    "job.undo": lambda w, now, _: job.undo(w, 1, now=now, by="v"),
    "job.decide": lambda w, now, _: job.decide(
        w, [Choice("ann", None)], now=now, by="v"
    ),
    "job.undo_decisions": lambda w, now, _: job.undo_decisions(w, [1], now=now, by="v"),
    "job.take_back": lambda w, now, _: job.take_back(w, 1, now=now, by="v"),
    "job.configure": lambda w, now, _: job.configure(
        w, replace(settings.Settings(), time_zone="Etc/GMT+5"), now=now, by="v"
    ),
}


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, make: Make, now: datetime
) -> Iterator[Warehouse]:
    """Keep a warehouse with one load and one decision."""
    path = tmp_path_factory.mktemp("roles") / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        loaded = plans.plan(warehouse, [make.usage([("ann", "2026-01", "1")])])
        job.load(warehouse, loaded, now=now, by="ann@example.com")
        job.decide(warehouse, [Choice("ann", None)], now=now, by="ann@example.com")
        yield warehouse


@pytest.mark.parametrize("name", WRITES)
def test_a_viewer_changes_nothing(
    name: str, shop: Warehouse, now: datetime, make: Make
) -> None:
    before = state(shop)
    seen = shop.acting_as(lambda: Actor("vera@example.org", Role.VIEWER))
    with pytest.raises(ForbiddenError, match="Nothing was changed; ask an editor"):
        WRITES[name](seen, now, make)
    assert state(shop) == before


def state(warehouse: Warehouse) -> tuple[object, ...]:
    """Take what any change would show in: version, audit, and files beside it."""
    assert warehouse.path is not None
    files = sorted(path.name for path in warehouse.path.parent.rglob("*.zst"))
    return warehouse.version(), audit.deeds(warehouse), files


def test_every_function_that_writes_is_tried() -> None:
    found = {
        f"{path.stem}.{function.name}"
        for path in (CORE / "warehouse").glob("*.py")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and path.stem != "store"
        if "warehouse.writing(" in ast.unparse(function)
    }
    assert found <= WRITES.keys()


def test_only_matches_and_stand_ins_are_written_without_a_person() -> None:
    users = {
        path.stem
        for path in CORE.rglob("*.py")
        if ".deriving(" in path.read_text("utf-8")
    }
    assert users == {"store", "matches", "stand_ins"}


def test_the_audit_is_only_ever_added_to() -> None:
    text = "".join(
        path.read_text("utf-8")
        for path in (CORE / "warehouse").rglob("*")
        if path.suffix in {".py", ".sql"}
    )
    assert "INTO deed" in text
    for verb in ("UPDATE deed", "DELETE FROM deed", "REPLACE INTO deed", "DROP"):
        assert f"{verb} TABLE deed" not in text
        assert verb == "DROP" or verb not in text


def test_deeds_say_what_was_done(shop: Warehouse) -> None:
    assert [
        (deed.action.value, deed.detail, deed.done_by) for deed in audit.deeds(shop)
    ] == [
        ("decision", "ann is no customer (no reason)", "ann@example.com"),
        ("load", "usage.csv", "ann@example.com"),
    ]
