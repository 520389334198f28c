"""Batches: loaded files, how their rows become current, and undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.actors import Action, Deed
from core.errors import OptionError
from core.models import Kind, Reading
from core.progress import tell
from core.warehouse import arrivals, months, revenues, spans
from core.warehouse.entities import ENTITIES, Entity
from core.warehouse.store import first, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import duckdb

    from core.warehouse.store import Warehouse

_COLUMNS: Final = (
    "batch_id, kind, file, sha256, original_sha256, layout, provider, unit, unit_rule, "
    "warnings, rows_read, rows_kept, rows_refused, rows_new, rows_changed, rows_same, "
    "period_first, period_last, loaded_at, loaded_by, withdrawn_at, withdrawn_by"
)


@dataclass(frozen=True)
class Batch:
    """One loaded file. Times are UTC without a zone; periods are inclusive days.

    original_sha256 names the uploaded file whose bytes are kept; see Reading.
    """

    batch_id: int
    kind: Kind
    file: str
    sha256: str
    original_sha256: str
    layout: str
    provider: str
    unit: str
    unit_rule: str
    warnings: tuple[str, ...]
    rows_read: int
    rows_kept: int
    rows_refused: int
    rows_new: int
    rows_changed: int
    rows_same: int
    period_first: date | None
    period_last: date | None
    loaded_at: datetime
    loaded_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None

    @property
    def is_live(self) -> bool:
        """Tell whether the batch counts."""
        return self.withdrawn_at is None


def history(warehouse: Warehouse) -> tuple[Batch, ...]:
    """List all batches, withdrawn ones included, newest first."""
    rows = warehouse.rows(f"SELECT {_COLUMNS} FROM batch ORDER BY batch_id DESC")
    return tuple(_batch(row) for row in rows)


def undo(warehouse: Warehouse, batch_id: int, *, now: datetime, by: str) -> None:
    """Withdraw a batch: everything is as if it had never come.

    Raises:
        OptionError: There is no such batch, or it is withdrawn already.
    """
    file = [str(file) for (file,) in warehouse.rows(_FILE, [batch_id])]
    deed = Deed(Action.UNDO, "; ".join(file), now, by)
    with warehouse.writing(deed) as cursor:
        tell(0.1, "bringing back what it had replaced")
        kind = withdraw(cursor, batch_id, now=now, by=by)
        tell(0.6, "making the figures")
        revenues.refresh(cursor, {kind})
        tell(0.7, "matching again")


def withdraw(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, *, now: datetime, by: str
) -> Kind:
    """Withdraw a batch inside a transaction; return its kind.

    Raises:
        OptionError: There is no such batch, or it is withdrawn already.
    """
    found = first(
        cursor,
        "UPDATE batch SET withdrawn_at = ?, withdrawn_by = ? "
        "WHERE batch_id = ? AND withdrawn_at IS NULL RETURNING kind",
        [now, by, batch_id],
    )
    if found is None:
        raise OptionError(f"There is no load {batch_id} that could be undone.")
    kind = Kind(str(found))
    _uncover(cursor, ENTITIES[kind], batch_id)
    return kind


_FILE: Final = "SELECT file FROM batch WHERE batch_id = ?"


def refused_rows(warehouse: Warehouse, batch_id: int) -> pa.Table:
    """Return the refused rows of a batch: line, column, value, reason; by line."""
    return warehouse.table(
        'SELECT line, "column", value, reason FROM refused_row '
        "WHERE batch_id = ? ORDER BY ALL",
        [batch_id],
    )


@dataclass(frozen=True)
class Twin:
    """A live load of the very content of a file, under its own provider or another.

    is_same tells that every row of it is a row of the file as it is read now.
    """

    batch_id: int
    provider: str
    loaded_at: datetime
    is_same: bool


def twins(cursor: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[Twin, ...]:
    """List the live loads of this content, the oldest first."""
    rows = cursor.execute(
        "SELECT batch_id, provider, loaded_at FROM batch WHERE sha256 = ? "
        "AND kind = ? AND withdrawn_at IS NULL ORDER BY batch_id",
        [reading.sha256, reading.kind],
    ).fetchall()
    return tuple(
        Twin(number, provider, at, _is_same(cursor, reading, number))
        for number, provider, at in rows
    )


def _is_same(
    cursor: duckdb.DuckDBPyConnection, reading: Reading, batch_id: int
) -> bool:
    """Tell whether a load of this content holds the rows that are read of it now."""
    if reading.kind is not Kind.USAGE:
        return True
    said = "subuser, period_start, granularity, usage_gb"
    loaded = f"SELECT {said} FROM usage_row WHERE batch_id = {batch_id}"
    cursor.register("incoming", reading.rows)
    other = number(
        cursor,
        f"SELECT count(*) FROM (({loaded} EXCEPT SELECT {said} FROM incoming) "
        f"UNION ALL (SELECT {said} FROM incoming EXCEPT {loaded}))",
    )
    cursor.unregister("incoming")
    return not other


def insert(
    cursor: duckdb.DuckDBPyConnection,
    reading: Reading,
    bounds: tuple[date, date] | None,
    counts: Sequence[int],
    *,
    now: datetime,
    by: str,
) -> int:
    """Record a batch with its refused rows; return its id.

    counts are the new, changed and same rows of the plan that was shown.
    """
    batch_id = number(cursor, "SELECT coalesce(max(batch_id), 0) + 1 FROM batch")
    values = [
        *(batch_id, reading.kind, reading.file, reading.sha256),
        *(reading.original_sha256 or reading.sha256, reading.layout),
        *(reading.provider, reading.unit, reading.unit_rule, list(reading.warnings)),
        *(reading.rows_read, reading.rows_kept, len(reading.problems), *counts),
        *(bounds or (None, None)),
        *(now, by, None, None),
    ]
    marks = ", ".join("?" for _ in values)
    cursor.execute(f"INSERT INTO batch ({_COLUMNS}) VALUES ({marks})", values)
    _insert_refused(cursor, batch_id, reading)
    spans.insert(cursor, reading, batch_id=batch_id)
    return batch_id


def apply(
    cursor: duckdb.DuckDBPyConnection, reading: Reading, *, batch_id: int
) -> None:
    """Store the rows of a file and make what they say hold for their keys."""
    entity = ENTITIES[reading.kind]
    with arrivals.arriving(cursor, reading, batch_id=batch_id) as arrival:
        if arrival.has_clash:
            held = (
                f"UPDATE {entity.rows} SET is_current = FALSE WHERE is_current AND"
                if entity.is_marked
                else f"DELETE FROM {entity.current} WHERE"
            )
            cursor.execute(
                f"{held} {arrival.reach} "
                f"AND ({entity.keys}) IN (SELECT ({entity.keys}) FROM incoming)"
            )
        if entity.is_marked:
            sent = f"SELECT *, TRUE FROM {arrival.sent}"
        else:
            sent = f"SELECT * FROM {arrival.sent}"
            holding = f"SELECT * FROM {arrival.holding}"
            cursor.execute(f"INSERT INTO {entity.current} {holding}")
        cursor.execute(f"INSERT INTO {entity.rows} {sent}")
    _refresh_months(cursor, entity, batch_id)


def _uncover(cursor: duckdb.DuckDBPyConnection, entity: Entity, batch_id: int) -> None:
    """Make hold, for the keys of a withdrawn batch, what the others say."""
    if entity.is_merged:
        _merge_others(cursor, entity, batch_id)
        return
    if entity.is_marked:
        _mark_others(cursor, entity, batch_id)
        _refresh_months(cursor, entity, batch_id)
        return
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE uncovered AS SELECT DISTINCT {entity.keys} "
        f"FROM {entity.current} WHERE batch_id = {batch_id}"
    )
    cursor.execute(f"DELETE FROM {entity.current} WHERE batch_id = {batch_id}")
    cursor.execute(
        f"INSERT INTO {entity.current} {arrivals.loaded_versions(entity, 'uncovered')} "
        f"QUALIFY r.batch_id = max(r.batch_id) OVER (PARTITION BY {entity.keys})"
    )
    cursor.execute("DROP TABLE uncovered")


def _mark_others(
    cursor: duckdb.DuckDBPyConnection, entity: Entity, batch_id: int
) -> None:
    """Mark what the newest of the other batches says, where the batch was marked."""
    rows, keys = entity.rows, entity.keys
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE uncovered AS SELECT {keys} FROM {rows} "
        f"WHERE batch_id = {batch_id} AND is_current"
    )
    cursor.execute(
        f"UPDATE {rows} SET is_current = FALSE "
        f"WHERE batch_id = {batch_id} AND is_current"
    )
    newest = (
        f"SELECT ({keys}, max(batch_id)) FROM {rows} "
        f"SEMI JOIN uncovered USING ({keys}) "
        f"WHERE batch_id <> {batch_id} AND {arrivals.LIVE} GROUP BY {keys}"
    )
    cursor.execute(
        f"UPDATE {rows} SET is_current = TRUE "
        f"WHERE batch_id <> {batch_id} AND ({keys}, batch_id) IN ({newest})"
    )
    cursor.execute("DROP TABLE uncovered")


def _merge_others(
    cursor: duckdb.DuckDBPyConnection, entity: Entity, batch_id: int
) -> None:
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE uncovered AS SELECT {entity.keys} "
        f"FROM {entity.rows} WHERE batch_id = {batch_id}"
    )
    arrivals.merge(cursor, entity, arrivals.loaded_versions(entity, "uncovered"))
    cursor.execute(
        f"DELETE FROM {entity.current} WHERE ({entity.keys}) IN "
        f"(SELECT ({entity.keys}) FROM uncovered)"
    )
    cursor.execute(f"INSERT INTO {entity.current} SELECT * FROM holding")
    cursor.execute("DROP TABLE uncovered")
    cursor.execute("DROP TABLE holding")


def _refresh_months(
    cursor: duckdb.DuckDBPyConnection, entity: Entity, batch_id: int
) -> None:
    """Sum usage anew for the provider's months from a batch's first to its last."""
    if entity.kind is not Kind.USAGE:
        return
    ((provider, first_day, last_day),) = cursor.execute(_TOUCHED, [batch_id]).fetchall()
    if provider is None:
        return
    months.refresh(cursor, provider, first_day, last_day)


_TOUCHED: Final = (
    "SELECT any_value(provider), date_trunc('month', min(period_start))::DATE, "
    "last_day(max(period_start)) FROM usage_line JOIN provider_name "
    "USING (provider_key) WHERE batch_id = ?"
)


def _insert_refused(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, reading: Reading
) -> None:
    if not reading.problems:
        return
    refused = pa.table(
        {
            "line": [problem.line for problem in reading.problems],
            "column": [problem.column for problem in reading.problems],
            "value": [problem.value for problem in reading.problems],
            "reason": [problem.reason for problem in reading.problems],
        }
    )
    cursor.register("refused", refused)
    cursor.execute(f"INSERT INTO refused_row SELECT {batch_id}, * FROM refused")
    cursor.unregister("refused")


def _batch(row: tuple[object, ...]) -> Batch:
    values = list(row)
    values[1] = Kind(str(row[1]))
    values[9] = tuple(row[9])  # type: ignore[arg-type]
    return Batch(*values)  # type: ignore[arg-type]
