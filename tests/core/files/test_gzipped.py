"""Unpacking gzip within limits."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.files import gzipped
from core.files.gzipped import unpacked

PACKED = gzip.compress(b"Subuser,Date\nann,2024-01\n" * 50, mtime=0)


@given(st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_packing_is_undone(content: bytes) -> None:
    assert unpacked(gzip.compress(content), "f") == content


def test_content_without_packing_stays() -> None:
    assert unpacked(b"a,b", "f") == b"a,b"


def test_members_one_after_another_are_one_file() -> None:
    assert unpacked(gzip.compress(b"a") + gzip.compress(b"b"), "f") == b"ab"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PACKED[:-12], "cut off after"),
        (PACKED[:5], "cut off after"),
        (PACKED[:20] + b"\xff\xff" + PACKED[22:], "damaged"),
        (PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], "damaged"),
    ],
)
def test_cut_or_damaged_packing_is_told(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableFileError, match=told) as error:
        unpacked(content, "usage.csv.gz")
    assert "usage.csv.gz" in str(error.value)
    assert "Download it again" in str(error.value)


def test_more_bytes_than_a_file_may_hold_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gzipped, "MAX_UNPACKED_BYTES", 2 * 1024**2)
    monkeypatch.setattr(gzipped, "MAX_RATIO", 10**6)
    with pytest.raises(UnreadableFileError, match="more than 2 MB"):
        unpacked(gzip.compress(bytes(3 * 1024**2)), "f")


def test_a_bomb_is_refused_by_its_ratio() -> None:
    bomb = gzip.compress(bytes(gzipped.RATIO_FREE_BYTES + 2 * gzipped.STEP))
    with pytest.raises(UnreadableFileError, match="200 times its size"):
        unpacked(bomb, "f")
