"""Data folders in the form of WiredTiger, made without a server."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Final

import bson
import cramjam

from core.mongo.checksum import crc32c_around
from core.mongo.wiredtiger.blocks import UNIT
from core.mongo.wiredtiger.packing import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

PAGE_BYTES: Final = 32 * 1024
"""About how much a leaf page holds; MongoDB's default."""

FANOUT: Final = 200
"""Pages below one internal page."""

_PAGE: Final = Struct("<QQIIBBBB")
_BLOCK: Final = Struct("<IIB3x")
_DESCRIPTION: Final = Struct("<IHHI")


def block(
    kind: int, cells: list[bytes], *, compressor: str = "", generation: int = 1
) -> bytes:
    """Make a block of cells with a right checksum."""
    body = b"".join(cells)
    size, flags = 40 + len(body), 0
    plain, rest = body[:24], body[24:]
    if compressor == "snappy" and rest:
        packed = bytes(cramjam.snappy.compress_raw(rest))
        rest, flags = len(packed).to_bytes(8, "little") + packed, 1
    used = 40 + len(plain) + len(rest)
    whole = -used // UNIT * -UNIT
    page = _PAGE.pack(0, generation, size, len(cells), kind, flags, 0, 1)
    raw = page + _BLOCK.pack(whole, 0, 1) + plain + rest + bytes(whole - used)
    return raw[:32] + crc32c_around(raw, 32).to_bytes(4, "little") + raw[36:]


def cell(kind: int, data: bytes) -> bytes:
    """Make a cell with a packed length: key 5, address 1 or 2, value 8."""
    less = 64 if kind in (5, 8) else 0
    if less and len(data) < less:
        return bytes([len(data) << 2 | (1 if kind == 5 else 3)]) + data
    return bytes([kind << 4]) + pack(len(data) - less) + data


def cookie(offset: int, raw: bytes) -> bytes:
    """Write the address of a block."""
    checksum = int.from_bytes(raw[32:36], "little")
    return pack(offset // UNIT - 1) + pack(len(raw) // UNIT) + pack(checksum)


def write_table(
    path: Path, rows: Iterable[tuple[bytes, bytes]], *, compressor: str = ""
) -> str:
    """Write a table and return its configuration string."""
    opening = _DESCRIPTION.pack(120897, 1, 0, 0).ljust(UNIT, b"\0")
    with path.open("wb") as file:
        file.write(opening)
        level: list[tuple[bytes, bytes]] = []
        for first, cells in _leaves(rows):
            raw = block(7, cells, compressor=compressor)
            level.append((first, cookie(file.tell(), raw)))
            file.write(raw)
        kind, generation = 2, 2
        while level:
            above: list[tuple[bytes, bytes]] = []
            for at in range(0, len(level), FANOUT):
                part = level[at : at + FANOUT]
                cells = [c for k, a in part for c in (cell(5, k), cell(kind, a))]
                raw = block(6, cells, compressor=compressor, generation=generation)
                above.append((part[0][0], cookie(file.tell(), raw)))
                file.write(raw)
            kind, generation, level = 1, generation + 1, above
            if len(level) == 1:
                break
    root = (b"\1" + level[0][1] + pack(0) * 6).hex() if level else ""
    return (
        f"allocation_size=4KB,block_compressor={compressor},id=1,"
        f'checkpoint=(WiredTigerCheckpoint.1=(addr="{root}",order=1)),'
        "checkpoint_lsn=(4294967295,2147483647)"
    )


@dataclass(frozen=True)
class Layout:
    """How a series of MongoDB writes its catalog.

    ident has `{}` for the number of the collection. entry makes the entry for a name
    and an ident; others are entries of no collection.
    """

    ident: str
    entry: Callable[[str, str], dict[str, object]]
    others: tuple[dict[str, object], ...] = ()


def named_entry(name: str, ident: str) -> dict[str, object]:
    """Make the shortest entry of a catalog."""
    return {"ns": name, "ident": ident}


SHORT: Final = Layout("collection-{}-1", named_entry)
"""The shortest catalog that can be read."""


def write_home(
    folder: Path,
    collections: Mapping[str, Iterable[tuple[bytes, bytes]]],
    *,
    stable_timestamp: int = 0,
    compressor: str = "",
    layout: Layout = SHORT,
) -> None:
    """Write a data folder; collections are rows of RecordId and document by name."""
    texts: dict[str, str] = {}
    catalog: list[tuple[bytes, bytes]] = []
    for number, (name, rows) in enumerate(collections.items()):
        ident = layout.ident.format(number)
        path = folder / f"{ident}.wt"
        path.parent.mkdir(parents=True, exist_ok=True)
        texts[f"file:{ident}.wt"] = write_table(path, rows, compressor=compressor)
        catalog.append((pack(number), bson.encode(layout.entry(name, ident))))
    for entry in layout.others:
        catalog.append((pack(len(catalog)), bson.encode(entry)))
    catalog_path = folder / "_mdb_catalog.wt"
    texts["file:_mdb_catalog.wt"] = write_table(catalog_path, catalog)
    if stable_timestamp:
        stable = f'checkpoint_timestamp="{stable_timestamp:x}"'
        texts["system:checkpoint"] = stable
    pairs = [(k.encode() + b"\0", v.encode() + b"\0") for k, v in sorted(texts.items())]
    config = write_table(folder / "WiredTiger.wt", pairs)
    (folder / "WiredTiger.turtle").write_text(f"file:WiredTiger.wt\n{config}\n")
    (folder / "mongod.lock").write_bytes(b"")


def numbered(documents: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Give documents RecordIds from 1."""
    for number, document in enumerate(documents, start=1):
        yield pack(number), document


def _leaves(
    rows: Iterable[tuple[bytes, bytes]],
) -> Iterator[tuple[bytes, list[bytes]]]:
    first, cells, size = b"", [], 0
    for key, value in rows:
        if not cells:
            first = key
        cells += [cell(5, key), cell(8, value)]
        size += len(key) + len(value)
        if size > PAGE_BYTES:
            yield first, cells
            cells, size = [], 0
    if cells:
        yield first, cells
