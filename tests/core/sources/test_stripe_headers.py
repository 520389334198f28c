"""Columns of Stripe's files are found by name, metadata never."""

from __future__ import annotations

import pytest

from core.errors import MissingColumnsError, UnreadableFileError
from core.sources.stripe_headers import StripeHeader


@pytest.mark.parametrize(
    ("sent", "name", "zone"),
    [
        ("Created (UTC)", "Created", "UTC"),
        ("Created date (UTC)", "Created date", "UTC"),
        ("Created date UTC", "Created date", "UTC"),
        ("Refunded date (America/New_York)", "Refunded date", "America/New_York"),
        ("Created", "Created", ""),
        ('\ufeff"id"', "id", ""),
        (" Taxes On Fee ", "Taxes On Fee", ""),
    ],
)
def test_name_and_zone_are_told_apart(sent: str, name: str, zone: str) -> None:
    column = StripeHeader.of([sent]).column(name)
    assert (column.index, column.sent, column.zone) == (0, sent, zone)


@pytest.mark.parametrize(
    "sent", ["Type (metadata)", "type (Metadata)", "payment_metadata[Type]", "", '""']
)
def test_metadata_and_nameless_columns_are_never_found(sent: str) -> None:
    header = StripeHeader.of([sent])
    assert header.columns == ()
    assert header.find("Type") is None


def test_name_as_written_comes_before_other_capitals() -> None:
    header = StripeHeader.of(["type", "Type", "status"])
    assert header.column("Type").index == 1
    assert header.column("Status").index == 2


def test_first_known_name_is_taken() -> None:
    header = StripeHeader.of(["Tax", "created", "created_utc"])
    assert header.column("created_utc", "created").index == 2
    assert header.column("Taxes On Fee", "Tax").index == 0
    with pytest.raises(KeyError):
        header.column("Fee")


def test_missing_columns_are_named_with_those_found() -> None:
    header = StripeHeader.of(["id", "Amount", "type (metadata)"])
    with pytest.raises(MissingColumnsError) as caught:
        header.check("f.csv", "Stripe Payments", [("id",), ("Fee",), ("Status", "s")])
    assert str(caught.value) == (
        "f.csv: Stripe Payments without 'Fee', 'Status'. Columns found: 'id', "
        "'Amount'. Export it again with these columns."
    )


def test_needed_or_read_column_that_is_there_twice_is_told() -> None:
    header = StripeHeader.of(["id", "Fee", "Fee", "Note", "Note"])
    header.check("f.csv", "Stripe Payments", [("id",)])
    for needed, optional in (([("Fee",)], []), ([], ["Fee"])):
        with pytest.raises(UnreadableFileError, match="has 2 columns named 'Fee'"):
            header.check("f.csv", "Stripe Payments", needed, optional)
