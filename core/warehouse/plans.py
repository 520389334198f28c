"""Load plans: what a set of files would change, and the commit of exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.actors import Action, Deed, named
from core.errors import PlanOutdatedError, UnconfirmedError
from core.models import Kind, Reading
from core.progress import tell
from core.warehouse import (
    batches,
    customer_guards,
    differences,
    effects,
    guards,
    layouts,
    revenues,
)
from core.warehouse.store import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import duckdb

    from core.warehouse.differences import MonthChange, RowChange
    from core.warehouse.guards import Guard
    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class FilePlan:
    """What loading one file would do.

    changes are by month; largest are the rows that change most. guards are what a
    person should look at first; those that stop must be confirmed. loaded_at is set
    when a live batch holds this very content: nothing to do then. repeats names an
    earlier file of the same plan with the same content. replaces is the live load of
    this content that was read otherwise: it is withdrawn by the load.
    """

    reading: Reading
    changes: tuple[MonthChange, ...] = ()
    largest: tuple[RowChange, ...] = ()
    guards: tuple[Guard, ...] = ()
    loaded_at: datetime | None = None
    repeats: str = ""
    replaces: int | None = None

    @property
    def is_needed(self) -> bool:
        """Tell whether a load would store this file."""
        return self.loaded_at is None and not self.repeats

    @property
    def rows_new(self) -> int:
        """Rows whose key is not loaded yet."""
        return sum(change.rows_new for change in self.changes)

    @property
    def rows_changed(self) -> int:
        """Rows that replace a loaded row that says something else."""
        return sum(change.rows_changed for change in self.changes)

    @property
    def rows_same(self) -> int:
        """Rows that say what is loaded already."""
        return sum(change.rows_same for change in self.changes)

    @property
    def rows_missing(self) -> int:
        """Loaded rows of the file's months that the file does not have; they stay."""
        return sum(change.rows_missing for change in self.changes)

    @property
    def stops(self) -> tuple[Guard, ...]:
        """Guards that stop the load until a person confirms it."""
        return tuple(guard for guard in self.guards if guard.is_stop)


@dataclass(frozen=True)
class LoadPlan:
    """What a set of files would change, in the order in which they would be loaded.

    version is the state of the warehouse that the plan was made against.
    """

    files: tuple[FilePlan, ...]
    version: int

    @property
    def needed(self) -> tuple[FilePlan, ...]:
        """The files that a load would store."""
        return tuple(file for file in self.files if file.is_needed)

    @property
    def stops(self) -> tuple[Guard, ...]:
        """Guards of all needed files that stop the load until confirmed."""
        return tuple(guard for file in self.needed for guard in file.stops)


def plan(warehouse: Warehouse, readings: Sequence[Reading]) -> LoadPlan:
    """Say what loading these files would change; stores nothing.

    Files are taken in an order of their content alone: by kind, by the last period
    covered, by size, so that the newest export has the last word however they were
    dropped.
    """
    ordered = sorted(readings, key=_precedence)
    with warehouse.rehearsing() as cursor:
        version = number(cursor, "SELECT version FROM state")
        files: list[FilePlan] = []
        for index, reading in enumerate(ordered):
            file = _file_plan(cursor, reading, files)
            files.append(file)
            if file.is_needed and _is_followed(reading, ordered[index + 1 :]):
                batches.apply(cursor, reading, batch_id=-1 - index)
    return LoadPlan(tuple(files), version)


def commit(
    warehouse: Warehouse,
    plan: LoadPlan,
    *,
    now: datetime,
    by: str,
    is_confirmed: bool = False,
) -> tuple[int, ...]:
    """Store the files of a plan in one transaction; return their batch ids.

    Args:
        warehouse: Where to store.
        plan: As returned by plan(), for this warehouse.
        now: The time of the load, UTC without a zone.
        by: Who loads.
        is_confirmed: A person has looked at the guards that stop, and says go.

    Raises:
        UnconfirmedError: A guard stops the load; nothing was stored.
        PlanOutdatedError: The warehouse changed since; nothing was stored.
    """
    if not plan.needed:
        return ()
    if plan.stops and not is_confirmed:
        raise UnconfirmedError([guard.words for guard in plan.stops])
    files = named([file.reading.file for file in plan.needed])
    with warehouse.writing(Deed(Action.LOAD, files, now, by)) as cursor:
        if number(cursor, "SELECT version FROM state") != plan.version:
            raise PlanOutdatedError
        batch_ids = []
        for at, file in enumerate(plan.needed):
            part = 0.1 + 0.7 * at / len(plan.needed)
            tell(part, f"storing {file.reading.file}")
            batch_ids.append(_store(cursor, file, now, by))
        tell(0.8, "making the figures")
        revenues.refresh(cursor, {file.reading.kind for file in plan.needed})
        return tuple(batch_ids)


def _precedence(reading: Reading) -> tuple[str, str, int, str, str]:
    first_last = period_bounds(reading)
    last = "" if first_last is None else first_last[1].isoformat()
    rows = reading.rows.num_rows
    return (reading.kind, last, rows, reading.sha256, reading.provider)


def _is_followed(reading: Reading, later: Sequence[Reading]) -> bool:
    return any(other.kind == reading.kind for other in later)


def _file_plan(
    cursor: duckdb.DuckDBPyConnection, reading: Reading, earlier: list[FilePlan]
) -> FilePlan:
    for other in earlier:
        same = other.reading
        if (same.sha256, same.provider) == (reading.sha256, reading.provider):
            return FilePlan(reading, repeats=same.file)
    twins = batches.twins(cursor, reading)
    own = next((each for each in twins if each.provider == reading.provider), None)
    if own is not None and own.is_same:
        return FilePlan(reading, loaded_at=own.loaded_at)
    if own is not None:
        batches.withdraw(cursor, own.batch_id, now=own.loaded_at, by="")
    changes, largest = differences.against(cursor, reading)
    return FilePlan(
        reading,
        changes,
        largest,
        (
            *guards.of_twins(reading, twins),
            *guards.of_usage(cursor, reading, changes),
            *customer_guards.of_customers(cursor, reading),
        ),
        replaces=own.batch_id if own else None,
    )


def _store(
    cursor: duckdb.DuckDBPyConnection, file: FilePlan, now: datetime, by: str
) -> int:
    if file.replaces is not None:
        batches.withdraw(cursor, file.replaces, now=now, by=by)
    counts = (file.rows_new, file.rows_changed, file.rows_same)
    bounds = period_bounds(file.reading)
    batch_id = batches.insert(cursor, file.reading, bounds, counts, now=now, by=by)
    batches.apply(cursor, file.reading, batch_id=batch_id)
    effects.insert(cursor, batch_id, file.changes)
    layouts.remember_provider(cursor, file.reading, now=now, by=by)
    return batch_id


def period_bounds(reading: Reading) -> tuple[date, date] | None:
    """Return the first and last day or month with a row; None without dates or rows."""
    columns = _DATED.get(reading.kind, ())
    if not columns or not reading.rows.num_rows:
        return None
    first, last = columns
    rows = reading.rows
    return (
        pc.min(rows[first].cast(pa.date32(), safe=False)).as_py(),
        pc.max(rows[last].cast(pa.date32(), safe=False)).as_py(),
    )


_DATED: Final = {
    Kind.USAGE: ("period_start", "period_start"),
    Kind.STRIPE_LEDGER: ("created_at", "created_at"),
    Kind.STRIPE_PAYMENTS: ("created_at", "created_at"),
    Kind.STRIPE_SUMMARY: ("first_day", "last_day"),
}
"""Columns of the first and the last day, by kind."""
