"""Damaged data folders: told with file and place, never read wrongly."""

from __future__ import annotations

import hashlib
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from core.errors import SourceError
from core.mongo.namespace import Name
from core.mongo.source import open_source
from core.mongo.wiredtiger.files import FolderFiles
from core.mongo.wiredtiger.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Unpack = Callable[[str], Path]

LAB = "lab_zstd_clean"
UNIT = 4096
MAX_PAGE = 32 * 1024


@pytest.fixture
def folder(tmp_path: Path, unpacked: Unpack) -> Path:
    return shutil.copytree(unpacked(LAB), tmp_path / LAB)


def state(folder: Path) -> dict[str, str]:
    """Read all collections; one that is damaged has the words of its error."""
    try:
        home = Home(FolderFiles(folder))
    except SourceError as error:
        return {"home": str(error)}
    return {str(c.name): digest(home, c.ident) for c in home.collections}


def digest(home: Home, ident: str) -> str:
    found = hashlib.sha256()
    try:
        for value in home.rows(ident):
            found.update(value)
    except SourceError as error:
        return str(error)
    return found.hexdigest()


def flipped(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :]


def assert_same_or_told(path: Path, folder: Path, before: dict[str, str]) -> None:
    """A result that differs must be an error that names the damaged file."""
    for space, found in state(folder).items():
        assert found == before.get(space) or found.startswith(f"{path.name}: "), space


def test_one_flipped_byte_in_any_block_of_a_collection_is_told(folder: Path) -> None:
    home, told = Home(FolderFiles(folder)), 0
    for collection in home.collections:
        path = folder / f"{collection.ident}.wt"
        before, whole = digest(home, collection.ident), path.read_bytes()
        for place in range(0, len(whole), UNIT):
            path.write_bytes(flipped(whole, place + (place // UNIT * 37 + 11) % 300))
            found = digest(home, collection.ident)
            told += found != before
            assert found == before or found.startswith(f"{path.name}: the block at ")
        path.write_bytes(whole)
    assert told > 20


@pytest.mark.parametrize("name", ["WiredTiger.wt", "_mdb_catalog.wt"])
def test_one_flipped_byte_in_any_block_of_the_metadata_is_told(
    name: str, folder: Path
) -> None:
    before, path = state(folder), folder / name
    whole = path.read_bytes()
    for place in range(0, len(whole), UNIT):
        path.write_bytes(flipped(whole, place + (place // UNIT * 37 + 11) % 300))
        assert_same_or_told(path, folder, before)


@pytest.mark.parametrize("at", [0, 4, 8, 20, 24, 25, 28, 32, 36, 40, 64, 100])
def test_a_flip_anywhere_in_a_block_of_customers_is_told(at: int, folder: Path) -> None:
    home = Home(FolderFiles(folder))
    idents = {str(c.name): c.ident for c in home.collections}
    path = folder / f"{idents['shop.customers']}.wt"
    before = digest(home, idents["shop.customers"])
    whole, told = path.read_bytes(), 0
    for place in range(UNIT, len(whole), UNIT):
        path.write_bytes(flipped(whole, place + at))
        found = digest(home, idents["shop.customers"])
        told += found != before
        if found != before:
            said = re.match(r"collection-\S+\.wt: the block at (\d+) has", found)
            assert said
            assert place - MAX_PAGE < int(said[1]) <= place
            assert "documents came before it" in found
    assert told > 0


def test_a_file_cut_anywhere_is_told_or_changes_nothing(folder: Path) -> None:
    home = Home(FolderFiles(folder))
    idents = {str(c.name): c.ident for c in home.collections}
    path = folder / f"{idents['shop.customers']}.wt"
    before = digest(home, idents["shop.customers"])
    whole, results = path.read_bytes(), []
    for size in range(0, len(whole), 512):
        path.write_bytes(whole[:size])
        found = digest(home, idents["shop.customers"])
        results.append(found)
        assert found == before or found.startswith(f"{path.name}: ")
    assert results[0].startswith(f"{path.name}: is empty.")
    assert "ends before byte" in results[len(results) // 2]


@pytest.mark.parametrize("name", ["WiredTiger.wt", "_mdb_catalog.wt"])
def test_metadata_cut_anywhere_are_told_or_change_nothing(
    name: str, folder: Path
) -> None:
    before, path = state(folder), folder / name
    whole = path.read_bytes()
    for size in range(0, len(whole), 4096 - 512):
        path.write_bytes(whole[:size])
        assert_same_or_told(path, folder, before)


def test_a_turtle_cut_or_changed_anywhere_is_told_or_changes_nothing(
    folder: Path,
) -> None:
    before = state(folder)
    path = folder / "WiredTiger.turtle"
    whole = path.read_bytes()
    addr = whole.index(b'addr="')
    for at in range(addr, addr + 60, 4):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        found = state(folder)
        assert found == before or set(found) == {"home"}, at


def test_a_damaged_journal_is_told(tmp_path: Path, unpacked: Unpack) -> None:
    folder = shutil.copytree(unpacked("lab_snappy_unclean"), tmp_path / "home")
    (log,) = (folder / "journal").glob("WiredTigerLog.*")
    name, whole = Name("shop", "customers"), log.read_bytes()
    complete = {d.raw for d in open_source(folder).documents(name)}
    end = len(whole.rstrip(b"\0"))
    told = 0
    for at in range(end - 40_000, end, 2777):
        log.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        source = open_source(folder)
        found = {d.raw for d in source.documents(name)}
        notes = " ".join(source.notes(name))
        if found != complete:
            told += 1
            assert f"{log.name}: the record at " in notes
            assert "the last writes before the stop are missing" in notes
    assert told > 0


def test_damage_in_an_earlier_log_file_is_no_torn_end(
    tmp_path: Path, unpacked: Unpack
) -> None:
    folder = shutil.copytree(unpacked("lab_snappy_unclean"), tmp_path / "home")
    (log,) = (folder / "journal").glob("WiredTigerLog.*")
    whole = bytearray(log.read_bytes())
    log.with_name("WiredTigerLog.0000000002").write_bytes(whole[:128])
    whole[200] ^= 1
    log.write_bytes(whole)
    with pytest.raises(SourceError, match="the record at 128 has a wrong checksum"):
        open_source(folder)
