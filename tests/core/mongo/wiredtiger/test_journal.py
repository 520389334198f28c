"""Log records: their operations, their torn end, their packing."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import cramjam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SourceError
from core.mongo.checksum import crc32c_around
from core.mongo.wiredtiger.cells import Item
from core.mongo.wiredtiger.compression import CompressionError, inflate
from core.mongo.wiredtiger.journal import (
    MODIFY,
    PUT,
    REMOVE,
    TRUNCATE,
    Journal,
    Operation,
    modified,
)
from core.mongo.wiredtiger.overlay import Overlay
from core.mongo.wiredtiger.packing import pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def operation(kind: int, file_id: int, rest: bytes) -> bytes:
    tail = pack(file_id) + rest
    for guess in range(2, 12):
        size = guess + len(tail)
        head = pack(kind) + pack(size)
        if len(head) == guess:
            return head + tail
    raise AssertionError


def put(key: bytes, value: bytes, file_id: int = 7) -> bytes:
    return operation(PUT, file_id, pack(len(key)) + key + value)


def record(body: bytes, flags: int = 0, size: int | None = None) -> bytes:
    total = 16 + (len(body) if size is None else size)
    raw = struct.pack("<IIHxxI", 16 + len(body), 0, flags, total) + body
    raw = raw[:4] + crc32c_around(raw, 4).to_bytes(4, "little") + raw[8:]
    return raw.ljust(-len(raw) // 128 * -128, b"\0")


def commit(*operations: bytes) -> bytes:
    return pack(1) + pack(99) + b"".join(operations)


def log(folder: Path, *records: bytes, number: int = 1) -> Path:
    path = folder / f"WiredTigerLog.{number:010}"
    opening = bytearray(128)
    opening[16:20] = (0x101064).to_bytes(4, "little")
    path.write_bytes(bytes(opening) + b"".join(records) + bytes(256))
    return path


def read(*paths: Path, file_ids: tuple[int, ...] = (7,)) -> list[Operation]:
    return list(Journal(paths).operations(set(file_ids)))


def test_operations_come_with_their_place(tmp_path: Path) -> None:
    first = commit(put(b"a", b"1"), put(b"b", b"2", 8), operation(REMOVE, 7, b"a"))
    second = commit(operation(TRUNCATE, 7, b"x"), operation(MODIFY, 7, b"\x81cd"))
    assert read(log(tmp_path, record(first), record(second))) == [
        Operation((1, 128), PUT, 7, b"a", b"1"),
        Operation((1, 128), REMOVE, 7, b"a", b""),
        Operation((1, 256), TRUNCATE, 7, b"", b"x"),
        Operation((1, 256), MODIFY, 7, b"c", b"d"),
    ]


def test_other_records_and_files_are_passed_over(tmp_path: Path) -> None:
    ignored = commit(put(b"a", b"1", 7 | 0x80000000), operation(1, 7, b"x"))
    path = log(tmp_path, record(pack(4) + b"anything"), record(ignored))
    assert read(path) == []


def packed(pack_body: Callable[[bytes], bytes], body: bytes) -> bytes:
    inner = pack_body(body)
    return len(inner).to_bytes(8, "little") + inner


@pytest.mark.parametrize(
    "squeeze",
    [
        lambda b: packed(lambda x: bytes(cramjam.snappy.compress_raw(x)), b),
        lambda b: packed(lambda x: bytes(cramjam.zstd.compress(x)), b),
        lambda b: zlib.compress(b) + b"padding",
    ],
)
def test_a_packed_record_is_read(
    squeeze: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    body = commit(put(b"a", b"x" * 900))
    path = log(tmp_path, record(squeeze(body), 1, len(body)))
    assert read(path) == [Operation((1, 128), PUT, 7, b"a", b"x" * 900)]


def test_log_files_are_read_in_their_order(tmp_path: Path) -> None:
    later = log(tmp_path, record(commit(put(b"b", b"2"))), number=10)
    earlier = log(tmp_path, record(commit(put(b"a", b"1"))), number=9)
    assert [found.key for found in read(later, earlier)] == [b"a", b"b"]


def test_a_torn_end_is_told_with_what_is_behind_it(tmp_path: Path) -> None:
    good = record(commit(put(b"a", b"1")))
    torn = bytearray(record(commit(put(b"b", b"2"))))
    torn[20] ^= 1
    path = log(tmp_path, good, bytes(torn), good, good)
    journal = Journal([path])
    assert [found.key for found in journal.operations({7})] == [b"a"]
    (warning,) = journal.warnings
    assert warning.startswith(f"{path.name}: the record at 256 is damaged. It, and 2 ")
    assert [found.key for found in journal.operations({7})] == [b"a"]
    assert len(journal.warnings) == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (record(commit(put(b"a", b"1")), flags=2), "is encrypted at rest"),
        (record(b"not packed", flags=1), "the record at 128 cannot be unpacked"),
        (record(commit(pack(PUT) + pack(1))), "the record at 128 is damaged"),
        (record(commit(pack(PUT) + pack(500))), "the record at 128 is damaged"),
        (record(commit(operation(PUT, 7, pack(50) + b"a"))), "is damaged"),
    ],
)
def test_a_record_that_cannot_be_read_is_told(
    raw: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=words):
        read(log(tmp_path, raw))


def test_a_foreign_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "WiredTigerLog.0000000001"
    path.write_bytes(bytes(500))
    with pytest.raises(SourceError, match="is no log file"):
        read(path)


@given(body=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_record_is_read_or_told(
    body: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = log(tmp_path_factory.mktemp("log"), record(commit() + body), record(body))
    try:
        keys = [found.kind for found in read(path)]
    except SourceError as error:
        assert path.name in str(error)  # noqa: PT017
    else:
        assert set(keys) <= {PUT, REMOVE, TRUNCATE, MODIFY}


def changes(*parts: tuple[int, int, bytes]) -> bytes:
    heads = b"".join(struct.pack("<QQQ", len(d), o, s) for o, s, d in parts)
    return struct.pack("<Q", len(parts)) + heads + b"".join(d for _, _, d in parts)


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        ([], b"abcdef"),
        ([(0, 2, b"XY")], b"XYcdef"),
        ([(2, 1, b"long")], b"ablongdef"),
        ([(2, 3, b"")], b"abf"),
        ([(8, 0, b"Z")], b"abcdef\0\0Z"),
        ([(0, 1, b""), (0, 1, b"Q")], b"Qcdef"),
    ],
)
def test_changes_of_a_value(parts: list[tuple[int, int, bytes]], result: bytes) -> None:
    assert modified(b"abcdef", changes(*parts)) == result


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\1",
        struct.pack("<Q", 5),
        struct.pack("<QQQQ", 1, 9, 0, 0),
        struct.pack("<QQQQ", 1, 0, 2**40, 0),
    ],
)
def test_damaged_changes_are_told(damaged: bytes) -> None:
    with pytest.raises(ValueError, match=r"count|change"):
        modified(b"abc", damaged)


OPERATIONS = st.lists(
    st.tuples(st.sampled_from([PUT, REMOVE]), st.sampled_from("abcd"), st.text("xyz")),
    max_size=12,
)


@given(st.dictionaries(st.sampled_from("abcd"), st.text("xyz")), OPERATIONS)
@settings(max_examples=80, deadline=None)
def test_an_overlay_equals_applying_one_by_one(
    pages: dict[str, str], operations: list[tuple[int, str, str]]
) -> None:
    slow = dict(sorted(pages.items()))
    for kind, key, value in operations:
        if kind == PUT:
            slow[key] = value
        else:
            slow.pop(key, None)
    written = [
        Operation((1, 128), kind, 7, key.encode(), value.encode())
        for kind, key, value in operations
    ]
    items = [Item(k.encode(), v.encode(), 0) for k, v in sorted(pages.items())]
    found = list(Overlay("t.wt", written).items(items))
    assert {i.key.decode(): i.value.decode() for i in found} == slow
    assert len(found) == len(slow)


def test_changes_follow_each_other_and_truncates_are_counted() -> None:
    change = changes((0, 1, b"Z"))
    written = [
        Operation((1, 128), MODIFY, 7, b"a", change),
        Operation((1, 128), MODIFY, 7, b"a", changes((1, 1, b"Y"))),
        Operation((1, 128), MODIFY, 7, b"gone", change),
        Operation((1, 128), TRUNCATE, 7, b"", b""),
    ]
    overlay = Overlay("t.wt", written)
    assert list(overlay.items([Item(b"a", b"abc", 5)])) == [Item(b"a", b"ZYc", 5)]
    assert (overlay.applied, overlay.truncates) == (3, 1)


def test_a_change_that_does_not_fit_is_told() -> None:
    overlay = Overlay("t.wt", [Operation((3, 640), MODIFY, 7, b"a", b"")])
    with pytest.raises(SourceError, match=r"t\.wt: a change at 640 of log 3"):
        list(overlay.items([Item(b"a", b"abc", 0)]))


@pytest.mark.parametrize("compressor", ["snappy", "zstd", "zlib"])
@given(st.binary(max_size=60), st.integers(0, 5000))
@settings(max_examples=30, deadline=None)
def test_damaged_packing_is_told(compressor: str, data: bytes, size: int) -> None:
    try:
        assert len(inflate(compressor, data, size)) == size
    except CompressionError as error:
        assert str(error)  # noqa: PT017
