"""Packed folders: read whole; anything hostile in them is refused."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING

import bson
import pytest

from core.errors import AppError, UnreadableFileError
from core.files.upload import Upload
from core.mongo.namespace import Name
from core.mongo.source import open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RAW = bson.encode({"_id": 1, "email": "a@example.com"})
GOOD = ("dump/shop/customers.bson", RAW)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the temporary folders where the test can look at them."""
    folder = tmp_path / "a" / "temporary"
    folder.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def tar(*members: tarfile.TarInfo | tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                packed.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                packed.addfile(info, io.BytesIO(member[1]))
    return buffer.getvalue()


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return buffer.getvalue()


def special(kind: bytes, name: str = "dump/shop/x.bson") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "../../../secret"
    return info


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("dump/shop/x.bson")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize("pack", [tar, zipped, lambda *m: gzip.compress(tar(*m))])
def test_a_packed_dump_is_read(
    pack: Callable[..., bytes], generated: Path, temporary: Path
) -> None:
    members = [
        (f"./backup/{path.relative_to(generated).as_posix()}", path.read_bytes())
        for path in sorted((generated / "dump").rglob("*"))
        if path.is_file()
    ]
    source = open_source(Upload("dump", pack(*members)))
    plain = open_source(generated / "dump")
    assert source.namespaces() == plain.namespaces()
    name = Name("shop", "customers")
    assert list(source.documents(name)) == list(plain.documents(name))
    assert list(temporary.iterdir())
    source.close()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (tar(GOOD, ("../x.bson", RAW)), "leads out of its folder"),
        (tar(GOOD, ("dump/../../x.bson", RAW)), "leads out of its folder"),
        (tar(GOOD, ("/x.bson", RAW)), "leads out of its folder"),
        (tar(GOOD, ("C:/x.bson", RAW)), "leads out of its folder"),
        (tar(GOOD, ("..\\x.bson", RAW)), "leads out of its folder"),
        (tar(GOOD, ("dump/a\nb.bson", RAW)), "leads out of its folder"),
        (tar(GOOD, special(tarfile.SYMTYPE)), "is no regular file"),
        (tar(GOOD, special(tarfile.LNKTYPE)), "is no regular file"),
        (tar(GOOD, special(tarfile.CHRTYPE)), "is no regular file"),
        (tar(GOOD, special(tarfile.BLKTYPE)), "is no regular file"),
        (tar(GOOD, special(tarfile.FIFOTYPE)), "is no regular file"),
        (tar(GOOD, special(tarfile.GNUTYPE_SPARSE)), ""),
        (tar(GOOD, (f"dump/{'x' * 300}.bson", RAW)), "is too long a name"),
        (tar(GOOD, ("/".join(["x" * 99] * 12), RAW)), "is too long a name"),
        (tar(GOOD, GOOD), "holds 'customers.bson' twice"),
        (tar(GOOD, (GOOD[0] + "/x.bson", RAW)), "twice"),
        (zipped(GOOD, ("../x.bson", RAW)), "leads out of its folder"),
        (zipped(GOOD, ("/x.bson", RAW)), "leads out of its folder"),
        (zipped(GOOD, (link(), b"/etc/hosts")), "is no regular file"),
    ],
)
def test_what_no_backup_holds_is_refused(
    content: bytes, words: str, tmp_path: Path, temporary: Path
) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        open_source(Upload("hostile", content))
    assert words in str(raised.value)
    assert str(raised.value).startswith("hostile: ")
    assert not list(temporary.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["temporary"]


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.mongo.package.MAX_MEMBERS", 20)
    content = tar(*[(f"{number}.txt", b"") for number in range(21)])
    with pytest.raises(UnreadableFileError, match="holds more than 20 files"):
        open_source(Upload("many.tar", content))


@pytest.mark.parametrize("pack", [zipped, lambda *m: gzip.compress(tar(*m))])
def test_a_bomb_is_refused(pack: Callable[..., bytes], temporary: Path) -> None:
    bomb = pack(("dump/shop/x.bson", bytes(40 * 1024**2)))
    with pytest.raises(UnreadableFileError, match=r"its (own )?size"):
        open_source(Upload("bomb", bomb))
    assert not list(temporary.iterdir())


def test_a_name_without_end_is_refused() -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 8 * 1024**3
    content = header.tobuf(tarfile.GNU_FORMAT) + bytes(100_000)
    with pytest.raises(UnreadableFileError, match="a name without end"):
        open_source(Upload("endless.tar", content))


@pytest.mark.parametrize("size", [700, 1100, 2000])
def test_a_cut_tar_is_told(size: int) -> None:
    content = tar(GOOD, ("dump/shop/y.bson", RAW))
    with pytest.raises(UnreadableFileError, match="cut, damaged or locked"):
        open_source(Upload("cut.tar", content[:size]))


@pytest.mark.parametrize("pack", [tar, lambda *m: gzip.compress(tar(*m))])
def test_a_tar_cut_within_a_file_is_told(
    pack: Callable[..., bytes], temporary: Path
) -> None:
    content = pack(("dump/shop/customers.bson", random.Random(5).randbytes(90_000)))  # noqa: S311
    with pytest.raises(UnreadableFileError, match="cut"):
        open_source(Upload("cut.tar", content[: len(content) // 2]))
    assert not list(temporary.iterdir())


def test_a_zip_with_a_changed_or_rarely_packed_file_is_told() -> None:
    content = bytearray(zipped(("dump/shop/customers.bson", RAW * 100)))
    at = content.index(b"customers.bson") + 20
    content[at] ^= 0xFF
    with pytest.raises(UnreadableFileError, match="cut, damaged or locked"):
        open_source(Upload("changed.zip", bytes(content)))
    rare = io.BytesIO()
    with zipfile.ZipFile(rare, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr(*GOOD)
    with pytest.raises(UnreadableFileError, match="is packed in a rare way"):
        open_source(Upload("rare.zip", rare.getvalue()))


def test_a_tar_cut_between_two_files_is_told() -> None:
    content = tar(("dump/shop/y.bson", RAW.ljust(512, b"\1")), GOOD)
    with pytest.raises(UnreadableFileError, match="its end mark is missing"):
        open_source(Upload("cut.tar", content[:1024]))


def test_a_cut_or_locked_zip_is_told() -> None:
    content = zipped(GOOD)
    with pytest.raises(UnreadableFileError, match="cut, damaged or locked"):
        open_source(Upload("cut.zip", content[:-30]))
    at = content.index(b"PK\x01\x02") + 8
    locked = bytearray(content)
    locked[at : at + 2] = struct.pack("<H", 1)
    locked[6:8] = struct.pack("<H", 1)
    with pytest.raises(UnreadableFileError, match="cut, damaged or locked"):
        open_source(Upload("locked.zip", bytes(locked)))


def test_a_package_of_other_things_says_what_is_in_it() -> None:
    with pytest.raises(AppError, match=r"Found: photo\.png"):
        open_source(Upload("x.zip", zipped(("photo.png", b"x"))))
