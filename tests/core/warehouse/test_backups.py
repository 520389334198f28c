"""Backups: whole or absent, of a warehouse open or not, and back to the same bytes."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.__main__ import main
from core.errors import AppError
from core.exports import downloads
from core.exports.edition import Edition, Format
from core.files.upload import Upload
from core.warehouse import backups, batches, originals, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.core.warehouse.conftest import Programs

UPLOAD = Upload("usage.csv", b"Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,1.5\n")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "shop.duckdb"
    with Warehouse(path) as warehouse:
        plan = plans.plan(warehouse, job.take([UPLOAD]).readings)
        moment = datetime(2026, 1, 1)
        job.load(warehouse, plan, now=moment, by="test", uploads=[UPLOAD])
    return path


@pytest.fixture(scope="module")
def backup(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backup") / "shop.tar"
    assert backups.write(kept, target).original_count == 1
    return target


def everything(path: Path) -> tuple[bytes, bytes]:
    """Return all files, those to publish too, and the file that was loaded."""
    with Warehouse(path) as warehouse:
        return (
            downloads.whole(warehouse, Format.CSV, Edition(is_private=True)),
            originals.content(warehouse, UPLOAD.sha256),
        )


def test_a_restored_warehouse_gives_the_same_bytes(
    kept: Path, backup: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "other.duckdb"

    backups.restore(backup, path)

    assert everything(path) == everything(kept)
    assert everything(path)[1] == UPLOAD.content
    assert {each.name for each in path.parent.iterdir()} == {
        "other.duckdb",
        "other.duckdb.lock",
        "other.originals",
    }


def test_a_backup_is_made_while_the_app_loads(
    programs: Programs, tmp_path: Path
) -> None:
    path, target = tmp_path / "busy.duckdb", tmp_path / "busy.tar"
    with programs.writing(path):
        backups.write(path, target)

    backups.restore(target, tmp_path / "back.duckdb")
    with Warehouse(tmp_path / "back.duckdb") as warehouse:
        ((least, most),) = warehouse.rows("SELECT min(n), max(n) FROM tally")
    assert least == most


def test_what_a_restore_replaces_is_moved_aside(
    kept: Path, backup: Path, tmp_path: Path
) -> None:
    path = tmp_path / "shop.duckdb"
    Warehouse(path).close()
    before = path.read_bytes()
    with pytest.raises(AppError, match="--replace"):
        backups.restore(backup, path)
    assert path.read_bytes() == before

    backups.restore(backup, path, is_replacing=True)

    assert everything(path) == everything(kept)
    assert (tmp_path / "shop.duckdb.replaced").read_bytes() == before
    with pytest.raises(AppError, match="Move it away first"):
        backups.restore(backup, path, is_replacing=True)


@pytest.mark.parametrize(
    ("step", "has_links"), [(1, True), (3, True), (2, False), (5, False)]
)
def test_a_restore_that_is_cut_short_leaves_what_was_there(
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
    has_links: bool,
) -> None:
    path, older = tmp_path / "shop.duckdb", tmp_path / "older.tar"
    Warehouse(tmp_path / "empty.duckdb").close()
    backups.write(tmp_path / "empty.duckdb", older)
    shutil.copyfile(kept, path)
    shutil.copytree(originals.folder_of(kept), originals.folder_of(path))
    steps = 0

    def counted(does: Callable[..., object]) -> Callable[..., object]:
        def do(*arguments: object) -> object:
            nonlocal steps
            steps += 1
            if steps == step:
                raise KeyboardInterrupt
            return does(*arguments)

        return do

    def no_links(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        if not has_links:
            patch.setattr("os.link", no_links)
        patch.setattr(backups, "_name_again", counted(backups._name_again))
        patch.setattr(type(path), "replace", counted(type(path).replace))
        with pytest.raises(KeyboardInterrupt):
            backups.restore(older, path, is_replacing=True)
    with job.open_warehouse(path) as warehouse:
        assert len(batches.history(warehouse)) == 1
        assert originals.content(warehouse, UPLOAD.sha256) == UPLOAD.content

    backups.restore(older, path, is_replacing=True)

    with job.open_warehouse(path) as warehouse:
        assert batches.history(warehouse) == ()
    assert list(originals.folder_of(path).iterdir()) == []
    (aside,) = (tmp_path / "shop.originals.replaced").iterdir()
    assert originals.read(aside) == UPLOAD.content
    assert (tmp_path / "shop.duckdb.replaced").stat().st_size > 0


def test_a_warehouse_that_is_open_is_not_replaced(
    programs: Programs, backup: Path, tmp_path: Path
) -> None:
    path = tmp_path / "shop.duckdb"
    with (
        programs.waiting(path),
        pytest.raises(AppError, match="another program has it open"),
    ):
        backups.restore(backup, path, is_replacing=True)


def cut(backup: Path, target: Path) -> None:
    target.write_bytes(backup.read_bytes()[:-300_000])


def changed(backup: Path, target: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(content)


def other(_: Path, target: Path) -> None:
    target.write_bytes(b"Subuser,Date\n" * 100)


def outside(_: Path, target: Path) -> None:
    names = {"../evil.duckdb": "0" * 64, "warehouse.duckdb": "0" * 64}
    content = json.dumps(names).encode()
    with tarfile.open(target, "w") as packed:
        member = tarfile.TarInfo(backups.LIST)
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("damage", [cut, changed, other, outside])
def test_a_damaged_backup_changes_nothing(
    backup: Path, tmp_path: Path, damage: Callable[[Path, Path], None]
) -> None:
    damaged = tmp_path / "damaged.tar"
    damage(backup, damaged)
    path = tmp_path / "to" / "shop.duckdb"

    with pytest.raises(AppError, match="Nothing was changed"):
        backups.restore(damaged, path)

    assert list(path.parent.iterdir()) == []


def test_a_full_disk_leaves_no_half_backup(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)

    with pytest.raises(AppError, match="No space left on device"):
        backups.write(kept, tmp_path / "shop.tar")
    assert list(tmp_path.iterdir()) == []


def test_the_commands_tell_what_they_did(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, path = str(tmp_path / "a.tar"), str(tmp_path / "a.duckdb")

    assert main(["backup", "--warehouse", str(kept), "--out", target]) == 0
    assert main(["backup", "--warehouse", str(kept), "--out", target]) == 2
    assert main(["restore", target, "--warehouse", path]) == 0
    assert main(["restore", target, "--warehouse", path, "--replace"]) == 0

    told = capsys.readouterr()
    assert "the warehouse and 1 loaded files" in told.out
    assert "what was there is now a.duckdb.replaced" in told.out
    assert "exists. Name a new file" in told.err
