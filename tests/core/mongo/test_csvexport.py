"""mongoexport CSV: the same customers as the other forms, told by its header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import job
from core.errors import AppError, UnreadableFileError
from core.files.upload import Upload
from core.models import Kind
from core.mongo import customers
from core.mongo.csvexport import is_customers
from core.mongo.namespace import Name
from core.mongo.rows import CustomerFields
from core.mongo.source import open_source

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "email,oxyId,oxyUsername,briefOxyId,briefOxyUsername\n"
ROWS = 'Ann@example.com,802838.0,annzz,,\n,5,x,,\n"bo@example.com",,,7,"bo,7"\n'


def read(text: str) -> list[dict[str, object]]:
    reading = job.read(Upload("customers.csv", text.encode()))
    assert reading.kind is Kind.CUSTOMERS
    assert reading.rows_read == reading.rows.num_rows + len(reading.problems)
    return reading.rows.drop(["position", "email"]).to_pylist()


def test_customers_are_told_by_the_header_and_read() -> None:
    assert read(HEADER + ROWS) == [
        {
            "line": 2,
            "email_key": "ann@example.com",
            "oxy_id": "802838",
            "oxy_username": "annzz",
            "brief_oxy_id": None,
            "brief_oxy_username": None,
        },
        {
            "line": 4,
            "email_key": "bo@example.com",
            "oxy_id": None,
            "oxy_username": None,
            "brief_oxy_id": "7",
            "brief_oxy_username": "bo,7",
        },
    ]


def test_rows_that_are_no_customers_are_refused_with_their_lines() -> None:
    reading = job.read(
        Upload("c.csv", f"{HEADER}{ROWS}a@b,1\nnobody,1,2,3,4\n".encode())
    )
    assert [(p.line, p.reason) for p in reading.problems] == [
        (3, "the email is missing"),
        (5, "2 cells where the header has 5"),
        (6, 'the email has no "@"'),
    ]
    assert (reading.rows_read, reading.layout) == (5, "mongoexport CSV")


def test_a_csv_holds_the_customers_of_the_dump(generated: Path) -> None:
    exported = open_source(generated / "customers.csv")
    (space,) = exported.namespaces()
    assert (space.name, space.count) == (Name("", "customers"), 60)
    assert space.fields[:2] == ("customerNumber", "email")
    dumped = open_source(generated / "dump")
    of_csv, of_dump = (
        customers.from_source(source, name).rows["email"].to_pylist()
        for source, name in [
            (exported, space.name),
            (dumped, Name("shop", "customers")),
        ]
    )
    assert sorted(of_csv) == sorted(of_dump)


def test_columns_of_other_names_are_mapped() -> None:
    source = open_source(Upload("people.csv", b"mail,pro\nann@example.com,annzz\n"))
    fields = CustomerFields("mail", "", "pro", "", "")
    reading = customers.from_source(source, Name("", "people"), fields=fields)
    assert reading.rows["oxy_username"].to_pylist() == ["annzz"]


def test_the_load_of_a_csv_is_the_same_on_both_ways() -> None:
    upload = Upload("customers.csv", (HEADER + ROWS).encode("utf-16"))
    source = open_source(upload)
    name = source.namespaces()[0].name
    assert customers.from_source(source, name) == job.read(upload)
    assert source.notes(name) == ()
    source.close()


def test_two_columns_of_one_name_are_told() -> None:
    with pytest.raises(UnreadableFileError, match="more than one column named 'email'"):
        read(HEADER.replace("oxyId", "email") + ROWS)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (("email", "oxyId"), True),
        (("x", "briefOxyUsername", "email"), True),
        (("email", "name"), False),
        (("Email", "oxyId"), False),
        (("oxyId", "oxyUsername"), False),
    ],
)
def test_only_the_shops_own_names_tell_customers(
    header: tuple[str, ...], found: bool
) -> None:
    assert is_customers(header) is found


@pytest.mark.parametrize(
    "text", ["db.customers.find()\n", "ObjectId('65a0')\n", "<html></html>", "'a': 1"]
)
def test_text_that_is_neither_is_told(text: str) -> None:
    with pytest.raises(AppError):
        open_source(Upload("x", text.encode())).namespaces()
