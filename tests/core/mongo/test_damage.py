"""Damaged data folders: told with file and place, never read wrongly."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from core.errors import SourceError
from core.mongo.namespace import Name
from core.mongo.source import open_source
from core.mongo.wiredtiger.files import FolderFiles
from core.mongo.wiredtiger.home import Home
from core.mongo.wiredtiger.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.mongo.wiredtiger.journal import Operation

    Unpack = Callable[[str], Path]

LAB = "lab_zstd_clean"
UNIT = 4096
MAX_PAGE = 32 * 1024
TURTLE = "WiredTiger.turtle"
METADATA = ("WiredTiger.wt", "_mdb_catalog.wt")
SPREAD = 613
"""Moves the flipped byte through the blocks: it meets every part of some block."""


LAST_BYTES = 32 * 1024
"""More than the log holds behind the newest checkpoint."""


@pytest.fixture
def folder(tmp_path: Path, unpacked: Unpack) -> Path:
    return shutil.copytree(unpacked(LAB), tmp_path / LAB)


def opened(folder: Path) -> object:
    """Read what tells where documents are: equal means the same documents."""
    try:
        home = Home(FolderFiles(folder))
    except SourceError as error:
        return str(error)
    return home.metadata, home.collections


def digest(home: Home, ident: str) -> str:
    found = hashlib.sha256()
    try:
        for value in home.rows(ident):
            found.update(value)
    except SourceError as error:
        return str(error)
    return found.hexdigest()


def documents(folder: Path) -> dict[str, str]:
    """Read all collections; one that is damaged has the words of its error."""
    home = Home(FolderFiles(folder))
    return {str(c.name): digest(home, c.ident) for c in home.collections}


def flipped(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :]


def one_byte_in_every_block(path: Path) -> Iterator[None]:
    whole = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for number, start in enumerate(range(0, len(whole), UNIT)):
            width = min(UNIT, len(whole) - start)
            at = start + (number * SPREAD + 11) % width
            os.pwrite(file.fileno(), bytes([whole[at] ^ 0x41]), at)
            yield
            os.pwrite(file.fileno(), whole[at : at + 1], at)


def cut_everywhere(path: Path, above: int = 0) -> Iterator[None]:
    for size in reversed(range(above, path.stat().st_size, 512)):
        os.truncate(path, size)
        yield


DAMAGES = [one_byte_in_every_block, cut_everywhere]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_anywhere_in_any_collection_is_told_with_its_place(
    damage: Callable[[Path], Iterator[None]], folder: Path
) -> None:
    home, told = Home(FolderFiles(folder)), 0
    for collection in home.collections:
        path = folder / f"{collection.ident}.wt"
        before = digest(home, collection.ident)
        for _ in damage(path):
            found = digest(home, collection.ident)
            told += found != before
            assert found == before or PLACE.match(found.removeprefix(path.name)), found
    assert told > 20


PLACE = re.compile(r": (the block at \d+ |is empty|is no WiredTiger file)")
"""How an error goes on behind the name of the file."""


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", METADATA)
def test_damage_anywhere_in_the_metadata_is_told_with_its_place(
    name: str, damage: Callable[[Path], Iterator[None]], folder: Path
) -> None:
    before, path = opened(folder), folder / name
    told = 0
    for _ in damage(path):
        found = opened(folder)
        told += found != before
        assert found == before or PLACE.match(str(found).removeprefix(name)), found
    assert told > 1


@pytest.mark.parametrize("name", ["lab_zstd_clean", "lab_snappy_unclean"])
def test_a_changed_turtle_never_leads_to_other_documents(
    name: str, tmp_path: Path, unpacked: Unpack
) -> None:
    folder = shutil.copytree(unpacked(name), tmp_path / name)
    path = folder / TURTLE
    whole, before, right = path.read_bytes(), opened(folder), documents(folder)
    numbers = [*span(whole, b'addr="', 80), *span(whole, b"checkpoint_lsn", 30)]
    contents = [flipped(whole, at) for at in numbers[::5]]
    contents += [whole[:size] for size in range(0, len(whole), 512)]
    for content in contents:
        path.write_bytes(content)
        found = opened(folder)
        if found != before and not isinstance(found, str):
            for space, text in documents(folder).items():
                assert text == right[space] or ".wt: " in text, space


def span(whole: bytes, mark: bytes, size: int) -> range:
    start = whole.index(mark)
    return range(start, min(start + size, len(whole)))


def test_no_other_file_of_a_folder_is_needed(folder: Path) -> None:
    right = documents(folder)
    idents = {f"{c.ident}.wt" for c in Home(FolderFiles(folder)).collections}
    for path in folder.iterdir():
        if path.is_file() and path.name not in {*idents, *METADATA, TURTLE}:
            path.unlink()
    shutil.rmtree(folder / "journal")
    assert documents(folder) == right


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


def test_damage_anywhere_in_a_journal_leaves_whole_operations_in_order(
    tmp_path: Path, unpacked: Unpack
) -> None:
    folder = shutil.copytree(unpacked("lab_snappy_unclean"), tmp_path / "home")
    (log,) = (folder / "journal").glob("WiredTigerLog.*")
    complete, _ = operations(log)
    for _ in one_byte_in_every_block(log):
        found, told = operations(log)
        assert found == complete[: len(found)]
        assert len(found) == len(complete) or told.startswith(f"{log.name}: ")
    # What stands before the newest checkpoint is not replayed.
    for _ in cut_everywhere(log, above=log.stat().st_size - LAST_BYTES):
        found, _ = operations(log)
        assert found == complete[: len(found)]


def operations(log: Path) -> tuple[list[Operation], str]:
    """Read what one log file holds, and what is told of it."""
    journal = Journal([log])
    try:
        return list(journal.operations(range(100))), " ".join(journal.warnings)
    except SourceError as error:
        return [], str(error)


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
