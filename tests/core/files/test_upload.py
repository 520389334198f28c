"""Uploads: fingerprint, and reading from disk."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from core.errors import UnreadableFileError
from core.files.upload import Upload

if TYPE_CHECKING:
    from pathlib import Path


def test_fingerprint_is_of_the_content_alone() -> None:
    one, two = Upload("one.csv", b"a,b"), Upload("two.csv", b"a,b")
    assert one.sha256 == two.sha256 == hashlib.sha256(b"a,b").hexdigest()


def test_path_gives_name_and_content(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(b"a,b\r\n")
    assert Upload.from_path(path) == Upload("usage.csv", b"a,b\r\n")


def test_missing_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"none\.csv: cannot be opened: No"):
        Upload.from_path(tmp_path / "none.csv")
