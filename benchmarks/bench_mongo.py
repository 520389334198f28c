"""How long customers take from MongoDB's files to rows.

The peer is the BSON library's own decoding of the same documents from a plain file.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bson
from bson import Decimal128, Int64
from bson.json_util import CANONICAL_JSON_OPTIONS, dumps

from benchmarks.forged_home import numbered, write_home
from benchmarks.measure import measured
from benchmarks.result import Result
from core.mongo import customers
from core.mongo.namespace import Name
from core.mongo.source import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "mongo"

CUSTOMERS: Final = Name("shop", "customers")

PEER: Final = "bson.decode_file_iter"

EXPORTED: Final = 24_251
"""Customers in the largest export that staff have loaded."""


def run(size: int) -> list[Result]:
    """Read size customers from a data folder, and fewer from an export."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = numbered(documents(size))
        write_home(folder, {str(CUSTOMERS): rows}, compressor="snappy")
        plain, export = folder / "plain.bson", folder / "export.json"
        with plain.open("wb") as file:
            file.writelines(documents(size))
        few = map(bson.decode, documents(EXPORTED))
        lines = [dumps(fields, json_options=CANONICAL_JSON_OPTIONS) for fields in few]
        export.write_text("\n".join(lines), encoding="utf-8")
        peer = measured(decoded, plain)
        return [
            result(
                f"decode {size:,} documents of a folder", read, folder, peer.seconds
            ),
            result(f"{size:,} customers from a folder", load, folder, peer.seconds),
            result(f"{EXPORTED:,} customers from JSON", load_export, export, None),
        ]


def result(
    question: str, work: object, path: Path, peer_seconds: float | None
) -> Result:
    """Measure one piece of work on a path."""
    ours = measured(work, path)
    return Result(
        question=question,
        ours_seconds=ours.seconds,
        peak_mib=ours.peak_mib,
        peer=PEER if peer_seconds else "",
        peer_seconds=peer_seconds,
    )


def decoded(path: Path) -> int:
    """Decode a file of documents with the library alone."""
    with path.open("rb") as file:
        return sum(1 for _ in bson.decode_file_iter(file))


def read(folder: Path) -> int:
    """Decode every document of a data folder."""
    return sum(1 for _ in open_source(folder).documents(CUSTOMERS))


def load(folder: Path) -> int:
    """Turn a data folder into rows of customers."""
    return customers.from_source(open_source(folder), CUSTOMERS).rows_read


def load_export(path: Path) -> int:
    """Turn an export into rows of customers."""
    source = open_source(path)
    return customers.from_source(source, Name("", "export")).rows_read


def documents(size: int) -> Iterator[bytes]:
    """Make customers of about 500 bytes; the same for the same size."""
    for number in range(size):
        yield bson.encode(
            {
                "_id": number.to_bytes(12, "big"),
                "email": f"user{number}@example.com",
                "oxyId": number,
                "oxyUsername": f"user{number}a1f0",
                "briefOxyId": Int64(number),
                "briefOxyUsername": f"brief{number}",
                "createdAt": datetime(2024, 1, 1),
                "balance": Decimal128("1.50"),
                "addresses": [{"street": "Long Street 1", "zip": "12345"}],
                "tags": ["retail", "monthly"],
                "marketing": {"mail": True, "weight": 1.5},
                "notes": "n" * 150,
            }
        )
