"""A disk that takes no more, and a folder that is read-only: told, and nothing lost."""

from __future__ import annotations

import os
import resource
import shutil
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from core import job
from core.__main__ import main
from core.commands import settings
from core.errors import AppError
from core.exports import downloads, folder
from core.exports.edition import Format
from core.files.upload import Upload
from core.models import Choice, NoCustomer
from core.warehouse import backups, batches, originals, plans, sharing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.warehouse.store import Warehouse

    Work = Callable[[Warehouse, Path], object]

MOMENT = datetime(2026, 1, 2)
NOBODY = 65534
ROOM = 48 * 1024
"""Bytes that a file may still have where there is no room."""


def upload(rows: int, month: str) -> Upload:
    lines = "".join(f"name{n * 7919 % 1000:03}x{n},{month},{n}\n" for n in range(rows))
    return Upload(
        f"{month}.csv", f"Subuser,Date,Bandwidth Usage (GB)\n{lines}".encode()
    )


SMALL, LARGE = upload(3, "2024-01"), upload(8000, "2024-02")


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file grow beyond ROOM, as a full disk would not."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("full") / "w.duckdb"


@pytest.fixture(scope="module")
def shop(path: Path) -> Iterator[Warehouse]:
    """Keep one shop: no work of this module may change it."""
    with job.open_warehouse(path) as opened:
        load(opened, path, upload=upload(8000, "2024-03"))
        sharing.copy(path, closed(opened), holder=os.getpid())
        yield opened


def closed(shop: Warehouse) -> Path:
    """Name a copy of the shop that nobody has open."""
    assert shop.path is not None
    return shop.path.with_name("closed.duckdb")


def load(shop: Warehouse, _: Path, *, upload: Upload = LARGE) -> None:
    plan = plans.plan(shop, job.take([upload]).readings)
    job.load(shop, plan, now=MOMENT, by="tester", uploads=[upload])


def decide(shop: Warehouse, _: Path) -> None:
    subusers = [f"name{n * 7919 % 1000:03}x{n}" for n in range(1)]
    choices = [Choice(each, None, NoCustomer.TEST, "why") for each in subusers]
    job.decide(shop, choices, now=MOMENT, by="tester")


WORK: dict[str, Work] = {
    "load": load,
    "undo": lambda shop, _: job.undo(shop, 1, now=MOMENT, by="tester"),
    "decision": decide,
    "download": lambda shop, _: downloads.whole(shop, Format.CSV),
    "workbook": lambda shop, _: downloads.whole(shop, Format.EXCEL),
    "delivery": lambda shop, place: folder.write(
        shop, (), folder.Delivery(place / "out")
    ),
    "backup": lambda shop, place: backups.write(closed(shop), place / "b.tar"),
}


def state(shop: Warehouse) -> tuple[object, ...]:
    """Return the loads, the version and the downloads, and the files that are kept."""
    assert shop.path is not None
    kept = sorted(each.name for each in originals.folder_of(shop.path).iterdir())
    found = downloads.whole(shop, Format.PARQUET)
    return batches.history(shop), shop.version(), found, kept


@pytest.mark.parametrize("name", WORK)
def test_a_full_disk_is_told_and_nothing_is_lost(
    name: str, shop: Warehouse, tmp_path: Path
) -> None:
    before = state(shop)

    with no_room(), pytest.raises(AppError) as told:
        WORK[name](shop, tmp_path)

    words = str(told.value)
    assert any(each in words for each in ("disk is full", "File too large")), words
    assert any(each in words for each in ("Nothing was", "No backup", "Name another"))
    assert state(shop) == before
    assert list(tmp_path.iterdir()) == []


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Let a folder and its files be read only; the administrator acts as nobody."""
    mine = os.geteuid()
    modes = {
        each: each.stat().st_mode
        for each in (place, *place.parents, *place.iterdir())
        if each.stat().st_uid == mine
    }
    for each in modes:
        is_above = each in place.parents
        each.chmod(0o711 if is_above else 0o555)
    if mine == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(mine)
        for each, mode in modes.items():
            each.chmod(mode)


def test_a_read_only_folder_is_told_by_every_command(
    shop: Warehouse,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The secrets of whoever runs the tests are not for nobody.
    monkeypatch.setattr(settings, "SECRETS", ())
    monkeypatch.setenv("METERBOOK_WAREHOUSE", str(tmp_path / "place" / "w.duckdb"))
    place = tmp_path / "place"
    place.mkdir()
    path, backup, usage = (place / name for name in ("w.duckdb", "b.tar", "u.csv"))
    shutil.copyfile(closed(shop), path)
    usage.write_bytes(SMALL.content)
    backups.write(path, backup)
    kept = {each: each.read_bytes() for each in place.iterdir()}
    of = ["--warehouse", str(path)]
    # Nobody may be kept from the interpreter's own modules: import all before.
    main(["doctor", *of])
    capsys.readouterr()
    commands = [
        ["build", *of, "--usage", str(usage), "--out", str(place / "out")],
        ["build", *of, "--out", str(place / "out")],
        ["backup", *of, "--out", str(place / "new.tar")],
        ["restore", str(backup), *of, "--replace"],
        ["restore", str(backup), "--warehouse", str(place / "new.duckdb")],
        ["doctor", *of],
    ]

    with read_only(place):
        codes = [main(command) for command in commands]

    assert codes == [2] * len(commands)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == len(commands)
    assert all("denied" in line and str(place) in line for line in told), told
    assert {each: each.read_bytes() for each in place.iterdir()} == kept
