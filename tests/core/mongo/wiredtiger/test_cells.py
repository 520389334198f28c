"""Cells, pages and tables that no server at hand has written."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.forged_home import block, cell, cookie, write_table
from core.errors import SourceError
from core.mongo.wiredtiger.blocks import UNIT, Address, BlockFile, Page
from core.mongo.wiredtiger.btree import Table, root_address
from core.mongo.wiredtiger.cells import Item, children, items
from core.mongo.wiredtiger.config import parse
from core.mongo.wiredtiger.packing import pack

if TYPE_CHECKING:
    from pathlib import Path

KEY, OTHER = b"\x81", b"\x82"
LONG = b"v" * 100


def page(*cells: bytes, kind: int = 7, flags: int = 0) -> Page:
    return Page(UNIT, kind, flags, len(cells), 1, bytes(40) + b"".join(cells))


def overflow(data: bytes) -> bytes:
    return b"overflow of " + data


def found(*cells: bytes, flags: int = 0) -> list[tuple[bytes, bytes]]:
    return [item[:2] for item in items(page(*cells, flags=flags), overflow)]


def window(flags: int, *numbers: int) -> bytes:
    return bytes([flags]) + b"".join(pack(number) for number in numbers)


def timed(*parts: bytes, data: bytes = LONG) -> bytes:
    """Make a value with a time window."""
    return bytes([0x88]) + b"".join(parts) + pack(len(data)) + data


KEYED = cell(5, KEY)


@pytest.mark.parametrize(
    ("cells", "records"),
    [
        ([], []),
        ([KEYED, cell(8, b"short")], [(KEY, b"short")]),
        ([KEYED, cell(8, LONG)], [(KEY, LONG)]),
        ([cell(5, b"k" * 80), cell(8, LONG)], [(b"k" * 80, LONG)]),
        ([KEYED, timed(window(0x08, 5))], [(KEY, LONG)]),
        ([KEYED, timed(window(0x28, 5, 6))], [(KEY, LONG)]),
        ([KEYED, timed(window(0x10, 7))], []),
        ([KEYED, timed(window(0x40, 7))], []),
        ([KEYED, b"\x40"], []),
        ([KEYED, b"\xa0" + pack(3) + b"abc"], [(KEY, b"overflow of abc")]),
        ([b"\x60" + pack(2) + b"ab", cell(8, LONG)], [(b"overflow of ab", LONG)]),
        ([KEYED, cell(5, OTHER)], [(KEY, b""), (OTHER, b"")]),
        ([KEYED, cell(8, LONG), cell(5, OTHER)], [(KEY, LONG), (OTHER, b"")]),
        (
            [cell(5, b"abcd"), cell(8, b"1"), bytes([1 << 2 | 2, 3]) + b"x"],
            [(b"abcd", b"1"), (b"abcx", b"")],
        ),
        (
            [cell(5, b"abcd"), cell(8, b"1"), b"\x70\x02" + pack(6) + b"y" * 70],
            [(b"abcd", b"1"), (b"ab" + b"y" * 70, b"")],
        ),
        ([KEYED, b"\x84" + pack(9) + pack(3) + b"abc"], [(KEY, b"abc")]),
        (
            [KEYED, cell(8, b"same"), cell(5, OTHER), b"\x90" + pack(7)],
            [(KEY, b"same"), (OTHER, b"same")],
        ),
    ],
)
def test_records_of_a_leaf(cells: list[bytes], records: object) -> None:
    assert found(*cells) == records


def test_the_time_of_a_value_is_known() -> None:
    (item,) = items(page(KEYED, timed(window(0x08, 12345))), overflow)
    assert item == Item(KEY, LONG, 12345)


@pytest.mark.parametrize(
    "cells",
    [
        [cell(8, LONG)],
        [KEYED, bytes([0x80]) + pack(10_000) + b"abc"],
        [KEYED, bytes([0x88]) + b"\0" + pack(10_000) + b"abc"],
        [KEYED, b"\x80"],
        [KEYED, b"\xd0\x80"],
        [KEYED, b"\x90" + pack(200)],
        [KEYED, b"\x90" + pack(0)],
        [KEYED, cell(8, b"1"), cell(5, OTHER), b"\x90" + pack(2)],
        [bytes([60 << 2 | 1]) + b"abc"],
        [KEYED, timed(window(0x09, 1))],
    ],
)
def test_damaged_cells_are_told(cells: list[bytes]) -> None:
    with pytest.raises((ValueError, IndexError)):
        found(*cells)


@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(0, 255))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_cells_or_an_error(cells: list[bytes], flags: int) -> None:
    for read in (lambda p: items(p, overflow), children):
        with contextlib.suppress(ValueError, IndexError):
            assert isinstance(read(page(*cells, flags=flags)), list)


@given(
    rows=st.dictionaries(st.integers(0, 10**6), st.binary(max_size=200), max_size=40),
    compressor=st.sampled_from(["", "snappy"]),
)
@settings(max_examples=30, deadline=None)
def test_a_table_gives_back_what_was_written(
    rows: dict[int, bytes], compressor: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("table") / "t.wt"
    written = [(pack(key), rows[key]) for key in sorted(rows)]
    config = parse(write_table(path, written, compressor=compressor))
    with BlockFile(path, "t.wt", compressor or "none") as file:
        table = Table(file, root_address(config, "t.wt"))
        assert [item[:2] for item in table.items()] == written


def test_pages_before_a_key_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "t.wt"
    rows = [(pack(key), bytes(500)) for key in range(5000)]
    config = parse(write_table(path, rows))
    with BlockFile(path, "t.wt", "none") as file:
        table = Table(file, root_address(config, "t.wt"))
        keys = [item.key for item in table.items(pack(4000))]
    assert keys[-1001:] == [key for key, _ in rows[3999:]]
    assert len(keys) < 1100


def read_blocks(path: Path, *raws: bytes) -> list[Item]:
    """Write blocks, the last of them the root, and read the table."""
    path.write_bytes((120897).to_bytes(4, "little").ljust(UNIT, b"\0") + b"".join(raws))
    offset = UNIT + sum(map(len, raws[:-1]))
    checksum = int.from_bytes(raws[-1][32:36], "little")
    with BlockFile(path, "t.wt", "snappy") as file:
        return list(Table(file, Address(offset, len(raws[-1]), checksum)).items())


def internal(*addresses: bytes, kind: int = 2) -> bytes:
    cells = [c for a in addresses for c in (cell(5, KEY), cell(kind, a))]
    return block(6, cells)


def test_a_value_in_an_overflow_page_is_read(tmp_path: Path) -> None:
    big = block(5, [b"long value"])
    big = big[:20] + (10).to_bytes(4, "little") + big[24:]
    big = resealed(big)
    leaf = block(7, [KEYED, b"\xa0" + cell_data(cookie(UNIT, big))])
    root = internal(cookie(2 * UNIT, leaf))
    assert read_blocks(tmp_path / "t.wt", big, leaf, root)[0].value == b"long value"


def cell_data(data: bytes) -> bytes:
    return pack(len(data)) + data


def resealed(raw: bytes) -> bytes:
    """Give a changed block a right checksum."""
    from core.mongo.checksum import crc32c_around

    return raw[:32] + crc32c_around(raw, 32).to_bytes(4, "little") + raw[36:]


LEAF = block(7, [KEYED, cell(8, LONG)])


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([LEAF, internal(cookie(UNIT, LEAF), cookie(UNIT, LEAF))], "is used twice"),
        ([block(4, [])], "page type 4"),
        ([LEAF, internal(pack(10**6) + pack(1) + pack(5))], "ends before byte"),
        ([LEAF, internal(pack(0) + pack(10**9) + pack(5))], "ends before byte"),
        ([LEAF, internal(pack(0) + pack(1) + pack(5))], "has a wrong checksum"),
        ([LEAF, internal(b"\x01")], "holds damaged cells"),
        ([block(6, [b"\xa0" + cell_data(b"x")])], "holds damaged cells"),
        ([block(7, [KEYED, timed(window(0x09, 1))])], "unfinished transaction"),
        ([LEAF, block(7, [KEYED, b"\xa0" + cell_data(cookie(UNIT, LEAF))])], "damaged"),
        ([resealed(LEAF[:25] + b"\x08" + LEAF[26:])], "is encrypted at rest"),
        ([resealed(LEAF[:25] + b"\x01" + LEAF[26:])], "cannot be unpacked"),
        (
            [
                resealed(
                    LEAF[:16] + b"\xff\xff\xff\x7f" + LEAF[20:25] + b"\1" + LEAF[26:]
                )
            ],
            "says that it holds 2147483647 bytes",
        ),
        ([resealed(LEAF[:16] + b"\xff\xff\xff\x7f" + LEAF[20:])], "shorter than"),
    ],
)
def test_pages_that_cannot_be_read_are_told(
    blocks: list[bytes], words: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as raised:
        read_blocks(tmp_path / "t.wt", *blocks)
    assert str(raised.value).startswith("t.wt: ")
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('encryption=(name="local")', "is encrypted at rest"),
        ('checkpoint=(W.1=(addr="02808080",order=1))', "checkpoint of version 2"),
        ('checkpoint=(W.1=(addr="01",order=1))', "its checkpoint is no address"),
        ('checkpoint=(W.1=(addr="zz",order=1))', "its checkpoint is no address"),
        ('checkpoint=(W.1=(addr="01808180",order=x))', "its checkpoint is no address"),
    ],
)
def test_a_checkpoint_that_cannot_be_read_is_told(config: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        root_address(parse(config), "t.wt")


@pytest.mark.parametrize(
    "config",
    [
        "",
        "checkpoint=",
        'checkpoint=(W.1=(addr="",order=1))',
        'checkpoint=(W.1=(addr="01818181",order=1),W.2=(addr="",order=2))',
        'checkpoint=(W.1=(addr="01808080",order=1))',
    ],
)
def test_an_empty_table_has_no_root(config: str) -> None:
    assert root_address(parse(config), "t.wt") is None


def test_the_newest_checkpoint_counts() -> None:
    config = (
        'checkpoint=(W.9=(addr="01818181",order=9),W.10=(addr="01828181",order=10))'
    )
    root = root_address(parse(config), "t.wt")
    assert root == Address(3 * UNIT, UNIT, 1)


def test_an_unknown_compressor_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.wt"
    config = parse(write_table(path, [(KEY, LONG * 9)], compressor="snappy"))
    with (
        BlockFile(path, "t.wt", "lz4") as file,
        pytest.raises(SourceError, match="compressor 'lz4'"),
    ):
        list(Table(file, root_address(config, "t.wt")).items())
