"""MongoDB's own server on a copy: which one fits, how it is run, what is left behind.

A stand-in takes the place of the server; it answers over the real wire protocol.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

from core.errors import SourceError
from core.mongo import customers, fallback
from core.mongo.namespace import Name

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
    """Make a data folder with a lock."""
    data = tmp_path / "data"
    data.mkdir()
    for name in ("mongod.lock", "WiredTiger.wt"):
        (data / name).write_bytes(b"x")
    return data


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
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with (
        pytest.raises(SourceError, match=r"4\.2 or 4\.4 is needed; no mongod"),
        fallback.served(folder, "4.2"),
    ):
        pass


def test_a_server_of_another_series_is_not_started(folder: Path, told: Path) -> None:
    with (
        pytest.raises(SourceError, match=r"needed; MongoDB 7\.0 is found"),
        fallback.served(folder, "5.0"),
    ):
        pass
    assert not told.exists()


@pytest.mark.parametrize("has_oplog", [False, True])
def test_a_copy_is_served_on_this_machine_only_and_deleted(
    folder: Path, told: Path, has_oplog: bool
) -> None:
    with fallback.served(folder, "6.0", has_oplog=has_oplog) as server:
        reading = customers.from_source(server, Name("shop", "customers"))
    assert reading.rows["email"].to_pylist() == ["a@example.com"]
    options, files = json.loads(told.read_text())
    assert options["--bind_ip"] == "127.0.0.1"
    assert Path(options["--dbpath"]) != folder
    assert files == ["WiredTiger.wt"]
    recovers = options.get("--setParameter") == "recoverFromOplogAsStandalone=true"
    assert recovers == has_oplog
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    assert (folder / "mongod.lock").exists()


def test_a_server_that_refuses_the_copy_is_told_and_the_copy_deleted(
    folder: Path, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_FAILS", "1")
    monkeypatch.setattr("core.mongo.server.SELECT_MS", 300)
    with (
        pytest.raises(SourceError, match="ended with code 62"),
        fallback.served(folder, "7.0"),
    ):
        pass
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
