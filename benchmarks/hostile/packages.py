"""Hostile packages: gzip, zip and tar that grow, lead elsewhere, or lie."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

import bson

from core.files.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

USAGE: Final = b"Subuser,Date,Bandwidth Usage (GB)\nann,2024-01,1.5\n"
DUMP: Final = bson.encode({"_id": 1, "email": "ann@example.com"})
MB: Final = 1024**2

NAMES: Final = (
    "../zqx.csv",
    "a/../../zqx.csv",
    "/etc/zqx.csv",
    "C:\\zqx.csv",
    "\\\\zqx\\share\\zqx.csv",
    "..\\zqx.csv",
    "zqx\nzqx.csv",
    "zqx\u202ecsv.exe",
    "x" * 5000 + ".csv",
    "/".join(["x"] * 2000) + ".csv",
    "CON.csv",
    "~/zqx.csv",
    "$(zqx).csv",
    "[zqx](https://zqx.example.com).csv",
    "<img src=zqx>.csv",
    ".",
)
"""Names of files inside that lead elsewhere or mean something."""

KINDS: Final = {
    "a link": tarfile.SYMTYPE,
    "a hard link": tarfile.LNKTYPE,
    "a device": tarfile.CHRTYPE,
    "a disk": tarfile.BLKTYPE,
    "a pipe": tarfile.FIFOTYPE,
    "a sparse file": tarfile.GNUTYPE_SPARSE,
}


def zipped(
    *members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Pack files into a zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return content.getvalue()


def tar(*members: tuple[tarfile.TarInfo | str, bytes]) -> bytes:
    """Pack files into a tar."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as packed:
        for name, data in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return content.getvalue()


def files() -> Iterator[tuple[str, Upload]]:
    """Give out the files with what they try."""
    for name in NAMES:
        shown = repr(name[:20])
        yield f"{shown} in a zip", Upload("all.zip", zipped((name, USAGE)))
        dump = name.replace(".csv", ".bson")
        good = ("dump/shop/customers.bson", DUMP)
        yield f"{shown} in a dump as zip", Upload("d.zip", zipped(good, (dump, DUMP)))
        yield f"{shown} in a tar", Upload("dump.tar", tar(good, (dump, DUMP)))
    for what, kind in KINDS.items():
        yield f"{what} in a tar", Upload("dump.tar", tar(_special(kind)))
    yield from _bombs()
    yield from _lies()


def _special(kind: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo("dump/shop/customers.bson")
    info.type, info.linkname = kind, "/etc/passwd"
    return info, b""


def _bombs() -> Iterator[tuple[str, Upload]]:
    zeros, lines = bytes(20 * MB), b"ann,2024-01,1\n" * (3 * MB // 2)
    yield "a gzip that grows", Upload("a.csv.gz", gzip.compress(zeros))
    grown = gzip.compress(USAGE[:34] + lines)
    yield "a gzip of rows that grows", Upload("a.csv.gz", grown)
    yield "a gzip within a gzip", Upload("a.gz", gzip.compress(gzip.compress(zeros)))
    many = gzip.compress(zeros[: 4 * MB]) * 5
    yield "many gzips in one", Upload("a.gz", many)
    yield "a zip that grows", Upload("a.zip", zipped(("usage.csv", zeros)))
    inner = zipped(("usage.csv", zeros))
    yield "a zip within a zip", Upload("a.zip", zipped(("inner.zip", inner)))
    yield (
        "a gzip in a zip that grows",
        Upload("a.zip", zipped(("usage.csv.gz", gzip.compress(zeros)))),
    )
    yield (
        "many files that grow",
        Upload("a.zip", zipped(*((f"{n}.csv", zeros[: 4 * MB]) for n in range(5)))),
    )
    yield (
        "20,000 files",
        Upload("a.zip", zipped(*((f"{n}", b"") for n in range(20_000)))),
    )
    yield (
        "a tar that grows",
        Upload("dump.tar.gz", gzip.compress(tar(("dump/shop/x.bson", zeros)))),
    )
    endless = tarfile.TarInfo("././@LongLink")
    endless.type, endless.size = tarfile.GNUTYPE_LONGNAME, 2**33
    head = endless.tobuf(tarfile.GNU_FORMAT)
    yield "a name without end", Upload("dump.tar", head + bytes(100_000))
    long = tarfile.TarInfo("x")
    long.pax_headers = {"path": "y" * (10 * MB)}
    yield "a name of 10 MB", Upload("dump.tar", tar((long, DUMP)))


def _lies() -> Iterator[tuple[str, Upload]]:
    whole = zipped(("usage.csv", USAGE * 1000))
    directory = whole.index(b"PK\x01\x02")
    for what, at, value in (
        ("a size that is too small", directory + 24, 5),
        ("a size that is too large", directory + 24, 2**31),
        ("a packed size beyond the end", directory + 20, 2**31),
        ("a place beyond the end", directory + 42, 2**31),
        ("a wrong checksum", directory + 16, 0),
    ):
        yield (
            what,
            Upload("a.zip", whole[:at] + struct.pack("<I", value) + whole[at + 4 :]),
        )
    for what, at, value in (
        ("a locked file", directory + 8, 1),
        ("an unknown packing", directory + 10, 99),
        ("a zip of several disks", len(whole) - 18, 7),
    ):
        yield (
            what,
            Upload("a.zip", whole[:at] + struct.pack("<H", value) + whole[at + 2 :]),
        )
    overlapping = bytearray(zipped(("a.csv", USAGE), ("b.csv", USAGE)))
    second = overlapping.rindex(b"PK\x01\x02")
    overlapping[second + 42 : second + 46] = bytes(4)
    yield "two files in one place", Upload("a.zip", bytes(overlapping))
    yield "one name twice", Upload("a.zip", _twice())
    yield "a zip behind a table", Upload("a.csv", USAGE + whole)
    yield "half a zip", Upload("a.zip", whole[: len(whole) // 2])
    yield "a zip of nothing", Upload("a.zip", zipped())
    yield (
        "a zip packed by LZMA",
        Upload("a.zip", zipped(("a.csv", USAGE), packing=zipfile.ZIP_LZMA)),
    )
    link = zipfile.ZipInfo("dump/shop/customers.bson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    yield "a link in a zip", Upload("a.zip", zipped((link, b"/etc/passwd")))
    packed = gzip.compress(USAGE)
    yield "half a gzip", Upload("a.gz", packed[:-9])
    yield "a gzip with a wrong checksum", Upload("a.gz", packed[:-8] + bytes(8))
    yield "a gzip with garbage behind", Upload("a.gz", packed + b"zqx")
    header = b"\x1f\x8b\x08\x1c" + bytes(6) + b"\xff\xff" + b"zqx" * 99
    yield "a gzip with a header beyond its end", Upload("a.gz", header)
    yield "a zlib stream", Upload("a.csv", zlib.compress(USAGE))


def _twice() -> bytes:
    one, two = zipped(("a.csv", USAGE), ("b.csv", USAGE)), b"b.csv"
    return one.replace(two, b"a.csv")
