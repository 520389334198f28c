"""The warehouse: one DuckDB file, a cursor per call, one writer at a time."""

from __future__ import annotations

import copy
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from core.actors import LOCAL, Actor, Role
from core.errors import ForbiddenError, WarehouseError, WarehouseLockedError
from core.progress import tell
from core.scratch import Scratch
from core.warehouse import schema, sharing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from core.actors import Deed

MEMORY_LIMIT: Final = "384MB"
"""DuckDB's share of memory; beyond it DuckDB works in its temporary folder."""

WAITING: Final = "waiting for another change to end"
"""What is told as progress to whoever has to wait for their turn."""


class Warehouse:
    """Everything loaded so far, in one DuckDB file or in memory.

    DuckDB refuses two threads on one connection, so every call takes a cursor of
    its own. Writers wait for each other; readers see the last committed state.

    Only an editor may write, whatever the way to the write.

    memory keeps what was made of a state of the data beside a name for that state. All
    hands that hold the warehouse share it; what a transaction makes of its own state
    joins it with the commit.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the file, making and migrating it as needed; None works in memory.

        Raises:
            WarehouseError: The file is in use, unreadable, or of a newer product.
        """
        self.path = path
        self._asked: Callable[[], Actor] = _local
        self._within: duckdb.DuckDBPyConnection | None = None
        self._writer = threading.RLock()
        self.memory: dict[str, tuple[object, object]] = {}
        with _told(path), _alone(path):
            self._connection = _connect(path)
            self._folder = Scratch()
            self.scratch = Path(self._folder.name).resolve()
            try:
                _confine(self._connection, self.scratch)
                schema.prepare(self._connection)
                if path is not None:
                    sharing.sign(path)
            except BaseException:
                self._end()
                raise

    def close(self) -> None:
        """Close the file and remove the temporary folder."""
        # Closing writes what is committed from the log into the file.
        with _told(self.path), sharing.alone(self.path):
            self._end()

    def _end(self) -> None:
        self._connection.close()
        self._folder.cleanup()

    def __enter__(self) -> Warehouse:
        """Use the warehouse as a context that closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the warehouse."""
        self.close()

    def acting_as(self, asked: Callable[[], Actor]) -> Warehouse:
        """Return the same warehouse in the hands of another actor.

        asked tells who that is at the moment of each write: a right that has ended
        since the warehouse was handed over is gone.
        """
        handed = copy.copy(self)
        handed._asked = asked
        return handed

    def require_editor(self) -> None:
        """See that the actor may change something.

        Raises:
            ForbiddenError: The actor is a viewer.
        """
        actor = self._asked()
        if actor.role is not Role.EDITOR:
            raise ForbiddenError(actor.name)

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor that sees one committed state from its first query on."""
        if self._within is not None:
            yield self._within
            return
        with _told(self.path), self._connection.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
            finally:
                cursor.rollback()

    @contextmanager
    def writing(self, deed: Deed) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor in a transaction: committed whole at the end, or not at all.

        The deed is recorded in the same transaction, which raises the version by one.

        Raises:
            ForbiddenError: The actor is a viewer; nothing was written.
        """
        self.require_editor()
        with self.deriving() as cursor:
            yield cursor
            cursor.execute(
                _RECORD, [deed.done_at, deed.done_by, deed.action, deed.detail]
            )
            cursor.execute("UPDATE state SET version = version + 1")

    @contextmanager
    def deriving(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor as writing does, for what follows from the data alone.

        Nobody does it, so nothing is recorded, and the version stays.
        """
        if self._within is not None:
            yield self._within
            return
        with self._alone(), self._connection.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                cursor.rollback()
                raise

    @contextmanager
    def whole(self) -> Iterator[Warehouse]:
        """Give this warehouse so that all it is used for is one transaction.

        Its reads see what it wrote; others see nothing of it before the end, and
        nothing at all when it fails. One thread uses it.
        """
        with self.deriving() as cursor:
            inside = copy.copy(self)
            inside._within = cursor
            inside.memory = dict(self.memory)
            yield inside
        self.memory.update(inside.memory)

    @contextmanager
    def rehearsing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor in a transaction that is always rolled back."""
        with self._alone(), self.reading() as cursor:
            yield cursor

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other thread changes anything, and keep others waiting.

        For a change of more than the warehouse's own file; what is written inside is
        in the same turn.
        """
        if not self._writer.acquire(blocking=False):
            tell(0.0, WAITING)
            self._writer.acquire()
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the one that writes, in this process and among all."""
        with self.turn(), _told(self.path), sharing.alone(self.path):
            yield

    def version(self) -> int:
        """Count the changes committed so far: the key for caching any figure."""
        with self.reading() as cursor:
            return number(cursor, "SELECT version FROM state")

    def rows(self, query: str, parameters: object = None) -> list[tuple[object, ...]]:
        """Run a query and return its rows; decimals as Decimal."""
        with self.reading() as cursor:
            return cursor.execute(query, parameters).fetchall()

    def table(self, query: str, parameters: object = None) -> pa.Table:
        """Run a query and return an Arrow table; decimals as decimal128."""
        with self.reading() as cursor:
            return cursor.sql(query, params=parameters).to_arrow_table()


def _local() -> Actor:
    return LOCAL


_RECORD: Final = (
    "INSERT INTO deed SELECT coalesce(max(deed_id), 0) + 1, ?, ?, ?, ? FROM deed"
)


def first(
    cursor: duckdb.DuckDBPyConnection, query: str, parameters: object = None
) -> object:
    """Return the first value of the first row, or None when there is no row."""
    # A result that is not read to its end keeps the connection busy.
    rows = cursor.execute(query, parameters).fetchall()
    return rows[0][0] if rows else None


def number(
    cursor: duckdb.DuckDBPyConnection, query: str, parameters: object = None
) -> int:
    """Return the first value of a query that gives one whole number."""
    return int(str(first(cursor, query, parameters)))


@contextmanager
def _alone(path: Path | None) -> Iterator[None]:
    """Be alone with a file that may not be there yet."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    with sharing.alone(path):
        yield


def _connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    if path is None:
        return duckdb.connect(":memory:")
    return duckdb.connect(str(path))


def _confine(connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
    """Let queries use little memory, and no file but those in scratch."""
    for setting in (
        f"temp_directory = '{scratch}/spill'",
        f"memory_limit = '{MEMORY_LIMIT}'",
        f"allowed_directories = ['{scratch}/']",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


@contextmanager
def _told(path: Path | None) -> Iterator[None]:
    """Turn a fault of DuckDB or the disk into one clear line."""
    name = "the warehouse" if path is None else f"the warehouse {path}"
    try:
        yield
    except duckdb.IOException as error:
        if path is not None and "lock" in str(error).lower():
            raise WarehouseLockedError(path, sharing.holder_in(error)) from error
        raise WarehouseError(f"{name}: {_io_words(str(error))}") from error
    except OSError as error:
        raise WarehouseError(
            f"{name}: cannot be used ({error.strerror}). "
            "Check the folder and its rights."
        ) from error


def _io_words(message: str) -> str:
    if "No space left" in message:
        return "the disk is full. Nothing was changed; free some space and try again."
    return f"cannot be read or written. {message.splitlines()[0]}"
