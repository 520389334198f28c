"""MongoDB's own server on a copy: which one fits, how it is run, what is left behind.

A stand-in takes the place of the server; it answers over the real wire protocol.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tarfile
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import bson
import pytest

from benchmarks.forged_home import write_home
from core.errors import SourceError
from core.files.upload import Upload
from core.mongo import customers, fallback
from core.mongo.backup import Backup
from core.mongo.namespace import Name
from core.mongo.source import open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.mongo.server import Server

ROOT = Path(__file__).resolve().parents[3]
SERVER = f"""#!{sys.executable}
import json, os, sys, threading
if "--version" in sys.argv:
    print("db version v7.0.15")
    sys.exit()
if os.environ.get("STAND_IN_FAILS"):
    sys.exit(62)
sys.path.insert(0, {str(ROOT)!r})
import bson
from benchmarks.stand_in_server import StandIn
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
with open(os.environ["STAND_IN_TELLS"], "w") as told:
    json.dump([options, sorted(os.listdir(options["--dbpath"]))], told)
data = {{"shop": {{"customers": [bson.encode({{"email": "a@example.com"}})]}}}}
with StandIn(data, port=int(options["--port"])):
    threading.Event().wait()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a data folder of MongoDB 6.0 with a lock."""
    return home(tmp_path / "data", "6.0")


def home(folder: Path, version: str, *, has_oplog: bool = False) -> Path:
    folder.mkdir()
    told = bson.encode({"_id": "featureCompatibilityVersion", "version": version})
    collections = {"shop.customers": [], "admin.system.version": [(b"\x81", told)]}
    write_home(folder, collections | ({"local.oplog.rs": []} if has_oplog else {}))
    (folder / "mongod.lock").write_bytes(b"1")
    return folder


def packed(folder: Path) -> Upload:
    """Pack a data folder below another one, as backups are."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as files:
        files.add(folder, "backup/data")
    return Upload("backup.tar.gz", content.getvalue())


@contextmanager
def served(where: Path | Upload) -> Iterator[Server]:
    source = open_source(where)
    assert isinstance(source, Backup)
    with closing(source), fallback.served(source) as server:
        yield server


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a stand-in on PATH; return the file in which it tells its options."""
    scratch, program = tmp_path / "scratch", tmp_path / "bin" / "mongod"
    scratch.mkdir()
    program.parent.mkdir()
    program.write_text(SERVER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("STAND_IN_TELLS", str(tmp_path / "told.json"))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return tmp_path / "told.json"


@pytest.mark.parametrize(
    ("version", "series"),
    [("7.0", ("7.0", "8.0")), ("3.4", ("3.4", "3.6")), ("8.2", ("8.2",)), ("9", ())],
)
def test_a_folder_opens_in_its_own_series_and_the_next(
    version: str, series: tuple[str, ...]
) -> None:
    assert fallback.needed_series(version) == series


def test_without_a_server_it_is_said_which_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(SourceError, match=r"4\.2 or 4\.4 is needed; no mongod"),
        served(home(tmp_path / "old", "4.2")),
    ):
        pass


def test_a_server_of_another_series_is_not_started(tmp_path: Path, told: Path) -> None:
    with (
        pytest.raises(SourceError, match=r"needed; MongoDB 7\.0 is found"),
        served(home(tmp_path / "old", "5.0")),
    ):
        pass
    assert not told.exists()


@pytest.mark.parametrize("has_oplog", [False, True])
@pytest.mark.parametrize("pack", [Path, packed])
def test_a_copy_is_served_on_this_machine_only_and_deleted(
    pack: Callable[[Path], Path | Upload], has_oplog: bool, tmp_path: Path, told: Path
) -> None:
    folder = home(tmp_path / "data", "6.0", has_oplog=has_oplog)
    before = sorted(path.name for path in folder.iterdir())
    with served(pack(folder)) as server:
        reading = customers.from_source(server, Name("shop", "customers"))
    assert reading.rows["email"].to_pylist() == ["a@example.com"]
    options, files = json.loads(told.read_text())
    assert options["--bind_ip"] == "127.0.0.1"
    assert Path(options["--dbpath"]) != folder
    assert files == [name for name in before if name != "mongod.lock"]
    recovers = options.get("--setParameter") == "recoverFromOplogAsStandalone=true"
    assert recovers == has_oplog
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_server_that_refuses_the_copy_is_told_and_the_copy_deleted(
    folder: Path, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_FAILS", "1")
    monkeypatch.setattr("core.mongo.server.SELECT_MS", 300)
    with pytest.raises(SourceError, match="ended with code 62"), served(folder):
        pass
    assert list(Path(tempfile.gettempdir()).iterdir()) == []


def test_a_link_out_of_the_folder_is_not_given_to_the_server(
    folder: Path, told: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "journal").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match="leads out of the folder"), served(folder):
        pass
    assert not told.exists()


@pytest.mark.parametrize("failure", ["room", "right"])
def test_a_copy_that_cannot_be_made_is_told(
    failure: str, folder: Path, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    if failure == "room":
        usage = shutil.disk_usage("/")._replace(free=5)
        monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    else:
        monkeypatch.setattr("shutil.copytree", refuse)
    with pytest.raises(SourceError, match=r"data: a copy .*room"), served(folder):
        pass
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    assert not told.exists()
