"""Hostile stores of MongoDB: BSON, archives, data folders."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING, Final

import bson

from benchmarks.forged_home import Layout, block, cell, numbered, write_home
from benchmarks.hostile.payloads import ALL
from core.files.upload import Upload
from core.mongo.archive import MAGIC
from core.mongo.wiredtiger.blocks import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD: Final = bson.encode({"_id": 1, "email": "ann@example.com"})
MB: Final = 1024**2
_END: Final = b"\xff\xff\xff\xff"


def _element(kind: int, body: bytes, name: bytes = b"email") -> bytes:
    inner = bytes([kind]) + name + b"\0" + body
    return pack("<i", len(inner) + 5) + inner + b"\0"


def _nested(depth: int) -> bytes:
    document = GOOD
    for _ in range(depth):
        document = _element(3, document)
    return document


_BSON: Final = {
    "a document of no length": bytes(20),
    "a document of negative length": pack("<i", -5) + bytes(20),
    "a document of endless length": pack("<i", 2**31 - 1) + GOOD,
    "a document without its end": GOOD[:-1] + b"\1" + GOOD,
    "an element of an unknown type": _element(0x7E, bytes(8)),
    "a text longer than its document": _element(2, pack("<i", 9999) + b"x\0"),
    "a text of negative length": _element(2, pack("<i", -1) + b"x\0"),
    "a text of broken UTF-8": _element(2, pack("<i", 4) + b"\xff\xfe@\0"),
    "half a surrogate": _element(2, pack("<i", 5) + b"\xed\xa0\x80@\0"),
    "a zero byte in a text": _element(2, pack("<i", 4) + b"a\0@\0"),
    "a name without end": pack("<i", 12) + b"\x02" + b"x" * 7,
    "a list of wrong length": _element(4, pack("<i", 500) + b"\0"),
    "bytes of negative length": _element(5, pack("<i", -9) + b"\0"),
    "code of wrong length": _element(0x0F, pack("<ii", 14, 999) + b"x\0\5\0\0\0\0"),
    "a regular expression without end": _element(0x0B, b"(((("),
    "a date beyond time": _element(9, pack("<q", 2**63 - 1)),
    "a decimal that is none": _element(0x13, b"\xff" * 16),
    "a truth of another value": _element(8, b"\7"),
    "5,000 documents within documents": _nested(5000),
    "150 documents within documents": _nested(150),
    "one name twice": GOOD[:4] + GOOD[4:-1] * 1 + GOOD[4:],
    "a document of 16 MB": bson.encode({"email": "a@b.c", "pad": "x" * (15 * MB)}),
    "100,000 names": bson.encode(
        {"email": "a@b.c"} | {f"f{n}": n for n in range(99_999)}
    ),
    "50,000 empty documents": bson.encode({}) * 50_000,
}


def files() -> Iterator[tuple[str, Upload]]:
    """Give out the files with what they try."""
    for what, content in _BSON.items():
        yield f"{what} as BSON", Upload("customers.bson", GOOD + content)
    for what, text in ALL.items():
        clean = text.replace("\0", "")
        document = bson.encode({"email": f"{clean}@example.com", "oxyUsername": clean})
        yield f"{what} as BSON", Upload("customers.bson", GOOD + document)
    yield from _archives()
    yield from _homes()


def _archives() -> Iterator[tuple[str, Upload]]:
    header = bson.encode({"version": "0.1", "concurrent_collections": 1})
    named = bson.encode({"db": "shop", "collection": "customers", "EOF": False})
    ended = bson.encode(
        {"db": "shop", "collection": "customers", "EOF": True, "CRC": 5}
    )
    zqx = bson.encode({"db": "../zqx", "collection": "[zqx](x)\n<b>", "EOF": False})
    done = bson.encode({"db": "../zqx", "collection": "[zqx](x)\n<b>", "EOF": True})
    for what, parts in {
        "an archive of nothing": (),
        "an archive of a header": (header,),
        "an archive without an end": (header, _END, named, GOOD),
        "an archive with a wrong checksum": (
            header,
            _END,
            named,
            GOOD,
            _END,
            ended,
            _END,
        ),
        "an archive with names that mean something": (
            header,
            _END,
            zqx,
            _END,
            done,
            _END,
        ),
        "an archive whose names are numbers": (bson.encode({"db": 5}), _END),
        "an archive of ends": (_END * 10_000,),
        "a header of endless length": (pack("<i", 2**31 - 1),),
        "10,000 collections in an archive": (header, *_many(10_000)),
    }.items():
        yield what, Upload("x.archive", MAGIC + b"".join(parts))
    opening = MAGIC + header + _END + named
    bomb = opening + bson.encode({"pad": bytes(MB)}) * 20
    yield "an archive that grows", Upload("x.archive.gz", gzip.compress(bomb))


def _many(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield bson.encode({"db": "shop", "collection": f"c{number}"})
    yield _END


def _homes() -> Iterator[tuple[str, Upload]]:
    for what, ident in {
        "a table above the folder": "../../../../etc/passwd-{}",
        "a table by its whole path": "/etc/passwd-{}",
        "a table with a zero byte": "x\0-{}",
        "a table with an endless name": "x" * 5000 + "-{}",
    }.items():
        home = _packed(lambda name, _, ident=ident: {"ns": name, "ident": ident})
        yield what, Upload("home.tar.gz", home)
    for what, entry in {
        "a catalog of numbers": {"ns": 5, "ident": 7},
        "a catalog of lists": {"ns": ["x"], "ident": {"x": 1}, "md": 5},
        "a collection without a name": {"ns": "", "ident": "x"},
        "a collection that means something": {"ns": "<b>.[zqx](x)", "ident": "x"},
    }.items():
        home = _packed(lambda *_, entry=entry: dict(entry))
        yield what, Upload("home.tar.gz", home)
    for what, text in {
        "a turtle of nonsense": "zqx\n" * 1000,
        "a turtle with an endless address": 'file:WiredTiger.wt\ncheckpoint=(a=(addr="'
        + "ff" * MB
        + '",order=1))\n',
        "a turtle of brackets": "file:WiredTiger.wt\n" + "(" * MB,
    }.items():
        yield what, Upload("home.tar.gz", _packed(turtle=text))
    opening = (120897).to_bytes(4, "little").ljust(UNIT, b"\0")
    for what, raw in {
        "a page that leads to itself": block(
            6, [cell(5, b"a"), cell(1, b"\x80\x81\x80")]
        ),
        "a page of a million cells": block(7, [])[:20]
        + b"\xff\xff\xff\x7f"
        + bytes(4072),
        "a page of no kind": block(9, []),
    }.items():
        yield what, Upload("collection-1.wt", opening + raw)


def _packed(entry: object = None, turtle: str = "") -> bytes:
    content = io.BytesIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        tarfile.open(fileobj=content, mode="w:gz") as packed,
    ):
        layout = Layout("collection-{}", entry or _entry)  # type: ignore[arg-type]
        rows = {"shop.customers": numbered([GOOD])}
        write_home(Path(folder), rows, layout=layout)
        if turtle:
            (Path(folder) / "WiredTiger.turtle").write_text(turtle)
        packed.add(folder, "home")
    return content.getvalue()


def _entry(name: str, ident: str) -> dict[str, object]:
    return {"ns": name, "ident": ident}
