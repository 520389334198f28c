"""Files of every kind with bytes changed at random: told in words, or read."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import bson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.forged_home import Layout, named_entry, numbered, write_home
from benchmarks.hostile import tables, workbooks
from core import job
from core.errors import AppError, UnreadableFileError
from core.files import opendocument
from core.files.upload import Upload
from core.files.workbook import sheets
from core.mongo.archive import MAGIC
from core.mongo.source import open_source
from core.mongo.wiredtiger.packing import pack

if TYPE_CHECKING:
    from collections.abc import Callable

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
@settings(max_examples=15, deadline=None)
def test_a_changed_file_is_told_or_read(
    kind: str, changes: list[tuple[float, str, bytes]]
) -> None:
    take(changed(SEEDS[kind], changes))


@given(changes=CHANGES)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_changed_data_folder_is_told_or_read(
    home: Callable[[], bytes], changes: list[tuple[float, str, bytes]]
) -> None:
    take(changed(home(), changes))


BOOK = workbooks.book(workbooks.HEADER + workbooks.good(2)).content


@given(changes=CHANGES)
@settings(max_examples=30, deadline=None)
def test_a_changed_workbook_is_told_or_read(
    changes: list[tuple[float, str, bytes]],
) -> None:
    # What the process that reads workbooks calls, without the process.
    with contextlib.suppress(UnreadableFileError):
        assert list(sheets(changed(BOOK, changes), "book"))


SHEET = (
    b'<a><table name="June"><table-row><table-cell table:number-columns-repeated="2">'
    b"<p>Used<s text:c='3'/></p></table-cell></table-row><table-row "
    b'table:number-rows-repeated="3"><table-cell office:value-type="float" '
    b'office:value="1.5" table:number-rows-spanned="2"/></table-row></table></a>'
)


@given(changes=CHANGES)
@settings(max_examples=30, deadline=None)
def test_a_changed_open_document_is_told_or_read(
    changes: list[tuple[float, str, bytes]],
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("mimetype", opendocument.KIND)
        book.writestr("content.xml", changed(SHEET, changes))
    with contextlib.suppress(UnreadableFileError):
        for sheet in opendocument.sheets(packed.getvalue(), "book"):
            ends = {column.count(0) for column in sheet.cells.columns}
            assert ends <= {len(sheet.cells.lines)}


WORDS = st.sampled_from(
    (
        "op ns o o2 ts md ident idxIdent $v diff $set $unset d u i sa a l applyOps "
        "create drop renameCollection to dropDatabase prevOpTime multiOpType version "
        "partialTxn _id buildinfo oplogTruncateAfterPoint email time shop.customers"
    ).split()
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 3),
        st.just(float("nan")),
        WORDS,
        st.binary(max_size=3),
        st.just(bson.Timestamp(20, 1)),
        st.sampled_from([bson.ObjectId(bytes(12)), bson.Regex("("), bson.MinKey()]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4)
    ),
    max_leaves=12,
)
ANY = st.dictionaries(WORDS, VALUES, max_size=6)
ENTRIES = st.lists(ANY, max_size=3)
OPERATION = st.fixed_dictionaries(
    {
        "op": st.sampled_from("iudcnx"),
        "ns": st.sampled_from(["shop.customers", "shop.$cmd", "admin.$cmd", "", 5]),
        "o": ANY | st.just({"_id": 1}) | VALUES,
    },
    optional={
        "o2": st.just({"_id": 1}) | VALUES,
        "prevOpTime": ANY | VALUES,
        "multiOpType": VALUES,
    },
)
TRANSACTION = st.fixed_dictionaries(
    {
        "op": st.just("c"),
        "ns": st.just("admin.$cmd"),
        "o": st.fixed_dictionaries(
            {"applyOps": st.lists(OPERATION | VALUES, max_size=3) | VALUES},
            optional={"partialTxn": VALUES, "prepare": VALUES},
        ),
    },
    optional={"prevOpTime": ANY | VALUES},
)
LOG = st.lists(OPERATION | TRANSACTION | ANY, max_size=4)


@given(catalog=ENTRIES, log=LOG, version=ENTRIES, started=ENTRIES, point=ENTRIES)
@settings(max_examples=25, deadline=None)
def test_a_data_folder_with_any_documents_of_its_server_is_told_or_read(
    catalog: list[dict[str, object]],
    log: list[dict[str, object]],
    version: list[dict[str, object]],
    started: list[dict[str, object]],
    point: list[dict[str, object]],
) -> None:
    def rows(documents: list[dict[str, object]]) -> list[tuple[bytes, bytes]]:
        return list(numbered(map(bson.encode, documents)))

    newer = [{**entry, "ts": bson.Timestamp(10 + n, 1)} for n, entry in enumerate(log)]
    with tempfile.TemporaryDirectory() as folder:
        write_home(
            Path(folder),
            {
                "shop.customers": rows([{"_id": 1, "email": "ann@example.com"}]),
                "local.oplog.rs": [
                    (pack(2**40 + n), r) for n, (_, r) in enumerate(rows(newer))
                ],
                "admin.system.version": rows(version),
                "local.startup_log": rows(started),
                "local.replset.oplogTruncateAfterPoint": rows(point),
            },
            stable_timestamp=1,
            layout=Layout("collection-{}", named_entry, tuple(catalog)),
        )
        with contextlib.suppress(AppError), closing(open_source(folder)) as source:
            for space in source.namespaces():
                with contextlib.suppress(AppError):
                    list(source.documents(space.name))
                assert all(isinstance(note, str) for note in source.notes(space.name))
