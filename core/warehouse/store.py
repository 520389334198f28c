"""The warehouse: one DuckDB file, a cursor per call, one writer at a time."""

from __future__ import annotations

import copy
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from core.actors import LOCAL, Actor, Role
from core.errors import ForbiddenError, WarehouseError, WarehouseLockedError
from core.scratch import Scratch
from core.warehouse import schema, sharing
from core.warehouse.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from core.actors import Deed

MEMORY_LIMIT: Final = "384MB"
"""DuckDB's share of memory; beyond it DuckDB works in its temporary folder."""


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
        self.memory: dict[str, tuple[object, object]] = {}
        with _told(path):
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _File(path)
        self.scratch = self._file.scratch

    def close(self) -> None:
        """Close the file and remove the temporary folder."""
        with _told(self.path):
            self._file.close()

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
        with _told(self.path), self._file.begun() as cursor:
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
        with self._alone(), self._file.begun() as cursor:
            before = number(cursor, _VERSION)
            try:
                yield cursor
                cursor.commit()
            except (duckdb.FatalException, duckdb.TransactionException) as error:
                cursor.close()
                raise self._given_up(error, before) from error
            except BaseException:
                cursor.rollback()
                raise

    def _given_up(self, error: duckdb.Error, before: int) -> WarehouseError:
        """Say what came of a change that DuckDB could not commit."""
        is_saved = self.version() != before
        return WarehouseError(_words(self.path, str(error), is_saved=is_saved))

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
        with self._file.turn.taken():
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the one that writes, in this process and among all."""
        with _told(self.path), self._file.turn.alone():
            yield

    def version(self) -> int:
        """Count the changes committed so far: the key for caching any figure."""
        with self.reading() as cursor:
            return number(cursor, _VERSION)

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


class _File:
    """The open file, which is opened anew when DuckDB has given it up.

    DuckDB does that when the disk is full at the wrong moment: what was committed is
    safe in the file, but the open one answers nothing any more.
    """

    def __init__(self, path: Path | None) -> None:
        self.turn = Turn(path)
        self._path = path
        self._is_closed = False
        with self.turn.alone():
            self._folder = Scratch()
            self.scratch = Path(self._folder.name).resolve()
            try:
                self._connection = self._open()
            except BaseException:
                self._folder.cleanup()
                raise

    def begun(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor in a transaction of its own."""
        try:
            return _begun(self._connection)
        except (duckdb.FatalException, duckdb.ConnectionException):
            if self._is_closed or self._path is None:
                raise
        with self.turn.alone():
            with suppress(duckdb.FatalException, duckdb.ConnectionException):
                return _begun(self._connection)
            self._connection.close()
            self._connection = self._open()
        return _begun(self._connection)

    def close(self) -> None:
        # Closing writes what is committed from the log into the file.
        with self.turn.alone():
            self._is_closed = True
            self._connection.close()
            self._folder.cleanup()

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = _connect(self._path)
        try:
            _confine(connection, self.scratch)
            schema.prepare(connection)
            if self._path is not None:
                sharing.sign(self._path)
        except BaseException:
            connection.close()
            raise
        return connection


def _begun(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    cursor = connection.cursor()
    try:
        return cursor.begin()
    except BaseException:
        cursor.close()
        raise


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
    try:
        yield
    except (
        duckdb.IOException,
        duckdb.FatalException,
        duckdb.OutOfMemoryException,
    ) as error:
        if path is not None and "Could not set lock" in str(error):
            raise WarehouseLockedError(path, sharing.holder_in(error)) from error
        raise WarehouseError(_words(path, str(error))) from error
    except duckdb.Error as error:
        # A damaged file has no type of its own, only these words.
        if _DAMAGED not in str(error):
            raise
        raise WarehouseError(_words(path, str(error))) from error
    except OSError as error:
        raise WarehouseError(_words(path, error.strerror or str(error))) from error


def _words(path: Path | None, message: str, *, is_saved: bool = False) -> str:
    """Say what a fault of DuckDB or the disk is, and whether the change is saved."""
    name = "the warehouse" if path is None else f"the warehouse {path}"
    result = "The change is saved" if is_saved else "Nothing was changed"
    if any(each in message for each in _FULL):
        return f"{name}: the disk is full. {result}; free some space and try again."
    if _DAMAGED in message:
        return (
            f"{name}: the file is damaged. Put back the newest backup with `python -m "
            "core restore --replace`; the damaged file is moved aside."
        )
    found = message.rpartition("Original error: ")[2].splitlines()
    return (
        f"{name}: cannot be read or written ({found[0] if found else 'no reason'}). "
        f"{result}; check the disk, the folder and its rights."
    )


_DAMAGED: Final = "Corrupt database file"
"""What DuckDB says of a file whose checksums are wrong."""

_FULL: Final = ("No space left", "File too large", "Disk quota exceeded")
"""What the system calls a disk that takes no more, or a file that may not grow."""

_VERSION: Final = "SELECT version FROM state"
