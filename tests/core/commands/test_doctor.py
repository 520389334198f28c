"""The doctor: what is printed of a warehouse that is well, and of one that is not."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.__main__ import main
from core.commands import doctor, settings
from core.files.upload import Upload
from core.warehouse import originals, plans, schema
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

UPLOAD = Upload("usage.csv", b"Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,1.5\n")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    with Warehouse(path) as warehouse:
        plan = plans.plan(warehouse, job.take([UPLOAD]).readings)
        moment = datetime(2026, 1, 1)
        job.load(warehouse, plan, now=moment, by="test", uploads=[UPLOAD])
    path.chmod(0o600)
    return path


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("STREAMLIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "SECRETS", ())


def test_a_warehouse_that_is_well(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--warehouse", str(kept)]) == 0

    told = capsys.readouterr()
    assert "duckdb 2.0.0" in told.out
    assert f"version {len(schema.MIGRATIONS)}\n" in told.out
    assert "1 loaded files" in told.out
    assert f"log {kept.with_suffix('.log')}, 0 bytes in 0 files" in told.out
    assert "bytes free on its disk" in told.out
    assert f"settings {settings.CONFIG}\n" in told.out
    assert told.out.endswith("Nothing to mend.\n")
    assert told.err == ""


def test_a_kept_file_that_is_damaged(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = originals.path_of(kept, UPLOAD.sha256)
    original.write_bytes(original.read_bytes()[:-4] + b"oops")

    assert main(["doctor", "--warehouse", str(kept)]) == 2
    assert "the kept file of usage.csv is damaged" in capsys.readouterr().err


def test_a_file_that_is_no_warehouse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.duckdb"
    path.write_bytes(b"Subuser,Date\n" * 2_000)

    assert main(["doctor", "--warehouse", str(path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_warehouse_that_everybody_can_read(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.chmod(0o644)
    kept.parent.chmod(0o755)

    assert main(["doctor", "--warehouse", str(kept)]) == 2
    assert "chmod o-rwx" in capsys.readouterr().err


def test_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "missing" / "shop.duckdb"
    assert main(["doctor", "--warehouse", str(path)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told == [
        f"the folder {path.parent} has no folder {path.parent}; make it",
        f"the log {path.with_suffix('.log')} has no folder {path.parent}; make it",
    ]


@pytest.mark.parametrize("closed", ["folder", "log"])
def test_a_place_that_cannot_be_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    closed: str,
) -> None:
    log = tmp_path / "shop.log"
    log.touch()
    place = log if closed == "log" else tmp_path
    monkeypatch.setattr(doctor.os, "access", lambda path, _: path != place)
    assert main(["doctor", "--warehouse", str(tmp_path / "shop.duckdb")]) == 2
    assert capsys.readouterr().err == f"the {closed} {place} cannot be written\n"


def test_little_room_for_temporary_files(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "LEAST_SCRATCH_BYTES", 2**62)
    assert main(["doctor", "--warehouse", str(kept)]) == 2
    assert "a large upload may not fit" in capsys.readouterr().err


def test_little_room_for_a_load(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_SHARE", 2**40)
    assert main(["doctor", "--warehouse", str(kept)]) == 2
    assert "a large load may not fit" in capsys.readouterr().err


def test_a_warehouse_that_is_not_there_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--warehouse", str(tmp_path / "none.duckdb")]) == 0
    assert "not there yet" in capsys.readouterr().out
