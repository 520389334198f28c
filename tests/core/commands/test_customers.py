"""`python -m core customers`: look into a source, or write its customers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import bson
import pytest

from core.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [
    {"_id": 1, "email": "ann@example.com", "oxyUsername": "ann", "oxyId": 802838.0},
    {"_id": 2, "email": "", "briefOxyUsername": "bob"},
    {"_id": 3, "email": "Cy@example.com", "briefOxyId": 7, "extra": "kept"},
]


@pytest.fixture
def dump(tmp_path: Path) -> str:
    """Write a dump with two collections."""
    folder = tmp_path / "dump" / "shop"
    folder.mkdir(parents=True)
    content = b"".join(bson.encode(document) for document in DOCUMENTS)
    (folder / "customers.bson").write_bytes(content)
    (folder / "orders.bson").write_bytes(bson.encode({"_id": 9}))
    return str(tmp_path / "dump")


def test_collections_are_listed_with_their_counts(
    dump: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["customers", dump, "--list"]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        {"namespace": "shop.customers", "count": 3},
        {"namespace": "shop.orders", "count": 1},
    ]


def test_customers_are_written_with_their_five_fields(
    dump: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "customers.json"

    assert main(["customers", dump, "--out", str(out)]) == 0

    first, second = json.loads(out.read_text())
    assert first == {
        "email": "ann@example.com",
        "oxyId": "802838",
        "oxyUsername": "ann",
        "briefOxyId": None,
        "briefOxyUsername": None,
    }
    assert second["briefOxyId"] == "7"
    told = capsys.readouterr()
    assert told.out == ""
    assert "3 documents read, 2 kept, 1 refused" in told.err


def test_what_is_written_can_be_built_from(dump: str, tmp_path: Path) -> None:
    written, out = tmp_path / "customers.json", tmp_path / "out"
    main(["customers", dump, "--out", str(written)])

    assert main(["build", "--customers", str(written), "--out", str(out)]) == 0

    documents = json.loads((out / "filtered_customers.json").read_text())
    assert [each["email"] for each in documents] == [
        "ann@example.com",
        "Cy@example.com",
    ]


def test_whole_documents_are_canonical_lines(
    dump: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["--database", "shop", "--collection", "customers"]

    assert main(["customers", dump, *named, "--all-fields"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert json.loads(lines[0])["oxyId"] == {"$numberDouble": "802838.0"}
    assert json.loads(lines[2])["extra"] == "kept"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--collection", "clients"], "It holds shop.customers, shop.orders"),
        (["--collection", "orders"], "email"),
    ],
)
def test_a_collection_without_customers_is_told(
    dump: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    out = tmp_path / "out.json"

    assert main(["customers", dump, *arguments, "--out", str(out)]) == 2

    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
    assert not out.exists()


def test_a_place_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["customers", str(tmp_path / "nothing"), "--list"]) == 2

    assert "there is no such file or folder" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told(
    dump: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "no" / "folder" / "out.json"

    assert main(["customers", dump, "--out", str(out)]) == 2

    assert "cannot be written" in capsys.readouterr().err
