"""The warehouse file: one owner, whole transactions, clear words."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import pytest

from core.actors import Action, Actor, Deed, Role
from core.errors import ForbiddenError, WarehouseError
from core.warehouse import audit, schema, sharing
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

DEED = Deed(Action.SETTING, "a to b", datetime(2026, 1, 2), "ada@example.com")


def test_a_failed_change_leaves_nothing(warehouse: Warehouse) -> None:
    def fail() -> None:
        with warehouse.writing(DEED) as cursor:
            cursor.execute("INSERT INTO setting VALUES ('a', 'b')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert warehouse.rows("SELECT * FROM setting") == []
    assert warehouse.version() == 0


def test_the_version_counts_changes_of_data_only(warehouse: Warehouse) -> None:
    with warehouse.writing(DEED) as cursor:
        cursor.execute("INSERT INTO setting VALUES ('a', 'b')")
    with warehouse.deriving() as cursor:
        cursor.execute("DELETE FROM match")

    assert warehouse.version() == 1


def test_what_is_kept_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "warehouse.duckdb"
    with Warehouse(path) as first, first.writing(DEED) as cursor:
        cursor.execute("INSERT INTO setting VALUES ('a', 'b')")

    with Warehouse(path) as second:
        assert second.rows("SELECT * FROM setting") == [("a", "b")]
        assert second.version() == 1


def test_the_copy_that_tests_start_from_equals_a_warehouse_made_anew(
    warehouse: Warehouse,
) -> None:
    made = duckdb.connect(":memory:")
    schema.prepare(made)
    query = """
        SELECT 'table', table_name, sql FROM duckdb_tables() WHERE NOT internal
        UNION ALL SELECT 'view', view_name, sql FROM duckdb_views() WHERE NOT internal
        UNION ALL SELECT 'index', index_name, sql FROM duckdb_indexes()
        UNION ALL SELECT 'sequence', sequence_name, sql FROM duckdb_sequences()
        UNION ALL SELECT 'macro', function_name, macro_definition
        FROM duckdb_functions() WHERE NOT internal
        ORDER BY ALL
    """

    assert warehouse.rows(query) == made.execute(query).fetchall()


def test_opening_once_more_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    Warehouse(path).close()
    before = path.read_bytes()

    Warehouse(path).close()

    assert path.read_bytes() == before
    names = {other.name for other in tmp_path.iterdir()}
    assert names == {path.name, sharing.lock_file(path).name}


def test_a_new_text_of_a_view_reaches_a_warehouse_that_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "warehouse.duckdb"
    Warehouse(path).close()
    folder = tmp_path / "sql"
    shutil.copytree(schema.SQL, folder)
    with (folder / schema.VIEWS[-1]).open("a", encoding="utf-8") as text:
        text.write("\nCREATE OR REPLACE VIEW added AS SELECT 7 AS seven;\n")
    monkeypatch.setattr(schema, "SQL", folder)

    with Warehouse(path) as second:
        assert second.rows("SELECT seven FROM added") == [(7,)]


def test_a_file_in_use_by_another_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    hold = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); "
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(WarehouseError, match="another program has it open"):
            Warehouse(path)
        other.terminate()


def test_a_warehouse_of_a_newer_product_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    newer = len(schema.MIGRATIONS) + 1
    with Warehouse(path) as warehouse, warehouse.writing(DEED) as cursor:
        cursor.execute("INSERT INTO schema_version VALUES (?)", [newer])

    with pytest.raises(WarehouseError, match="Use the newer program"):
        Warehouse(path)


def test_a_file_that_is_no_warehouse_is_told(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"not a database" * 1000)

    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb"):
        Warehouse(path)

    assert path.read_bytes() == b"not a database" * 1000


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (duckdb.Error("Corrupt database file: computed checksum 1"), "restore"),
        (duckdb.IOException("No space left on device"), "the disk is full"),
    ],
)
def test_a_failure_of_the_file_or_the_machine_is_told_with_what_to_do(
    warehouse: Warehouse, error: duckdb.Error, told: str
) -> None:
    with pytest.raises(WarehouseError, match=told), warehouse.reading():
        raise error


def test_a_fault_of_ours_stays_one(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.ParserException):
        warehouse.rows("SELEC 1")


def test_a_damaged_file_is_told_when_its_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with Warehouse(path) as warehouse, warehouse.writing(DEED) as cursor:
        cursor.execute(
            "INSERT INTO setting SELECT range, 'x' || range FROM range(9999)"
        )
    content = bytearray(path.read_bytes())
    start = content.index(b"x4321")
    content[start : start + 5] = b"y4321"
    path.write_bytes(content)

    with Warehouse(path) as warehouse, pytest.raises(WarehouseError, match="damaged"):
        warehouse.rows("SELECT * FROM setting")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WarehouseError, match="check the disk"):
        Warehouse(tmp_path / "file" / "warehouse.duckdb")


@pytest.mark.parametrize(
    "query", ["SELECT * FROM read_csv('/etc/passwd')", "ATTACH '/etc/passwd' AS other"]
)
def test_queries_reach_no_file_outside(warehouse: Warehouse, query: str) -> None:
    with pytest.raises(duckdb.Error), warehouse.reading() as cursor:
        cursor.execute(query)


def test_a_change_is_recorded_with_it(warehouse: Warehouse) -> None:
    with warehouse.writing(DEED) as cursor:
        cursor.execute("INSERT INTO setting VALUES ('a', 'b')")
    assert audit.deeds(warehouse) == (DEED,)


def test_a_viewer_reads_and_writes_nothing(warehouse: Warehouse) -> None:
    seen = warehouse.acting_as(lambda: Actor("vera@example.com", Role.VIEWER))
    with (
        pytest.raises(ForbiddenError, match=r"vera@example\.com may see"),
        seen.writing(DEED),
    ):
        pytest.fail("a viewer got a cursor to write with")
    assert (seen.version(), audit.deeds(seen)) == (0, ())


def test_a_right_that_ended_since_is_gone(warehouse: Warehouse) -> None:
    roles = [Role.EDITOR, Role.VIEWER]
    handed = warehouse.acting_as(lambda: Actor("ada@example.com", roles.pop(0)))
    with handed.writing(DEED) as cursor:
        cursor.execute("INSERT INTO setting VALUES ('a', 'b')")
    with pytest.raises(ForbiddenError), handed.writing(DEED):
        pytest.fail("the right had ended")


def test_a_whole_is_seen_inside_and_by_others_at_its_end(warehouse: Warehouse) -> None:
    with warehouse.whole() as inside:
        with inside.writing(DEED) as cursor:
            cursor.execute("INSERT INTO setting VALUES ('a', 'b')")
        assert inside.version() == 1
        assert warehouse.version() == 0
    assert warehouse.version() == 1


def test_a_whole_that_fails_leaves_nothing(warehouse: Warehouse) -> None:
    def fail() -> None:
        with warehouse.whole() as inside:
            with inside.writing(DEED) as cursor:
                cursor.execute("INSERT INTO setting VALUES ('a', 'b')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (warehouse.version(), audit.deeds(warehouse)) == (0, ())
