"""Originals: kept once, whole or absent, given back byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import OptionError, WarehouseError
from core.files.upload import Upload
from core.warehouse import originals
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse(tmp_path / "shop.duckdb") as warehouse:
        yield warehouse


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n" * 10_000], ids=["empty", "long"]
)
def test_bytes_come_back_as_they_were(kept: Warehouse, content: bytes) -> None:
    upload = Upload("a.csv", content)

    originals.keep(kept, upload)
    originals.keep(kept, Upload("again.csv", content))

    assert originals.content(kept, upload.sha256) == content
    assert originals.is_kept(kept, upload.sha256)


def test_a_half_written_file_is_no_original(kept: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "shop.originals"
    folder.mkdir()
    (folder / "abc.part").write_bytes(b"half")

    assert originals.sweep(kept) == 1
    assert not originals.is_kept(kept, "abc")
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(
    kept: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "shop.originals").write_text("in the way")

    with pytest.raises(WarehouseError, match=r"a\.csv: cannot be kept"):
        originals.keep(kept, Upload("a.csv", b"x"))


def test_a_warehouse_in_memory_keeps_no_originals(warehouse: Warehouse) -> None:
    originals.keep(warehouse, Upload("a.csv", b"x"))

    assert originals.sweep(warehouse) == 0
    with pytest.raises(OptionError, match="not kept"):
        originals.content(warehouse, Upload("a.csv", b"x").sha256)
