"""Two programs, one warehouse: one has it open and loads, the other takes copies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from core.__main__ import main
from core.errors import WarehouseError, WarehouseLockedError
from core.warehouse import sharing
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from tests.core.warehouse.conftest import Programs

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept.duckdb"


def test_every_copy_of_a_busy_warehouse_is_one_committed_state(
    programs: Programs, path: Path, tmp_path: Path
) -> None:
    seen = []
    with programs.writing(path) as busy:
        for place in range(5):
            target = tmp_path / f"{place}.duckdb"
            sharing.copy(path, target, holder=busy.pid)
            with duckdb.connect(target) as copy:
                query = "SELECT min(n), max(n), count(*) FROM tally"
                ((least, most, count),) = copy.execute(query).fetchall()
            assert (least, count) == (most, programs.rows)
            seen.append(most)

    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


def test_a_command_writes_the_same_bytes_while_the_app_runs(
    programs: Programs, path: Path, tmp_path: Path
) -> None:
    usage = tmp_path / "usage.csv"
    usage.write_text("Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,1.5\n")
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    command = ["build", "--warehouse", str(path), "--out"]
    assert main([*command, str(alone), "--usage", str(usage)]) == 0
    assert main([*command, str(alone)]) == 0

    with programs.waiting(path):
        run = subprocess.run(
            [sys.executable, "-m", "core", *command, str(beside)], cwd=ROOT, check=False
        )

    assert run.returncode == 0
    assert {each.name: each.read_bytes() for each in alone.iterdir()} == {
        each.name: each.read_bytes() for each in beside.iterdir()
    }


def test_files_are_not_loaded_into_a_warehouse_that_is_open_elsewhere(
    programs: Programs, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = tmp_path / "usage.csv"
    usage.write_text("Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,1.5\n")
    command = ["build", "--warehouse", str(path), "--out", str(tmp_path / "out")]

    with programs.waiting(path):
        assert main([*command, "--usage", str(usage)]) == 2

    assert "another program has it open" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_warehouse_that_a_stranger_has_open_is_not_copied(
    path: Path, tmp_path: Path
) -> None:
    Warehouse(path).close()
    stranger = os.getppid()

    with pytest.raises(WarehouseLockedError, match="another program"):
        sharing.copy(path, tmp_path / "copy.duckdb", holder=stranger)


def test_a_warehouse_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no such warehouse"):
        sharing.copy(tmp_path / "none.duckdb", tmp_path / "copy.duckdb")


def test_a_copy_that_cannot_be_written_is_told(path: Path, tmp_path: Path) -> None:
    Warehouse(path).close()

    with pytest.raises(WarehouseError, match="cannot be copied"):
        sharing.copy(path, tmp_path / "no folder" / "copy.duckdb")


def test_a_write_waits_for_a_copy_and_no_longer_than_its_patience(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Warehouse(path) as warehouse:
        monkeypatch.setattr(sharing, "PATIENCE_SECONDS", 0.0)
        with (
            sharing.alone(path),
            pytest.raises(WarehouseError, match="Try again"),
            warehouse.deriving(),
        ):
            pytest.fail("the write did not wait")
        with warehouse.deriving() as cursor:
            cursor.execute("CREATE TABLE later (n INTEGER)")

        assert warehouse.rows("SELECT count(*) FROM later") == [(0,)]
