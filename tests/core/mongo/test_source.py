"""One way to open whatever holds customers."""

from __future__ import annotations

import gzip
import subprocess
import sys
from typing import TYPE_CHECKING

import bson
import pytest

from core.errors import AppError, SourceError, UnreadableFileError
from core.files.upload import Upload
from core.mongo import customers
from core.mongo.document import Document, canonical_json
from core.mongo.namespace import FieldSample, Name, Namespace, proposed
from core.mongo.place import Place
from core.mongo.source import open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINES = b'{"email": "a@example.com"}\n{"email": "b@example.com"}\n'
RAW = bson.encode({"_id": 1, "email": "a@example.com"})


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (LINES, "mongoexport JSON, lines"),
        (
            b"\xef\xbb\xbf  [" + LINES.replace(b"\n", b",")[:-1] + b"]",
            "mongoexport JSON, array",
        ),
        (gzip.compress(LINES), "mongoexport JSON, lines"),
        (RAW * 2, "mongodump folder"),
        (gzip.compress(RAW * 2), "mongodump folder"),
    ],
)
def test_content_tells_what_a_file_is(content: bytes, layout: str) -> None:
    source = open_source(Upload("anything.bin", content))
    (space,) = source.namespaces()
    assert (source.layout, space.count) == (layout, 2)
    reading = customers.from_source(source, space.name)
    assert reading.rows_read == 2
    assert reading.layout == layout


def test_a_file_a_folder_and_an_upload_give_the_same(generated: Path) -> None:
    path = generated / "dump" / "shop" / "customers.bson"
    sources = (path, str(path), Upload.from_path(path), generated / "dump")
    readings = []
    for where in sources:
        source = open_source(where)
        names = {space.name.collection: space.name for space in source.namespaces()}
        readings.append(customers.from_source(source, names["customers"]))
    assert len({reading.sha256 for reading in readings}) == 1


def test_the_load_of_an_export_is_that_of_its_file() -> None:
    upload = Upload("customers.json", LINES)
    source = open_source(upload)
    reading = customers.from_source(source, source.namespaces()[0].name)
    assert reading == customers.read(upload)


def test_the_order_of_documents_does_not_change_the_fingerprint() -> None:
    raws = [bson.encode({"_id": n, "email": f"u{n}@example.com"}) for n in range(5)]
    found = set()
    for content in (b"".join(raws), b"".join(reversed(raws))):
        source = open_source(Upload("customers.bson", content))
        name = source.namespaces()[0].name
        found.add(customers.from_source(source, name).sha256)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (gzip.compress(b""), "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(600), "PNG picture"),
        (b"db.customers.find()\n", "is not JSON"),
    ],
)
def test_what_holds_no_documents_is_told(content: bytes, words: str) -> None:
    with pytest.raises(AppError, match=words):
        open_source(Upload("x", content)).namespaces()


def test_a_missing_collection_is_told(generated: Path) -> None:
    source = open_source(generated / "dump")
    with pytest.raises(SourceError, match=r"dump: has no collection shop\.nothing"):
        list(source.documents(Name("shop", "nothing")))


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-9], lambda b: b[:-6] + b"\0" + b[-5:]]
)
def test_a_damaged_gzip_is_told(damage: Callable[[bytes], bytes]) -> None:
    place = Place("x.gz", damage(gzip.compress(RAW * 1000)))
    with pytest.raises(UnreadableFileError, match=r"x\.gz: the packed file is"):
        place.head(10**6)


def test_a_file_that_may_not_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        Place.of(tmp_path / "gone").head(1)


NAMED = [
    Namespace(Name("shop", "orders"), 1, ("total",)),
    Namespace(Name("shop", "people"), 1, ("email",)),
    Namespace(Name("shop", "customers"), 1, ("mail",)),
]


@pytest.mark.parametrize(
    ("spaces", "name"),
    [
        (NAMED, "customers"),
        (NAMED[:2], "people"),
        (NAMED[:1], "orders"),
        ([], None),
        ([NAMED[0], Namespace(Name("crm", "orders"), 1)], None),
        ([*NAMED[:2], Namespace(Name("shop", "customers"), None, (), "cut")], "people"),
        ([*NAMED, Namespace(Name("crm", "customers"), 1)], "people"),
    ],
)
def test_the_collection_of_customers_is_proposed(
    spaces: list[Namespace], name: str | None
) -> None:
    found = proposed(spaces)
    assert (found.name.collection if found else None) == name


def test_names_of_fields_come_from_the_first_documents() -> None:
    sample = FieldSample()
    sample.add(b"no document")
    for number in range(30):
        sample.add({"_id": 1, f"field{number}": 1})
    assert sample.fields[:3] == ("_id", "field0", "field1")
    assert len(sample.fields) == 20


def test_a_whole_document_is_written_as_one_line() -> None:
    line = canonical_json(Document(1, {"_id": 5, "when": None, "n": 2.5}))
    assert line == (
        '{"_id": {"$numberInt": "5"}, "when": null, "n": {"$numberDouble": "2.5"}}'
    )


def test_the_driver_is_imported_only_for_a_server() -> None:
    code = "import sys, core.mongo.source; sys.exit('pymongo' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=False)
    assert run.returncode == 0
