"""Customers out of documents: five fields, refusals, warnings."""

from __future__ import annotations

import gzip
import json

import pytest

from core.errors import NotLoadableError, RowProblem, UnknownFileError
from core.files.upload import Upload
from core.models import CUSTOMER_SCHEMA, Kind, Reading
from core.mongo import customers
from core.mongo.customers import CustomerFields, Origin
from core.mongo.document import Document

ANN = {
    "email": " Ann@Example.com",
    "oxyId": {"$numberInt": "802838"},
    "oxyUsername": "annklgg2a1f0",
    "briefOxyId": 17.0,
    "briefOxyUsername": None,
}


def read(value: object, name: str = "customers.json") -> Reading:
    return customers.read(Upload(name, json.dumps(value).encode()))


def test_the_five_fields_are_read() -> None:
    reading = read([ANN, {"email": "b@example.com", "other": 1}])
    assert reading.rows.schema == CUSTOMER_SCHEMA
    assert reading.rows.to_pylist() == [
        {
            "line": 1,
            "position": 0,
            "email_key": "ann@example.com",
            "email": " Ann@Example.com",
            "oxy_id": "802838",
            "oxy_username": "annklgg2a1f0",
            "brief_oxy_id": "17",
            "brief_oxy_username": None,
        },
        {
            "line": 1,
            "position": 1,
            "email_key": "b@example.com",
            "email": "b@example.com",
            "oxy_id": None,
            "oxy_username": None,
            "brief_oxy_id": None,
            "brief_oxy_username": None,
        },
    ]
    assert (reading.kind, reading.rows_read) == (Kind.CUSTOMERS, 2)
    assert (reading.layout, reading.warnings) == ("mongoexport JSON, array", ())


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda b: b"\xef\xbb\xbf" + b])
def test_packing_and_byte_order_mark_change_nothing(pack: object) -> None:
    content = b'{"email": "a@example.com"}\n{"email": "b@example.com"}\n'
    reading = customers.read(Upload("c.json.gz", pack(content)))
    assert reading.rows["email"].to_pylist() == ["a@example.com", "b@example.com"]
    assert reading.rows["line"].to_pylist() == [1, 2]
    assert reading.layout == "mongoexport JSON, lines"


@pytest.mark.parametrize(
    ("document", "column", "value", "reason"),
    [
        ({}, "email", "", "the email is missing"),
        ({"email": None}, "email", "null", "the email is missing"),
        ({"email": " "}, "email", " ", "the email is empty"),
        ({"email": 5}, "email", "5", "the email is not text"),
        ({"email": "ann"}, "email", "ann", 'the email has no "@"'),
        (
            {"email": "a@b\ud800"},
            "email",
            "a@b\\ud800",
            "half a character: the text was cut or wrongly converted",
        ),
        (
            {"email": "a@example.com", "oxyId": [1]},
            "oxyId",
            "[1]",
            "this is neither text nor a whole number",
        ),
        (
            {"email": "a@example.com", "briefOxyUsername": True},
            "briefOxyUsername",
            "true",
            "this is neither text nor a whole number",
        ),
    ],
)
def test_a_bad_document_is_refused_alone(
    document: object, column: str, value: str, reason: str
) -> None:
    reading = read([ANN, document, ANN])
    assert reading.problems == (RowProblem("customers.json", 1, column, value, reason),)
    assert reading.rows["position"].to_pylist() == [0, 2]
    assert reading.rows_read == 3


def test_an_unreadable_value_refuses_its_document() -> None:
    reading = read([ANN, {"email": "b@example.com", "at": {"$date": "2024"}}])
    assert [(p.column, p.value) for p in reading.problems] == [
        ("at", '{"$date": "2024"}')
    ]
    assert reading.rows_read == 2


def test_documents_with_one_email_are_both_kept_and_told() -> None:
    reading = read([ANN, {"email": "ann@example.com "}, {"email": "b@example.com"}])
    assert reading.rows.num_rows == 3
    assert reading.warnings == (
        "1 email in more than one document, 2 documents in all: ann@example.com. "
        "All are kept: each email is one customer, and all of its usernames count.",
    )


def test_many_repeated_emails_are_counted() -> None:
    emails = [f"user{n}@example.com" for n in (5, 1, 7, 0, 2, 4, 6, 3)] * 2
    (warning,) = read([{"email": email} for email in emails]).warnings
    assert warning.startswith("8 emails in more than one document, 16 documents")
    assert "user0@example.com, user1@example.com" in warning
    assert "user4@example.com and 3 more" in warning


def test_an_id_written_as_text_of_a_float_is_told() -> None:
    reading = read([{"email": "a@example.com", "oxyId": "802838.0"}])
    assert reading.rows["oxy_id"].to_pylist() == ["802838"]
    assert reading.warnings == (
        "1 id written like 802838.0: read without the .0, as a whole number.",
    )


def test_documents_without_email_are_not_customers() -> None:
    with pytest.raises(UnknownFileError) as raised:
        read([{"total": 5}, {"order": 1, "total": 2}])
    assert str(raised.value) == (
        "customers.json: not recognised. Columns found: 'order', 'total'. "
        "Known kinds: MongoDB customers "
        "(email, oxyId, oxyUsername, briefOxyId, briefOxyUsername)."
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "an export of MongoDB without a document"),
        ([5], "no document can be read. The first is on line 1: this is no document"),
    ],
)
def test_a_file_without_documents_is_told(content: object, words: str) -> None:
    with pytest.raises(NotLoadableError) as raised:
        read(content)
    assert words in str(raised.value)


def test_other_field_names_can_be_chosen() -> None:
    fields = CustomerFields(email="mail", oxy_id="id")
    upload = Upload("c.json", b'{"mail": "a@example.com", "id": 5, "email": "x"}')
    reading = customers.read(upload, fields=fields)
    assert reading.rows.select(["email", "oxy_id"]).to_pylist() == [
        {"email": "a@example.com", "oxy_id": "5"}
    ]
    assert reading.header_signature.startswith("mail,id,oxyUsername")


def test_what_the_origin_says_is_kept() -> None:
    bad = RowProblem("dump", 1, "", "", "the checksum differs")
    origin = Origin("dump", "abc", "mongodump", ("3 operations are newer",))
    good = Document(2, {"email": "a@example.com"})
    reading = customers.from_documents([bad, good], origin)
    assert (reading.file, reading.sha256, reading.layout) == (
        "dump",
        "abc",
        "mongodump",
    )
    assert reading.problems == (bad,)
    assert reading.warnings == ("3 operations are newer",)
    assert reading.rows["line"].to_pylist() == [2]
