"""Files of every kind with bytes changed at random: told in words, or read."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile
from typing import TYPE_CHECKING

import bson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.forged_home import numbered, write_home
from benchmarks.hostile import tables, workbooks
from core import job
from core.errors import UnreadableFileError
from core.files.upload import Upload
from core.files.workbook import sheets
from core.mongo.archive import MAGIC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCUMENT = bson.encode({"_id": 1, "email": "ann@example.com", "oxyId": 5, "l": [{}]})
BLOCK = bson.encode({"db": "shop", "collection": "customers", "EOF": False, "CRC": 0})
USAGE = tables.HEADER + tables.GOOD + 'bob,2024-02,"1,024.5"\n'
PAID = tables.PAYMENTS + "ch_1,2024-01-02 03:04:05,10,0,usd,true,0.59,Paid,a@b.c,x\n"
LEDGER = (
    "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)\n"
    "txn_1,charge,ch_1,10.00,0.59,9.41,usd,2024-01-02 03:04,2024-01-09 00:00\n"
)
DAYS = "username,timestamp,total_bytes,unit\nann,2024-01-01T00:00:00Z,1e9,bytes\n"

SEEDS = {
    "usage": USAGE.encode(),
    "usage in UTF-16": USAGE.encode("utf-16"),
    "usage by day": DAYS.encode(),
    "packed usage": gzip.compress(USAGE.encode(), mtime=0),
    "payments": PAID.encode(),
    "ledger": LEDGER.encode(),
    "documents": b'[{"email": "ann@example.com", "oxyId": {"$numberInt": "5"}}]',
    "BSON": DOCUMENT * 3,
    "archive": MAGIC + bson.encode({"version": "0.1"}) + BLOCK + b"\xff" * 4 + DOCUMENT,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], bytes]:
    """Pack a data folder with customers and a log; return what gives the bytes."""
    folder: Path = tmp_path_factory.mktemp("home")
    entry = {"ts": bson.Timestamp(9, 1), "op": "d", "ns": "shop.x", "o": {"_id": 1}}
    write_home(
        folder,
        {
            "shop.customers": numbered([DOCUMENT] * 3),
            "local.oplog.rs": numbered([bson.encode(entry)]),
        },
        stable_timestamp=1,
        compressor="snappy",
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        files.add(folder, "home")
    return packed.getvalue


CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["put", "flip", "cut", "drop", "repeat"]),
        st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def changed(content: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    """Change a file at places that are parts of its length."""
    for part, how, data in changes:
        at = int(part * len(content))
        before, behind = content[:at], content[at:]
        content = {
            "put": before + data + behind,
            "flip": before + bytes(b ^ data[0] for b in behind[:1]) + behind[1:],
            "cut": before,
            "drop": before + behind[len(data) :],
            "repeat": before + behind[:40] * data[0] + behind,
        }[how]
    return content


def take(content: bytes) -> None:
    intake = job.take([Upload("file", content)])
    assert intake.readings or intake.refusals
    for reading in intake.readings:
        assert reading.rows_read == reading.rows.num_rows + len(reading.problems)


@pytest.mark.parametrize("kind", SEEDS)
@given(changes=CHANGES)
@settings(max_examples=25, deadline=None)
def test_a_changed_file_is_told_or_read(
    kind: str, changes: list[tuple[float, str, bytes]]
) -> None:
    take(changed(SEEDS[kind], changes))


@given(changes=CHANGES)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_changed_data_folder_is_told_or_read(
    home: Callable[[], bytes], changes: list[tuple[float, str, bytes]]
) -> None:
    take(changed(home(), changes))


BOOK = workbooks.book(workbooks.HEADER + workbooks.good(2)).content


@given(changes=CHANGES)
@settings(max_examples=60, deadline=None)
def test_a_changed_workbook_is_told_or_read(
    changes: list[tuple[float, str, bytes]],
) -> None:
    # What the process that reads workbooks calls, without the process.
    with contextlib.suppress(UnreadableFileError):
        assert list(sheets(changed(BOOK, changes), "book"))
