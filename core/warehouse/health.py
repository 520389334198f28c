"""How a warehouse is: its version, what it holds, whether all of it can be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from core.errors import WarehouseError
from core.warehouse import originals, schema, sharing

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Health:
    """What was found; problems are sentences, none of them where all is well."""

    schema_version: int
    size_bytes: int
    row_counts: dict[str, int]
    original_count: int
    problems: tuple[str, ...]


def check(path: Path) -> Health:
    """Read every row of a warehouse, open in the app or not, and every loaded file.

    Raises:
        WarehouseError: It is not there, or cannot be copied or opened at all.
    """
    with sharing.copied(path, sharing.holder(path)) as copied:
        try:
            with duckdb.connect(str(copied)) as connection:
                version, counts, problems = _tables(connection)
                named = connection.execute(
                    "SELECT DISTINCT file, original_sha256 FROM batch ORDER BY ALL"
                ).fetchall()
        except duckdb.Error as error:
            raise WarehouseError(
                f"{path} cannot be read. {str(error).splitlines()[0]} "
                "Restore a backup of it."
            ) from error
    files = {str(sha256): str(file) for file, sha256 in named}
    kept = [sha256 for sha256 in files if originals.path_of(path, sha256).exists()]
    problems += [
        f"the kept file of {files[sha256]} is damaged"
        for sha256 in kept
        if not _is_whole(path, sha256)
    ]
    return Health(version, path.stat().st_size, counts, len(kept), tuple(problems))


def _tables(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[int, dict[str, int], list[str]]:
    """Read all tables to their ends: DuckDB checks each block that it reads."""
    rows = connection.execute("SELECT max(version) FROM schema_version").fetchall()
    version = int(rows[0][0] or 0)
    counts: dict[str, int] = {}
    problems = []
    if version > len(schema.MIGRATIONS):
        problems.append("it was written by a newer version of this program")
    listing = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
    )
    for (name,) in listing.fetchall():
        try:
            read = connection.execute(f'SELECT count(*), max(hash(t)) FROM "{name}" t')
            counts[str(name)] = int(read.fetchall()[0][0])
        except duckdb.Error as error:
            problems.append(f"table {name}: {str(error).splitlines()[0]}")
    return version, counts, problems


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        content = originals.read(originals.path_of(path, sha256))
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == sha256
