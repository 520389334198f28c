"""Kinds of files told by their content."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AppError, NotLoadableError, UnknownFileError
from core.files.table import read_table
from core.files.upload import Upload
from core.models import Kind, Reading
from core.sources import registry


def read(upload: Upload, **chosen: str) -> Reading:
    return registry.of_table(read_table(upload), upload.sha256, **chosen)


USAGE = b"Subuser,Date,Bandwidth Usage (GB)\r\nann,2024-01,1.5\r\n"
PAYMENTS = (
    b"id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Status\n"
    b"ch_1,2024-01-02 03:04:05,10.00,0.00,usd,true,0.59,Paid\n"
)
LEDGER = (
    b"id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)\n"
    b"txn_1,charge,ch_1,10.00,0.59,9.41,usd,2024-01-02 03:04,2024-01-09 00:00\n"
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (USAGE, Kind.USAGE),
        (gzip.compress(USAGE, mtime=0), Kind.USAGE),
        (USAGE.decode().encode("utf-16"), Kind.USAGE),
        (PAYMENTS, Kind.STRIPE_PAYMENTS),
        (LEDGER, Kind.STRIPE_LEDGER),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "picture.png", "Payments"])
def test_kind_is_told_by_content_not_by_name(
    content: bytes, kind: Kind, name: str
) -> None:
    upload = Upload(name, content)
    reading = read(upload)
    assert (reading.kind, reading.file, reading.sha256) == (kind, name, upload.sha256)
    assert len(reading.rows) == reading.rows_read == 1


def test_provider_and_unit_reach_the_usage_reader() -> None:
    reading = read(Upload("f", USAGE), provider="Acme", unit="MB")
    assert (reading.provider, reading.unit_rule) == ("Acme", "chosen by hand")


def test_unknown_table_names_what_was_found_and_what_is_known() -> None:
    with pytest.raises(UnknownFileError) as error:
        read(Upload("list.csv", b"Order,Name\n1,x\n"))
    assert str(error.value) == (
        "list.csv: not recognised. Columns found: 'Order', 'Name'. Known kinds: usage "
        "export of a provider, customers of the shop (JSON, CSV), Stripe Payments, "
        "Stripe balance transactions (All activity), Stripe summaries (checks)."
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Subuser,Traffic limit\nann,5\n", "f: this is a list of limits"),
        (b"id,Total Spend,Payment Count,Refunded Volume\n1,2,3,4\n", "without months"),
    ],
)
def test_recognised_file_without_anything_to_load_is_explained(
    content: bytes, told: str
) -> None:
    with pytest.raises(NotLoadableError, match=told):
        read(Upload("f", content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'[{"email": 1}]', "json"),
        (b'\xef\xbb\xbf \n{"email": 1}', "json"),
        (gzip.compress(b"[]", mtime=0), "json"),
        ("[]".encode("utf-16"), "json"),
        (USAGE, "table"),
    ],
)
def test_documents_and_tables_are_told_apart(content: bytes, expected: str) -> None:
    assert registry.peek(Upload("f", content)) == expected


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "f: is empty. Export it again."),
        (USAGE.splitlines()[0], "f: has no rows below the header. Export it again."),
        (b"\x89PNG\r\n\x1a\n\0\0", "f: is a PNG picture, whatever its name says. Cho"),
        (gzip.compress(USAGE, mtime=0)[:-6], "f: is a .gz file that is cut off after"),
        (PAYMENTS.replace(b",Status", b"").replace(b",Paid", b""), "without 'Status'"),
        (USAGE.replace(b"Subuser,", b"Subuser,Date,"), "It has 2 columns named 'Date'"),
    ],
)
def test_bad_file_is_told(content: bytes, told: str) -> None:
    with pytest.raises(AppError) as error:
        read(Upload("f", content))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"bob,2024-01,text", "not a number"),
        (b"bob,2024-01,-1", "usage is below zero"),
        (b"bob,2024-13,1", "there is no month 13"),
        (b"Total,,1.5", "total row"),
    ],
)
def test_bad_row_is_told_and_the_others_are_kept(row: bytes, reason: str) -> None:
    reading = read(Upload("f", USAGE + row))
    assert [(problem.line, problem.reason) for problem in reading.problems] == [
        (3, reason)
    ]
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    "content",
    [
        USAGE,
        b"\xef\xbb\xbf" + USAGE,
        USAGE.decode().encode("utf-16-le"),
        USAGE.replace(b",", b";").replace(b"1.5", b"1,5"),
        USAGE.replace(b",", b"\t").replace(b"\r\n", b"\r"),
        USAGE.replace(b"GB", b"MB").replace(b"1.5", b"1536"),
        gzip.compress(USAGE, mtime=0),
    ],
)
def test_same_usage_in_another_writing_is_the_same(content: bytes) -> None:
    rows = read(Upload("f", USAGE)).rows
    assert read(Upload("g", content)).rows.equals(rows)


@given(st.integers(0, len(USAGE) - 1), st.binary(max_size=3))
@settings(max_examples=100, deadline=None)
def test_a_damaged_file_is_read_or_told(place: int, damage: bytes) -> None:
    content = USAGE[:place] + damage + USAGE[place + 1 :]
    try:
        reading = read(Upload("f", content))
        total = len(reading.rows) + len(reading.problems)
    except AppError as error:
        assert str(error).startswith("f: ")  # noqa: PT017
    else:
        assert reading.rows_read == total
