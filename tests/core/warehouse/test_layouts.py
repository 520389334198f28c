"""What is remembered of headers, and the guard on columns that change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core import job
from core.errors import OptionError
from core.files.upload import Upload
from core.sources.mapping import MappingNeededError, Request
from core.warehouse import layouts, plans

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse

UNKNOWN = "Ref,Cycle,Volume\nann,2024-03,512\n"


def upload(text: str) -> Upload:
    return Upload("usage.csv", text.encode())


def asked(text: str) -> Request:
    with pytest.raises(MappingNeededError) as raised:
        job.read(upload(text))
    return raised.value.request


def load(warehouse: Warehouse, text: str, now: datetime) -> plans.LoadPlan:
    reading = job.read(upload(text), mappings=layouts.mappings(warehouse))
    plan = plans.plan(warehouse, [reading])
    job.load(warehouse, plan, now=now, by="ann")
    return plan


def test_header_chosen_once_asks_nothing_again(
    warehouse: Warehouse, now: datetime
) -> None:
    request = asked(UNKNOWN)
    mapping = replace(request.proposal, unit="MB", provider="Acme", period_text="x")
    layouts.save(warehouse, request, mapping, now=now, by="ann")
    second = upload("ref;CYCLE;volume\nbob;2024-04;1024\n")
    reading = job.read(second, mappings=layouts.mappings(warehouse))
    assert (reading.provider, reading.unit_rule) == ("Acme", "chosen by hand")
    assert [str(row["usage_gb"].normalize()) for row in reading.rows.to_pylist()] == [
        "1"
    ]
    found = layouts.find(warehouse, request.header_signature)
    assert found is not None
    assert found.mapping == replace(mapping, period_text="")
    assert (found.header, found.file) == (("Ref", "Cycle", "Volume"), "usage.csv")
    assert (found.saved_at, found.saved_by) == (now, "ann")


def test_forgotten_header_is_asked_about_again(
    warehouse: Warehouse, now: datetime
) -> None:
    request = asked(UNKNOWN)
    layouts.save(warehouse, request, request.proposal, now=now, by="ann")
    layouts.forget(warehouse, request.header_signature, now=now, by="t")
    assert layouts.everything(warehouse) == ()
    with pytest.raises(OptionError, match="Nothing is remembered"):
        layouts.forget(warehouse, request.header_signature, now=now, by="t")


def test_load_remembers_the_provider_and_keeps_the_columns(
    warehouse: Warehouse, now: datetime
) -> None:
    request = asked(UNKNOWN)
    mapping = replace(request.proposal, unit="MB", provider="Acme")
    layouts.save(warehouse, request, mapping, now=now, by="ann")
    load(warehouse, UNKNOWN, now)
    [layout] = layouts.everything(warehouse)
    assert (layout.provider, layout.mapping) == ("Acme", mapping)


def test_recognised_header_is_remembered_with_its_provider_alone(
    warehouse: Warehouse, now: datetime
) -> None:
    text = "Subuser,Date,Usage (GB)\nann,2024-03,1\n"
    reading = job.read(upload(text), provider="Second")
    plan = plans.plan(warehouse, [reading])
    job.load(warehouse, plan, now=now, by="ann")
    assert layouts.mappings(warehouse) == {}
    assert job.known_provider(warehouse, job.read(upload(text))) == "Second"


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("Subuser,Date,Bandwidth Usage (GB),Country", "ann,2024-04,1,xx",
         "New columns: country. Is it still the same export?"),
        ("Subuser,Date,Bandwidth Usage (MB)", "ann,2024-04,1024",
         "New columns: bandwidth usage mb. Columns gone: bandwidth usage gb. Is it"),
        ("Subuser,Date,Bandwidth Usage (GB)", "ann,2024-04,1", ""),
    ],
)  # fmt: skip
def test_changed_columns_of_a_provider_are_told(
    header: str, row: str, told: str, warehouse: Warehouse, now: datetime
) -> None:
    load(warehouse, "Subuser,Date,Bandwidth Usage (GB)\nann,2024-03,1\n", now)
    plan = load(warehouse, f"{header}\n{row}\n", now)
    words = " ".join(guard.words for guard in plan.files[0].guards)
    assert told in words
    assert bool(told) == ("columns" in words.lower())


def test_intake_carries_what_must_be_told(warehouse: Warehouse) -> None:
    intake = job.take([upload(UNKNOWN)])
    requests = [refusal.request for refusal in intake.refusals]
    assert requests == [asked(UNKNOWN)]
    assert warehouse.version() == 0


def test_hours_are_counted_as_rows_of_the_file(
    warehouse: Warehouse, now: datetime
) -> None:
    text = "login,time,bytes\nann,2024-03-01 10:00,5\nann,2024-03-01 11:00,6\n"
    load(warehouse, text, now)
    [batch] = job.batches.history(warehouse)
    assert (batch.rows_read, batch.rows_kept, batch.rows_refused) == (2, 2, 0)
    assert batch.rows_new == 1
