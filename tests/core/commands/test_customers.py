"""`python -m core customers`: look into a source, or write its customers."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import bson
import pytest

from benchmarks.forged_home import write_home
from core.__main__ import main

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


def test_lines_of_whole_documents_equal_the_export_of_mongoexport(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    samples = Path(__file__).parents[1] / "mongo" / "samples" / "generated.tar.gz"
    with tarfile.open(samples) as packed:
        packed.extractall(tmp_path, filter="data")
    dump, exports = tmp_path / "generated" / "dump.archive.gz", tmp_path / "generated"
    for collection in ("customers", "alltypes", "farDates"):
        export = f"{collection}_canonical{'_lines' * (collection == 'customers')}.json"
        named = ["--database", "shop", "--collection", collection]
        assert main(["customers", str(dump), *named, "--all-fields"]) == 0
        lines = capsys.readouterr().out.splitlines()
        wanted = (exports / export).read_text().splitlines()
        assert sorted(map(meaning, lines)) == sorted(map(meaning, wanted))


def meaning(line: str) -> str:
    """Write a line of Extended JSON so that equal values are equal text."""
    return repr(sorted(json.loads(line).items()))


def test_a_document_that_cannot_be_read_is_named_and_the_others_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = bson.encode(DOCUMENTS[0])
    bad = bytearray(good)
    bad[bad.index(b"email") - 1] = 0x7E
    dump = tmp_path / "customers.bson"
    dump.write_bytes(bytes(bad) + good)

    assert main(["customers", str(dump), "--all-fields"]) == 0

    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1
    assert "customers.bson: line 1: not BSON: " in told.err
    assert "2 documents read, 1 kept, 1 refused" in told.err


def test_of_several_data_folders_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write_home(tmp_path / name, {f"{name}.customers": []})

    assert main(["customers", str(tmp_path), "--list"]) == 2
    assert "several data folders: first, second" in capsys.readouterr().err
    assert main(["customers", str(tmp_path), "--list", "--home", "second"]) == 0
    assert '"second.customers"' in capsys.readouterr().out


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
