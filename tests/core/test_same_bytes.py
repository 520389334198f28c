"""Download files as bytes: the same for the same usage, however it came or went."""

from __future__ import annotations

import gzip
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import job
from core.errors import AppError
from core.exports import downloads
from core.files.upload import Upload
from core.units import GB_PER_UNIT
from core.warehouse import batches, plans
from core.warehouse.store import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

GB = [
    ("zoe5d1ee", "2024-01", "1.5"),
    ("Ann", "2024-01", "0.25"),
    ("ann", "2024-02", "3"),
]


def header(unit: str) -> list[str]:
    return ["Subuser", "Date", f"Bandwidth Usage ({unit})"]


def rows_in(unit: str) -> list[list[str]]:
    """Write the usage in a unit, exactly."""
    return [
        [name, month, f"{Decimal(gb) / GB_PER_UNIT[unit]:f}"] for name, month, gb in GB
    ]


def csv_of(rows: list[list[str]], mark: str = ",") -> bytes:
    return "".join(mark.join(row) + "\n" for row in rows).encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in [header("GB"), *([*row[:2], float(row[2])] for row in rows_in("GB"))]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def commas() -> bytes:
    rows = [[name, month, gb.replace(".", ",")] for name, month, gb in rows_in("GB")]
    return csv_of([header("GB"), *rows], ";")


WRITINGS = {
    **{unit: csv_of([header(unit), *rows_in(unit)]) for unit in
       ("B", "KB", "MB", "MiB", "GB")},
    "semicolons and decimal commas": commas(),
    "workbook": workbook(),
    "gzip": gzip.compress(csv_of([header("GB"), *rows_in("GB")])),
}  # fmt: skip


def load(warehouse: Warehouse, content: bytes, now: datetime) -> int:
    upload = Upload("usage", content)
    plan = plans.plan(warehouse, job.read_all(upload))
    return job.load(warehouse, plan, now=now, by="tester", is_confirmed=True)[0]


def files_of(warehouse: Warehouse) -> dict[str, bytes]:
    return {
        contract.file: downloads.content(warehouse, contract)
        for contract in downloads.available(warehouse)
    }


@pytest.fixture(scope="module")
def shop() -> Iterator[Warehouse]:
    with Warehouse() as opened:
        yield opened


@pytest.fixture(scope="module")
def expected(now: datetime) -> dict[str, bytes]:
    with Warehouse() as opened:
        load(opened, WRITINGS["GB"], now)
        return files_of(opened)


@pytest.mark.parametrize("writing", WRITINGS)
def test_same_usage_in_any_unit_and_writing_gives_the_same_downloads(
    shop: Warehouse, expected: dict[str, bytes], now: datetime, writing: str
) -> None:
    batch_id = load(shop, WRITINGS[writing], now)
    assert files_of(shop) == expected
    job.undo(shop, batch_id, now=now, by="tester")


def test_january_then_both_months_then_undo_are_three_known_states(
    shop: Warehouse, now: datetime
) -> None:
    def state() -> bytes:
        return files_of(shop)["subuser_bw_usage_sorted.csv"]

    first = load(shop, csv_of([header("GB"), ["ann", "2024-01", "1"]]), now)
    january = files_of(shop)
    assert state() == b"Subuser,Date,Bandwidth Usage\nann,2024-01,1\n"

    rows = [["ann", "2024-01", "2"], ["bob", "2024-02", "3"]]
    second = load(shop, csv_of([header("GB"), *rows]), now)
    assert state() == (b"Subuser,Date,Bandwidth Usage\nann,2024-01,2\nbob,2024-02,3\n")

    job.undo(shop, second, now=now, by="tester")
    assert files_of(shop) == january
    job.undo(shop, first, now=now, by="tester")


GOOD = csv_of([header("GB"), *rows_in("GB")])
DAMAGE = st.lists(st.tuples(st.integers(0, 90), st.binary(max_size=3)), max_size=4)


def damaged(seed: bytes, damage: list[tuple[int, bytes]]) -> bytes:
    for place, change in damage:
        seed = seed[:place] + change + seed[place + 1 :]
    return seed


@given(
    st.one_of(
        st.binary(max_size=120),
        st.builds(damaged, st.sampled_from([GOOD, WRITINGS["gzip"]]), DAMAGE),
    )
)
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_told_or_planned_and_change_nothing(
    shop: Warehouse, content: bytes
) -> None:
    before, loads = shop.version(), batches.history(shop)
    intake = job.take([Upload("f", content)])
    assert intake.readings or all(each.message for each in intake.refusals)
    plan = plans.plan(shop, intake.readings)
    assert (shop.version(), batches.history(shop)) == (before, loads)
    assert shop.rows("SELECT * FROM current_usage") == []
    for file in plan.files:
        reading = file.reading
        assert reading.rows_read == reading.rows_kept + len(reading.problems)


@given(DAMAGE)
@settings(max_examples=15, deadline=None)
def test_a_damaged_file_that_is_loaded_is_gone_after_its_undo(
    shop: Warehouse, now: datetime, damage: list[tuple[int, bytes]]
) -> None:
    try:
        batch_id = load(shop, damaged(GOOD, damage), now)
    except AppError:
        assert shop.rows("SELECT * FROM current_usage") == []
        return
    job.undo(shop, batch_id, now=now, by="tester")
    assert shop.rows("SELECT * FROM current_usage") == []
