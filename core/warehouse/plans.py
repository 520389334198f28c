"""Load plans: what a set of files would change, and the commit of exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import PlanOutdatedError
from core.models import Kind, Reading
from core.warehouse import batches
from core.warehouse.entities import ENTITIES
from core.warehouse.store import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import duckdb

    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class MonthChange:
    """What one file changes in one month and currency, against what is loaded.

    Amounts are GB for usage, minor units of the currency for Stripe (net of a ledger
    row, amount of a paid payment), 0 for customers. month is None for customers.
    """

    month: date | None
    currency: str
    rows_new: int
    rows_changed: int
    rows_same: int
    amount_new: Decimal
    amount_changed_before: Decimal
    amount_changed_after: Decimal
    amount_same: Decimal


@dataclass(frozen=True)
class FilePlan:
    """What loading one file would do.

    loaded_at is set when a live batch holds this very content: nothing to do then.
    repeats names an earlier file of the same plan with the same content.
    """

    reading: Reading
    changes: tuple[MonthChange, ...] = ()
    loaded_at: datetime | None = None
    repeats: str = ""

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
    warehouse: Warehouse, plan: LoadPlan, *, now: datetime, by: str
) -> tuple[int, ...]:
    """Store the files of a plan in one transaction; return their batch ids.

    Args:
        warehouse: Where to store.
        plan: As returned by plan(), for this warehouse.
        now: The time of the load, UTC without a zone.
        by: Who loads.

    Raises:
        PlanOutdatedError: The warehouse changed since; nothing was stored.
    """
    if not plan.needed:
        return ()
    with warehouse.writing() as cursor:
        if number(cursor, "SELECT version FROM state") != plan.version:
            raise PlanOutdatedError
        return tuple(_store(cursor, file, now, by) for file in plan.needed)


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
    loaded_at = batches.loaded_at(cursor, reading)
    if loaded_at is not None:
        return FilePlan(reading, loaded_at=loaded_at)
    return FilePlan(reading, _changes(cursor, reading))


def _changes(
    cursor: duckdb.DuckDBPyConnection, reading: Reading
) -> tuple[MonthChange, ...]:
    entity = ENTITIES[reading.kind]
    shape = (
        f"SELECT {entity.keys}, {entity.compared} AS said, {entity.month} AS month, "
        f"{entity.currency} AS currency, {entity.measure} AS amount "
    )
    cursor.register("incoming", batches.incoming(reading))
    rows = cursor.execute(
        f"WITH after AS ({shape} FROM incoming GROUP BY {entity.keys}), "
        f"before AS ({shape} FROM {entity.current} SEMI JOIN incoming "
        f"USING ({entity.keys}) GROUP BY {entity.keys}), "
        "pairs AS (SELECT after.month, after.currency, after.amount, "
        "before.amount AS amount_before, "
        "CASE WHEN before.said IS NULL THEN 'new' "
        "WHEN before.said IS DISTINCT FROM after.said THEN 'changed' "
        "ELSE 'same' END AS fate "
        f"FROM after LEFT JOIN before USING ({entity.keys})) "
        "SELECT month, currency, count(*) FILTER (fate = 'new'), "
        "count(*) FILTER (fate = 'changed'), count(*) FILTER (fate = 'same'), "
        "coalesce(sum(amount) FILTER (fate = 'new'), 0), "
        "coalesce(sum(amount_before) FILTER (fate = 'changed'), 0), "
        "coalesce(sum(amount) FILTER (fate = 'changed'), 0), "
        "coalesce(sum(amount) FILTER (fate = 'same'), 0) "
        "FROM pairs GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    cursor.unregister("incoming")
    return tuple(_month_change(row) for row in rows)


def _month_change(row: tuple[object, ...]) -> MonthChange:
    month, currency, new, changed, same, *amounts = row
    return MonthChange(
        month,  # type: ignore[arg-type]
        str(currency),
        int(str(new)),
        int(str(changed)),
        int(str(same)),
        *(Decimal(str(amount)) for amount in amounts),
    )


def _store(
    cursor: duckdb.DuckDBPyConnection, file: FilePlan, now: datetime, by: str
) -> int:
    counts = (file.rows_new, file.rows_changed, file.rows_same)
    bounds = period_bounds(file.reading)
    batch_id = batches.insert(cursor, file.reading, bounds, counts, now=now, by=by)
    batches.apply(cursor, file.reading, batch_id=batch_id)
    if file.reading.header_signature and file.reading.provider:
        cursor.execute(
            "INSERT OR REPLACE INTO layout VALUES (?, ?)",
            [file.reading.header_signature, file.reading.provider],
        )
    return batch_id


def period_bounds(reading: Reading) -> tuple[date, date] | None:
    """Return the first and last day or month with a row; None without dates or rows."""
    column = {Kind.USAGE: "period_start", Kind.CUSTOMERS: None}.get(
        reading.kind, "created_at"
    )
    if column is None or not reading.rows.num_rows:
        return None
    bounds = pc.min_max(reading.rows[column].cast(pa.date32(), safe=False)).as_py()
    return bounds["min"], bounds["max"]
