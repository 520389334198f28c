"""mongodump archives: whole, interleaved, cut, changed."""

from __future__ import annotations

import collections
import gzip
from typing import TYPE_CHECKING

import bson
import pytest

from core.errors import UnreadableFileError
from core.files.upload import Upload
from core.mongo import customers
from core.mongo.archive import MAGIC, Archive
from core.mongo.namespace import Name
from core.mongo.place import Place
from core.mongo.source import open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

END = b"\xff\xff\xff\xff"
CUSTOMERS = Name("shop", "customers")
NAMES = [
    Name("admin", "system.version"),
    Name("crm", "contacts"),
    Name("shop", "alltypes"),
    Name("shop", "customers"),
    Name("shop", "farDates"),
    Name("shop", "weird name é/ü%"),
]


def archive(content: bytes) -> Archive:
    return Archive(Place("x.archive", content))


def read(content: bytes) -> dict[Name, list[bytes]]:
    source = archive(content)
    return {s.name: list(source.raw_documents(s.name)) for s in source.namespaces()}


@pytest.mark.parametrize("name", ["dump.archive", "dump.archive.gz"])
def test_an_archive_holds_what_the_dump_folder_holds(
    name: str,
    generated: Path,
    fingerprint: Callable[[Iterable[bytes]], tuple[int, str]],
) -> None:
    source, folder = open_source(generated / name), open_source(generated / "dump")
    assert isinstance(source, Archive)
    spaces = source.namespaces()
    assert [space.name for space in spaces] == NAMES
    assert spaces == folder.namespaces()
    for space in spaces:
        raws = [document.raw for document in folder.documents(space.name)]
        assert fingerprint(source.raw_documents(space.name)) == fingerprint(raws)


def test_interleaved_blocks_are_told_apart(generated: Path) -> None:
    found = read((generated / "interleaved.archive").read_bytes())
    assert {str(name): len(raws) for name, raws in found.items()} == {
        "crm.empty": 0,
        "shop.customers": 333,
        "shop.orders": 120,
    }
    numbers = [bson.decode(raw)["customerNumber"] for raw in found[CUSTOMERS]]
    assert len(set(numbers)) == 333


def test_customers_are_the_same_load_from_archive_and_dump(generated: Path) -> None:
    readings = [
        customers.from_source(open_source(generated / name), CUSTOMERS)
        for name in (
            "dump",
            "dump.archive",
            "dump.archive.gz",
            "customers_only.archive",
        )
    ]
    assert len({reading.sha256 for reading in readings}) == 1
    assert all(reading.rows.equals(readings[0].rows) for reading in readings)
    assert readings[0].rows_read == 60


def test_a_cut_archive_is_told_wherever_it_is_cut(generated: Path) -> None:
    whole = (generated / "customers_only.archive").read_bytes()
    for size in [*range(4, 600, 7), *range(600, len(whole), 997), len(whole) - 1]:
        try:
            spaces = archive(whole[:size]).namespaces()
        except UnreadableFileError as error:
            told = str(error)
        else:
            told = " ".join(space.problem for space in spaces)
        assert "cut off" in told, size
        with pytest.raises(UnreadableFileError, match="cut off"):
            list(archive(whole[:size]).raw_documents(CUSTOMERS))


def test_an_archive_cut_right_behind_its_prelude_is_not_whole(generated: Path) -> None:
    whole = (generated / "customers_only.archive").read_bytes()
    prelude = whole[: whole.index(b"\xff\xff\xff\xff") + 4]
    (space,) = archive(prelude).namespaces()
    assert (space.name, space.count) == (CUSTOMERS, None)
    assert "no end mark" in space.problem


def test_a_changed_byte_is_told_or_changes_nothing(generated: Path) -> None:
    whole = (generated / "customers_only.archive").read_bytes()
    before = read(whole)
    told = 0
    for at in range(4, len(whole), 613):
        changed = whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]
        try:
            same = read(changed) == before
        except UnreadableFileError:
            told += 1
            same = True
        assert same, at
    assert told > 40


def test_a_damaged_collection_leaves_the_others_readable(generated: Path) -> None:
    whole = bytearray((generated / "interleaved.archive").read_bytes())
    at = whole.index(b"@example.com")
    whole[at] = ord("#")
    source = archive(bytes(whole))
    problems = {str(s.name): s.problem for s in source.namespaces()}
    assert "the checksum of shop.customers differs" in problems.pop("shop.customers")
    assert set(problems.values()) == {""}
    assert len(list(source.raw_documents(Name("shop", "orders")))) == 120
    with pytest.raises(UnreadableFileError, match=r"checksum of shop\.customers"):
        list(source.raw_documents(CUSTOMERS))


def test_a_collection_that_is_not_there_is_told(generated: Path) -> None:
    source = Archive(Place.of(generated / "dump.archive"))
    with pytest.raises(UnreadableFileError, match=r"holds no shop\.nothing"):
        list(source.raw_documents(Name("shop", "nothing")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (MAGIC, "cut off"),
        (MAGIC + b"\x03\0\0\0", "3 is no length of a document"),
        (MAGIC + b"\xff\xff\xff\x7f", "no length of a document"),
        (MAGIC + b"\x06\0\0\0\0\1", "does not end with a zero byte"),
        (MAGIC + b"\x05\0\0\0\0\x05\0\0\0\0", "a header names no collection"),
        (MAGIC + b"\x0d\0\0\0\x7exxxxxxx\0", "a header is no BSON"),
        (MAGIC + b"\x05\0\0\0\0" + b"\xff" * 8, "a block has no header"),
    ],
)
def test_what_is_no_archive_is_told(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        list(open_source(Upload("x.archive", content)).documents(CUSTOMERS))


def test_a_cut_gzip_of_an_archive_is_told(generated: Path) -> None:
    packed = (generated / "dump.archive.gz").read_bytes()
    with pytest.raises(UnreadableFileError, match=r"x\.gz: the packed file is cut off"):
        open_source(Upload("x.gz", packed[: len(packed) // 2])).namespaces()


def test_a_bomb_is_refused() -> None:
    name = bson.encode({"db": "shop", "collection": "customers", "EOF": False})
    opening = MAGIC + bson.encode({}) + name + END + name
    bomb = gzip.compress(opening + bson.encode({"pad": bytes(2**20)}) * 40)
    source = open_source(Upload("bomb.gz", bomb))
    assert "200 times its size" in source.namespaces()[0].problem
    with pytest.raises(UnreadableFileError, match="200 times its size"):
        collections.deque(source.documents(CUSTOMERS), maxlen=0)


def test_text_behind_the_last_end_mark_is_told(generated: Path) -> None:
    whole = (generated / "customers_only.archive").read_bytes()
    with pytest.raises(UnreadableFileError, match="is damaged near byte"):
        archive(whole + b"garbage").namespaces()
