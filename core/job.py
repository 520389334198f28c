"""The job: files in, plan, load, matches, files out. Pages and commands call this."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core import scratch
from core.exports import folder
from core.files.table import TextTable, read_table
from core.matching import matches
from core.mongo import choice, csvexport, customers, source
from core.sources import bundle, quarantine, registry
from core.sources.mapping import MappingNeededError
from core.warehouse import (
    batches,
    decisions,
    layouts,
    originals,
    plans,
    settings,
    stand_ins,
)
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from core.exports.folder import Delivery
    from core.exports.report import Entry
    from core.files.upload import Upload
    from core.models import Choice, Reading
    from core.sources.mapping import Request
    from core.sources.registry import Mappings
    from core.warehouse.plans import LoadPlan
    from core.warehouse.settings import Settings


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be loaded, and why, in words for staff.

    request is set when it can be loaded once a person has told what it does not.
    """

    file: str
    message: str
    request: Request | None = None


@dataclass(frozen=True)
class Intake:
    """What a set of files held, in the order in which they were given.

    A workbook or a zip may give several readings, one for each sheet or file inside.
    """

    readings: tuple[Reading, ...]
    refusals: tuple[Refusal, ...]


def read(
    upload: Upload,
    *,
    provider: str | None = None,
    unit: str | None = None,
    mappings: Mappings | None = None,
) -> Reading:
    """Read one plain file of any kind, recognised by its content.

    provider, unit and mappings are of usage exports; see registry.of_table.

    Raises:
        AppError: The file is unreadable, unknown, or nothing to load.
    """
    if source.is_store(upload):
        return replace(read_customers(upload), original_sha256=upload.sha256)
    if registry.peek(upload) == "json":
        return customers.read(upload)
    table = read_table(upload)
    return _of_table(table, upload.sha256, provider, unit, mappings)


def _of_table(
    table: TextTable,
    sha256: str,
    provider: str | None,
    unit: str | None,
    mappings: Mappings | None,
) -> Reading:
    """Read a table of any kind, recognised by its header."""
    if csvexport.is_customers(table.header):
        return customers.read_table(quarantine.without_reason(table), sha256)
    return registry.of_table(
        table, sha256, provider=provider, unit=unit, mappings=mappings
    )


def read_all(
    upload: Upload,
    *,
    provider: str | None = None,
    unit: str | None = None,
    mappings: Mappings | None = None,
) -> tuple[Reading, ...]:
    """Read one file, or all that a workbook or a zip holds; otherwise as read.

    Raises:
        AppError: It, or a part of it, is unreadable, unknown, or nothing to load.
    """
    found = _bundle(upload, provider, unit, mappings)
    for failure in found.failures:
        raise failure.error
    return found.readings


def take_one(
    upload: Upload,
    *,
    provider: str | None = None,
    unit: str | None = None,
    mappings: Mappings | None = None,
) -> Intake:
    """Read as read_all, but tell of a part that fails beside those that do not."""
    found = _bundle(upload, provider, unit, mappings)
    return Intake(found.readings, tuple(map(_refusal, found.failures)))


def _bundle(
    upload: Upload, provider: str | None, unit: str | None, mappings: Mappings | None
) -> bundle.Bundle:
    """Read all parts of an upload, each by its content."""

    def read_part(content: Upload | TextTable, sha256: str) -> Reading:
        if isinstance(content, TextTable):
            return _of_table(content, sha256, provider, unit, mappings)
        return read(content, provider=provider, unit=unit, mappings=mappings)

    if source.is_store(upload):
        # A packed dump is one thing, whatever files it holds.
        return bundle.read_whole(upload, read_part)
    return bundle.read_all(upload, read_part)


def _refusal(failure: bundle.Failure) -> Refusal:
    error = failure.error
    request = error.request if isinstance(error, MappingNeededError) else None
    return Refusal(failure.file, str(error), request)


def read_customers(
    where: str | Path | Upload,
    *,
    database: str | None = None,
    collection: str | None = None,
) -> Reading:
    """Read customers out of a file, a folder or a server.

    The collection is the one named, else the one that most likely holds customers.

    Raises:
        AppError: The source is unreadable, or it is not clear which collection.
    """
    opened = source.open_source(where)
    try:
        name = choice.of_source(opened, database=database, collection=collection)
        return customers.from_source(opened, name)
    finally:
        opened.close()


def take(
    uploads: Sequence[Upload], reader: Callable[[Upload], Intake] = take_one
) -> Intake:
    """Read files one by one; a file that fails stops none of the others."""
    found = [reader(upload) for upload in uploads]
    return Intake(
        tuple(reading for intake in found for reading in intake.readings),
        tuple(refusal for intake in found for refusal in intake.refusals),
    )


