"""Dump folders and single .bson files; exports equal them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import shutil
from typing import TYPE_CHECKING

import bson
import pytest
from bson.codec_options import DatetimeConversion

from core.errors import SourceError, UnreadableFileError
from core.files.upload import Upload
from core.mongo.document import Document
from core.mongo.namespace import Name
from core.mongo.source import open_source

if TYPE_CHECKING:
    from pathlib import Path

CUSTOMERS = Name("shop", "customers")
RAW = bson.encode({"_id": 1, "email": "a@example.com"})


def test_names_are_unescaped_and_views_left_out(generated: Path) -> None:
    names = [str(space.name) for space in open_source(generated / "dump").namespaces()]
    assert names == [
        "admin.system.version",
        "crm.contacts",
        "shop.alltypes",
        "shop.customers",
        "shop.farDates",
        "shop.weird name é/ü%",
    ]


def test_a_packed_dump_folder_holds_the_same_bytes(generated: Path) -> None:
    plain, packed = (open_source(generated / name) for name in ("dump", "dump_gz"))
    assert packed.namespaces() == plain.namespaces()
    for space in plain.namespaces():
        want, found = (
            [document.raw for document in source.documents(space.name)]
            for source in (plain, packed)
        )
        assert found == want


def test_the_folder_of_one_database_is_a_dump_too(generated: Path) -> None:
    source = open_source(generated / "dump" / "shop")
    assert len(list(source.documents(CUSTOMERS))) == 60


@pytest.mark.parametrize("suffix", [".bson", ".bson.gz"])
def test_one_file_is_one_collection(suffix: str, generated: Path) -> None:
    content = (generated / "dump/shop/customers.bson").read_bytes()
    if suffix.endswith("gz"):
        content = gzip.compress(content)
    source = open_source(Upload(f"my+customers{suffix}", content))
    (space,) = source.namespaces()
    assert (space.name, space.count) == (Name("", "my customers"), 60)
    assert len(list(source.documents(space.name))) == 60


def test_a_name_that_was_too_long_comes_from_the_metadata(tmp_path: Path) -> None:
    name = "long" * 60
    cut = f"{name[:200]}%24{base64.urlsafe_b64encode(hashlib.sha1(b'x').digest())}"  # noqa: S324
    stem = tmp_path / cut.replace("/", "")
    stem.with_name(stem.name + ".bson").write_bytes(RAW)
    metadata = f'{{"collectionName": "{name}"}}'.encode()
    stem.with_name(stem.name + ".metadata.json.gz").write_bytes(gzip.compress(metadata))
    (space,) = open_source(tmp_path).namespaces()
    assert space.name.collection == name


def test_the_log_of_a_dump_is_told(tmp_path: Path, generated: Path) -> None:
    folder = shutil.copytree(generated / "dump", tmp_path / "dump")
    (folder / "oplog.bson").write_bytes(RAW)
    source = open_source(folder)
    assert "oplog" not in {space.name.collection for space in source.namespaces()}
    assert "oplog.bson holds changes" in source.notes(CUSTOMERS)[0]


def test_files_that_macos_adds_are_no_collections(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "customers.bson").write_bytes(RAW)
    (tmp_path / "shop" / "._customers.bson").write_bytes(b"\0\5\x16\7")
    assert len(open_source(tmp_path).namespaces()) == 1


@pytest.mark.parametrize("end", [1, 4, 20, 400])
def test_a_cut_file_is_told_with_what_came_before(end: int, generated: Path) -> None:
    content = (generated / "dump/shop/customers.bson").read_bytes()[:-end]
    source = open_source(Upload("customers.bson", content))
    (space,) = source.namespaces()
    assert space.count is None
    assert "customers.bson: is cut off after byte " in space.problem
    assert "59 documents before it were whole" in space.problem
    with pytest.raises(UnreadableFileError, match="is cut off"):
        list(source.documents(space.name))


def test_a_damaged_length_is_told(generated: Path) -> None:
    content = bytearray((generated / "dump/shop/customers.bson").read_bytes())
    first = int.from_bytes(content[:4], "little")
    content[first + 3] = 0x7F
    (space,) = open_source(Upload("customers.bson", bytes(content))).namespaces()
    assert f"is damaged near byte {first + 4}" in space.problem


@pytest.mark.parametrize(
    ("name", "count"),
    [
        (f"customers_{form}_{shape}.json", 60)
        for form in ("canonical", "relaxed")
        for shape in ("lines", "array", "lines_pretty", "array_pretty")
    ]
    + [("alltypes_canonical.json", 1), ("farDates_canonical.json", 2)]
    + [("farDates_relaxed.json", 2)],
)
def test_an_export_equals_the_dump_document_by_document(
    name: str, count: int, generated: Path
) -> None:
    collection = name.partition("_")[0]
    dumped = open_source(generated / "dump").documents(Name("shop", collection))
    exported = open_source(generated / name).documents(Name("", collection))
    want, found = comparable(dumped), comparable(exported)
    assert len(want) == count
    assert sorted(found) == sorted(want)


def comparable(documents: object) -> list[str]:
    """Write documents so that a regular expression and NaN compare, in any order."""
    found = []
    for document in documents:
        assert isinstance(document, Document)
        options = bson.CodecOptions(
            datetime_conversion=DatetimeConversion.DATETIME_AUTO
        )
        decoded = bson.decode(bson.encode(document.fields), options)
        found.append(repr(sorted(decoded.items())))
    return found


def test_dates_beyond_the_calendar_cost_no_document(generated: Path) -> None:
    source = open_source(generated / "dump")
    documents = list(source.documents(Name("shop", "farDates")))
    assert all(isinstance(document, Document) for document in documents)


@pytest.mark.parametrize(
    ("name", "words"),
    [("nothing", "there is no such file or folder"), ("empty", "neither a dump")],
)
def test_a_place_without_documents_is_told(
    name: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=words):
        open_source(tmp_path / name)