def open_warehouse(path: Path) -> Warehouse:
    """Open a warehouse file, clear away what a kill left, and finish what it cut off.

    Raises:
        WarehouseError: The file is in use, unreadable, or of a newer product.
    """
    scratch.sweep(None, path.parent)
    warehouse = Warehouse(path)
    originals.sweep(warehouse)
    matches.refresh(warehouse)
    stand_ins.refresh(warehouse)
    return warehouse


def load(
    warehouse: Warehouse,
    plan: LoadPlan,
    *,
    now: datetime,
    by: str,
    uploads: Sequence[Upload] = (),
    is_confirmed: bool = False,
) -> tuple[int, ...]:
    """Commit a plan and match again; return the ids of the new batches.

    uploads are the files of the plan; their bytes are kept beside the warehouse.
    is_confirmed is a person's word that the guards that stop may be passed. Whatever
    ends it early leaves nothing behind.

    Raises:
        ForbiddenError: The actor of the warehouse is a viewer; nothing was loaded.
        UnconfirmedError: A guard stops the load; nothing was loaded.
        PlanOutdatedError: The data changed since the plan was made.
        WarehouseError: The files or the rows cannot be written; nothing was loaded.
    """
    needed = {
        file.reading.original_sha256 or file.reading.sha256 for file in plan.needed
    }
    files = [upload for upload in uploads if upload.sha256 in needed]
    # One turn for the files and the rows: of two loads of one file, the one that fails
    # must not take away what the other has found kept.
    with (
        warehouse.turn(),
        originals.keeping(warehouse, files),
        warehouse.whole() as inside,
    ):
        made = plans.commit(inside, plan, now=now, by=by, is_confirmed=is_confirmed)
        matches.refresh(inside)
        stand_ins.refresh(inside)
    return made


def undo(warehouse: Warehouse, batch_id: int, *, now: datetime, by: str) -> None:
    """Withdraw a batch and match again.

    Raises:
        OptionError: There is no such live batch.
    """
    with warehouse.whole() as inside:
        batches.undo(inside, batch_id, now=now, by=by)
        matches.refresh(inside)


def build(
    warehouse: Warehouse,
    readings: Sequence[Reading],
    delivery: Delivery,
    *,
    now: datetime,
    by: str,
    is_confirmed: bool = False,
) -> Entry:
    """Load readings and write all download files into a folder; return the report.

    Raises:
        AppError: Something cannot be loaded or written; the folder is as it was.
    """
    if readings:
        plan = plans.plan(warehouse, readings)
        load(warehouse, plan, now=now, by=by, is_confirmed=is_confirmed)
    return folder.write(warehouse, readings, delivery)


def decide(
    warehouse: Warehouse, choices: Sequence[Choice], *, now: datetime, by: str
) -> tuple[int, ...]:
    """Record whose some subusers are, all or nothing, and match again.

    Returns:
        The ids of the decisions.

    Raises:
        OptionError: No customer has one of the emails; nothing was recorded.
    """
    with warehouse.whole() as inside:
        made = decisions.decide(inside, choices, now=now, by=by)
        matches.refresh(inside)
    return made


def undo_decisions(
    warehouse: Warehouse, decision_ids: Sequence[int], *, now: datetime, by: str
) -> None:
    """Make decisions as if they had never been, and match again.

    Raises:
        OptionError: One of them is withdrawn already; nothing was changed.
    """
    with warehouse.whole() as inside:
        decisions.undo(inside, decision_ids, now=now, by=by)
        matches.refresh(inside)


def take_back(
    warehouse: Warehouse, decision_id: int, *, now: datetime, by: str
) -> None:
    """Withdraw a decision and match again.

    Raises:
        OptionError: There is no such decision, or it is withdrawn already.
    """
    with warehouse.whole() as inside:
        decisions.withdraw(inside, decision_id, now=now, by=by)
        matches.refresh(inside)


def configure(
    warehouse: Warehouse, chosen: Settings, *, now: datetime, by: str
) -> None:
    """Save the settings of the shop and match again.

    Raises:
        OptionError: A setting has a value that it cannot have.
    """
    with warehouse.whole() as inside:
        settings.save(inside, chosen, now=now, by=by)
        matches.refresh(inside)


def known_provider(warehouse: Warehouse, reading: Reading) -> str:
    """Name the provider of a file: as staff chose for its layout, else as it says.

    Empty where neither does.
    """
    remembered = layouts.find(warehouse, reading.header_signature)
    told = reading.provider if reading.is_provider_told else ""
    return (remembered.provider if remembered else "") or told
