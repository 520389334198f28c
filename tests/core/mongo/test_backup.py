"""Data folders: every document as the server itself had it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import bson
import pytest
from bson import Timestamp

from benchmarks.forged_home import Layout, numbered, write_home
from benchmarks.real_server import PROGRAM, RealServer
from core.errors import SourceError
from core.files.upload import Upload
from core.mongo.backup import Backup, LoneTable
from core.mongo.fallback import served
from core.mongo.namespace import Name
from core.mongo.place import Place
from core.mongo.source import open_source
from core.mongo.wiredtiger.files import FolderFiles
from core.mongo.wiredtiger.home import Home
from core.mongo.wiredtiger.packing import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Unpack = Callable[[str], Path]
    Expect = Callable[[str], dict[str, tuple[int, str]]]
    Fingerprint = Callable[[Iterable[bytes]], tuple[int, str]]

CUSTOMERS = Name("shop", "customers")


@pytest.fixture
def copied(tmp_path: Path, unpacked: Unpack) -> Unpack:
    """Return a function that copies a sample folder, to be damaged."""

    def copy(name: str) -> Path:
        return shutil.copytree(unpacked(name), tmp_path / name)

    return copy


def found(source: Backup, fingerprint: Fingerprint) -> dict[str, tuple[int, str]]:
    return {
        str(space.name): fingerprint(source.raw_documents(space.name))
        for space in source.namespaces()
    }


def test_every_document_of_a_folder_is_as_the_server_had_it(
    lab: str, unpacked: Unpack, expected: Expect, fingerprint: Fingerprint
) -> None:
    folder = unpacked(lab)
    before = sorted((p, p.stat().st_mtime_ns) for p in folder.rglob("*"))
    source = open_source(folder)
    assert isinstance(source, Backup)
    assert found(source, fingerprint) == expected(lab)
    assert [space.count for space in source.namespaces()] == [
        expected(lab)[str(space.name)][0] for space in source.namespaces()
    ]
    assert sorted((p, p.stat().st_mtime_ns) for p in folder.rglob("*")) == before


def test_a_packed_folder_gives_the_same(
    lab: str,
    packed_lab: Callable[[str], Upload],
    expected: Expect,
    fingerprint: Fingerprint,
) -> None:
    source = open_source(packed_lab(lab))
    assert isinstance(source, Backup)
    try:
        assert found(source, fingerprint) == expected(lab)
    finally:
        source.close()


def test_a_packed_folder_leaves_nothing_behind(
    packed_lab: Callable[[str], Upload],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    source = open_source(packed_lab("lab_snappy_clean"))
    assert len(list(source.documents(CUSTOMERS))) == 294
    assert list(tmp_path.iterdir())
    source.close()
    assert not list(tmp_path.iterdir())


def test_only_the_files_that_are_needed_are_unpacked(
    packed_lab: Callable[[str], Upload],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    source = open_source(packed_lab("lab_snappy_clean"))
    list(source.documents(CUSTOMERS))
    tables = list(tmp_path.rglob("collection-*.wt"))
    source.close()
    assert len(tables) == 3


@pytest.mark.skipif(not PROGRAM, reason="no mongod is on PATH")
@pytest.mark.parametrize("is_killed", [False, True])
def test_a_folder_of_the_server_on_path_is_read_as_it_reads_it(
    is_killed: bool, fingerprint: Fingerprint
) -> None:
    documents = [
        bson.encode({"_id": n, "email": f"u{n}@example.com"}) for n in range(999)
    ]
    with RealServer({"shop": {"customers": documents, "empty": []}}) as server:
        server.stop(is_killed=is_killed)
        source = open_source(server.folder)
        assert isinstance(source, Backup)
        assert found(source, fingerprint) == {
            "shop.customers": fingerprint(documents),
            "shop.empty": fingerprint([]),
        }
        with served(source) as copy:
            raws = [document.raw for document in copy.documents(CUSTOMERS)]
        assert fingerprint(raws) == fingerprint(documents)


def test_what_the_journal_holds_is_applied_and_told(unpacked: Unpack) -> None:
    source = open_source(unpacked("lab_snappy_unclean"))
    assert len(list(source.documents(CUSTOMERS))) == 327
    notes = source.notes(CUSTOMERS)
    assert notes[0] == "Written by MongoDB 7.0.15, with features of 7.0."
    assert notes[1:] == ("70 operations of the journal were applied.",)


def test_without_its_journal_an_unclean_folder_is_as_of_its_checkpoint(
    copied: Unpack,
) -> None:
    folder = copied("lab_snappy_unclean")
    shutil.rmtree(folder / "journal")
    source = open_source(folder)
    assert len(list(source.documents(CUSTOMERS))) == 294
    assert any("up to 60 seconds" in note for note in source.notes(CUSTOMERS))


def test_a_clean_folder_applies_nothing(lab: str, unpacked: Unpack) -> None:
    source = open_source(unpacked(lab))
    list(source.documents(Name("crm", "contacts")))
    notes = source.notes(Name("crm", "contacts"))
    assert notes == ("Written by MongoDB 7.0.15, with features of 7.0.",)


def test_log_files_may_stand_beside_the_data(copied: Unpack) -> None:
    folder = copied("lab_snappy_unclean")
    for path in (folder / "journal").iterdir():
        path.rename(folder / path.name)
    (folder / "journal").rmdir()
    assert len(list(open_source(folder).documents(CUSTOMERS))) == 327


class WithoutJournal(FolderFiles):
    """A folder of which only the checkpoint is read."""

    def logs(self) -> list[Path]:
        """Find no log files."""
        return []


def test_every_collection_file_can_be_read_alone(
    lab: str, unpacked: Unpack, fingerprint: Fingerprint
) -> None:
    home = Home(WithoutJournal(unpacked(lab)))
    for collection in home.collections:
        name = f"{collection.ident}.wt"
        alone = LoneTable(Place(name, unpacked(lab) / name))
        (space,) = alone.namespaces()
        want = fingerprint(home.rows(collection.ident))
        assert fingerprint(alone.raw_documents(space.name)) == want
        assert space.count == want[0]
        alone.close()


def old_entry(name: str, ident: str) -> dict[str, object]:
    """Make an entry of MongoDB 3.4 to 4.2: the name stands twice."""
    about = {"ns": name, "options": {"uuid": bson.Binary(bytes(16), 4)}, "indexes": []}
    return {"md": about, "idxIdent": {"_id_": "index-1-1"}, "ns": name, "ident": ident}


def new_entry(name: str, ident: str) -> dict[str, object]:
    """Make an entry of which only the inner part has the name."""
    return {"md": {"ns": name, "options": {}}, "idxIdent": {}, "ident": ident}


FEATURES = {"isFeatureDoc": True, "ns": None, "nonRepairable": 0, "repairable": 1}
VIEW = {"md": {"ns": "shop.view1", "options": {"viewOn": "customers"}}}


@pytest.mark.parametrize(
    "layout",
    [
        Layout("collection-{}--7240349", old_entry),
        Layout("collection-{}-7240349", new_entry, (FEATURES, VIEW)),
        Layout("shop/collection/{}-7240349", old_entry, (FEATURES,)),
        Layout("shop/collection-{}-7240349", new_entry),
        Layout("collection-0d{}c2a-58fd-4d39-8d3a-8f0f6d6f5a10", new_entry, (VIEW,)),
    ],
    ids=["3.4", "4.4", "folders of databases and indexes", "of databases", "8.2"],
)
def test_catalogs_and_idents_of_every_series_are_read(
    layout: Layout, tmp_path: Path
) -> None:
    rows = [bson.encode({"_id": n, "email": f"user{n}@example.com"}) for n in range(3)]
    collections = {"shop.customers": numbered(rows), "shop.empty": []}
    write_home(tmp_path, collections, layout=layout)
    # MongoDB 8.2 keeps a second home without a catalog for what it spills.
    spill = tmp_path / "_tmp" / "spilldb"
    spill.mkdir(parents=True)
    (spill / "WiredTiger.turtle").write_text("file:WiredTiger.wt\n\n")
    source = open_source(tmp_path)
    assert isinstance(source, Backup)
    counts = {str(space.name): space.count for space in source.namespaces()}
    assert counts == {"shop.customers": 3, "shop.empty": 0}
    assert list(source.raw_documents(CUSTOMERS)) == rows


@pytest.mark.parametrize(
    ("version", "wrote"),
    [("3.4", "3.4.24"), ("4.4", "4.4.29"), ("8.2", "8.2.1"), ("6.0", "")],
)
def test_the_server_that_wrote_a_folder_is_told(
    version: str, wrote: str, tmp_path: Path
) -> None:
    told = {"_id": "featureCompatibilityVersion", "version": version}
    started = [bson.encode({"buildinfo": {"version": wrote}})] if wrote else []
    write_home(
        tmp_path,
        {
            "shop.customers": [],
            "admin.system.version": numbered([bson.encode(told)]),
            "local.startup_log": numbered(started),
        },
    )
    source = open_source(tmp_path)
    assert isinstance(source, Backup)
    assert list(source.documents(CUSTOMERS)) == []
    by = f"MongoDB {wrote}" if wrote else "a server of MongoDB"
    assert source.notes(CUSTOMERS) == (f"Written by {by}, with features of {version}.",)
    assert source.feature_version == version


def test_a_file_read_alone_says_what_is_not_known(unpacked: Unpack) -> None:
    path = next(unpacked("lab_zstd_clean").glob("collection-0-*.wt"))
    source = open_source(Upload("collection-0.wt", path.read_bytes()))
    (space,) = source.namespaces()
    assert space.name == Name("", "collection-0")
    assert space.count is not None
    assert "the name of its collection is not known" in source.notes(space.name)[0]
    source.close()


def test_a_missing_collection_file_is_named_and_the_others_are_read(
    copied: Unpack,
) -> None:
    folder = copied("lab_snappy_clean")
    ident = {c.name: c.ident for c in Home(FolderFiles(folder)).collections}[CUSTOMERS]
    (folder / f"{ident}.wt").unlink()
    problems = {s.name: s.problem for s in open_source(folder).namespaces()}
    assert f"the file {ident}.wt is missing" in problems.pop(CUSTOMERS)
    assert set(problems.values()) == {""}


def test_a_hot_backup_is_read_by_its_own_metadata(
    copied: Unpack, expected: Expect, fingerprint: Fingerprint
) -> None:
    folder = copied("lab_snappy_clean")
    metadata = Home(FolderFiles(folder)).metadata
    lines = [part for pair in metadata.items() for part in pair]
    (folder / "WiredTiger.backup").write_text("\n".join(lines) + "\n")
    (folder / "WiredTiger.wt").unlink()
    (folder / "WiredTiger.turtle").write_text("nonsense\n")
    source = open_source(folder)
    assert isinstance(source, Backup)
    assert found(source, fingerprint) == expected("lab_snappy_clean")


def test_a_turtle_without_an_address_is_told(copied: Unpack) -> None:
    folder = copied("lab_snappy_clean")
    (folder / "WiredTiger.turtle").write_text("WiredTiger version\n11\n")
    with pytest.raises(SourceError, match=r"says nothing of WiredTiger\.wt"):
        open_source(folder)


def test_only_the_turtle_set_is_enough(copied: Unpack) -> None:
    folder = copied("lab_snappy_clean")
    (folder / "WiredTiger.turtle").rename(folder / "WiredTiger.turtle.set")
    assert len(list(open_source(folder).documents(CUSTOMERS))) == 294


def test_a_folder_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        open_source(tmp_path)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("_mdb_catalog.wt", "neither a dump (.bson files) nor a data folder"),
        ("WiredTiger.turtle", "has neither WiredTiger.turtle nor WiredTiger.backup"),
        ("WiredTiger.wt", "the file WiredTiger.wt is missing"),
    ],
)
def test_a_folder_without_its_metadata_is_told(
    missing: str, words: str, copied: Unpack
) -> None:
    folder = copied("lab_snappy_clean")
    (folder / missing).unlink()
    with pytest.raises(SourceError) as raised:
        open_source(folder).namespaces()
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "_mdb_catalog.wt: is empty"),
        (bytes(8192), "_mdb_catalog.wt: is no WiredTiger file"),
        (b"%PDF-1.7", "_mdb_catalog.wt: is no WiredTiger file"),
    ],
)
def test_a_foreign_file_is_told(content: bytes, words: str, copied: Unpack) -> None:
    folder = copied("lab_snappy_clean")
    (folder / "_mdb_catalog.wt").write_bytes(content)
    with pytest.raises(SourceError, match=words):
        open_source(folder)


@pytest.mark.parametrize("absolute", [True, False])
def test_a_name_cannot_lead_out_of_the_folder(absolute: bool, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    outside = tmp_path / "outside.wt"
    outside.write_bytes(b"x")
    name = str(outside) if absolute else "../outside.wt"
    with pytest.raises(SourceError, match=r"outside\.wt leads out of the folder"):
        FolderFiles(home).find(name)


def test_a_link_out_of_the_folder_is_not_followed(
    copied: Unpack, tmp_path: Path
) -> None:
    folder = copied("lab_snappy_clean")
    outside = tmp_path / "outside"
    (folder / "WiredTiger.wt").rename(outside)
    (folder / "WiredTiger.wt").symlink_to(outside)
    with pytest.raises(SourceError, match=r"WiredTiger\.wt leads out of the folder"):
        open_source(folder)


def test_several_data_folders_are_listed_to_choose_from(
    tmp_path: Path, unpacked: Unpack
) -> None:
    for name in ("first", "second"):
        shutil.copytree(unpacked("lab_zlib_clean"), tmp_path / name)
    with pytest.raises(SourceError, match="several data folders: first, second"):
        open_source(tmp_path)
    source = open_source(tmp_path, home="second")
    assert len(list(source.documents(CUSTOMERS))) == 294


STABLE = Timestamp(1_700_000_000, 1)


def entry(seconds: int, **parts: object) -> bytes:
    at = Timestamp(STABLE.time + seconds, 1)
    return bson.encode({"ts": at, "t": 1, "v": 2, **parts})


def write_member(folder: Path, entries: list[bytes]) -> None:
    """Write a replica set member whose oplog is newer than its checkpoint."""
    documents = [
        bson.encode({"_id": n, "email": f"user{n}@example.com"}) for n in range(1, 6)
    ]
    log = [(pack(bson.decode(raw)["ts"].time << 32), raw) for raw in entries]
    write_home(
        folder,
        {"shop.customers": numbered(documents), "local.oplog.rs": log},
        stable_timestamp=STABLE.time << 32 | STABLE.inc,
    )


def emails(folder: Path, name: Name = CUSTOMERS) -> tuple[list[str], tuple[str, ...]]:
    source = open_source(folder)
    found = [d.fields["email"][4:5] for d in source.documents(name)]
    return found, source.notes(name)


def test_operations_after_the_checkpoint_are_applied(tmp_path: Path) -> None:
    ns = "shop.customers"
    change = {"$v": 2, "diff": {"u": {"email": "userX@example.com"}}}
    delete = {"op": "d", "ns": ns, "o": {"_id": 4}}
    write_member(
        tmp_path,
        [
            entry(-5, op="d", ns=ns, o={"_id": 1}),
            entry(1, op="d", ns=ns, o={"_id": 2}),
            entry(2, op="u", ns=ns, o=change, o2={"_id": 3.0}),
            entry(3, op="i", ns=ns, o={"_id": 9, "email": "userI@example.com"}),
            entry(4, op="c", ns="admin.$cmd", o={"applyOps": [delete]}),
            entry(5, op="n", ns="", o={"msg": "periodic noop"}),
        ],
    )
    assert emails(tmp_path) == (
        list("1X5I"),
        (
            "Newer operations of the replica set were applied: "
            "2 deletes, 1 insert, 1 update.",
        ),
    )


def test_an_operation_of_an_unknown_kind_stops_and_is_told(tmp_path: Path) -> None:
    ns = "shop.customers"
    write_member(
        tmp_path,
        [
            entry(1, op="d", ns=ns, o={"_id": 1}),
            entry(2, op="u", ns=ns, o={"$v": 3, "$set": {"a": 1}}, o2={"_id": 3}),
            entry(3, op="d", ns=ns, o={"_id": 5}),
            entry(4, op="c", ns="shop.$cmd", o={"emptycapped": "customers"}),
        ],
    )
    found, notes = emails(tmp_path)
    assert found == list("2345")
    assert notes == (
        "Newer operations of the replica set were applied: 1 delete.",
        "Newer operations of the replica set were not applied: 1 command emptycapped, "
        "1 delete, 1 update. Dump the collection with mongodump to have them.",
    )


def test_collections_that_came_after_the_checkpoint_are_found(tmp_path: Path) -> None:
    new = {"_id": 1, "email": "userN@example.com"}
    write_member(
        tmp_path,
        [
            entry(1, op="c", ns="shop.$cmd", o={"create": "late"}),
            entry(2, op="i", ns="shop.late", o=new),
            entry(3, op="c", ns="shop.$cmd", o={"create": "gone"}),
            entry(4, op="c", ns="shop.$cmd", o={"drop": "gone"}),
            entry(
                5,
                op="c",
                ns="admin.$cmd",
                o={"renameCollection": "shop.customers", "to": "shop.people"},
            ),
            entry(6, op="d", ns="shop.people", o={"_id": 1}),
        ],
    )
    names = [(str(s.name), s.count) for s in open_source(tmp_path).namespaces()]
    assert names == [("shop.late", 1), ("shop.people", 4)]
    assert emails(tmp_path, Name("shop", "late"))[0] == ["N"]
    with pytest.raises(SourceError, match=r"has no collection shop\.customers"):
        emails(tmp_path)


def test_a_whole_collection_is_read_from_many_pages(tmp_path: Path) -> None:
    documents = [
        bson.encode({"_id": n, "email": f"user{n}@example.com", "pad": "x" * 300})
        for n in range(9000)
    ]
    write_home(tmp_path, {"shop.customers": numbered(documents)}, compressor="snappy")
    source = open_source(tmp_path)
    assert isinstance(source, Backup)
    assert list(source.raw_documents(CUSTOMERS)) == documents


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([entry(1, op="i", ns="shop.customers", o={"_id": 1})[:-1] + b"\1"], ""),
        (
            [entry(1, op="c", ns="shop.$cmd")],
            "local.oplog.rs holds what is no operation",
        ),
        (
            [entry(1, op="c", ns="admin.$cmd", o={"applyOps": [None]})],
            "local.oplog.rs holds what is no operation",
        ),
    ],
)
def test_a_log_that_cannot_be_read_is_told_and_the_checkpoint_is_read(
    entries: list[bytes], words: str, tmp_path: Path
) -> None:
    write_home(
        tmp_path,
        {
            "shop.customers": numbered([bson.encode({"email": "user1@example.com"})]),
            "local.oplog.rs": [(pack((STABLE.time + 9) << 32), raw) for raw in entries],
        },
        stable_timestamp=STABLE.time << 32 | STABLE.inc,
    )
    found, notes = emails(tmp_path)
    assert found == ["1"]
    assert notes[0].startswith("What the replica set wrote after its last checkpoint")
    assert words in notes[0]


def test_a_missing_log_is_told_and_the_checkpoint_is_read(tmp_path: Path) -> None:
    write_member(tmp_path, [entry(1, op="d", ns="shop.customers", o={"_id": 1})])
    (tmp_path / "collection-1-1.wt").unlink()
    found, notes = emails(tmp_path)
    assert found == list("12345")
    assert "the file collection-1-1.wt is missing" in notes[0]


def test_entries_that_the_server_would_drop_are_not_applied(tmp_path: Path) -> None:
    point = Timestamp(STABLE.time + 2, 1)
    ns = "shop.customers"
    log = [entry(n, op="d", ns=ns, o={"_id": n}) for n in (1, 2, 3)]
    documents = [
        bson.encode({"_id": n, "email": f"user{n}@example.com"}) for n in range(1, 6)
    ]
    truncation = {"_id": "x", "oplogTruncateAfterPoint": point}
    write_home(
        tmp_path,
        {
            ns: numbered(documents),
            "local.oplog.rs": [
                (pack(bson.decode(raw)["ts"].time << 32), raw) for raw in log
            ],
            "local.replset.oplogTruncateAfterPoint": numbered(
                [bson.encode(truncation)]
            ),
        },
        stable_timestamp=STABLE.time << 32 | STABLE.inc,
    )
    assert emails(tmp_path)[0] == list("345")


def test_a_checkpoint_without_a_time_is_told(tmp_path: Path) -> None:
    write_home(tmp_path, {"shop.customers": []})
    source = open_source(tmp_path)
    assert isinstance(source, Backup)
    source._home.metadata["system:checkpoint"] = 'checkpoint_timestamp="x"'
    with pytest.raises(SourceError, match="the time of its checkpoint is no number"):
        source.namespaces()


def test_a_folder_without_a_catalog_in_its_metadata_is_told(copied: Unpack) -> None:
    folder = copied("lab_snappy_clean")
    (folder / "WiredTiger.backup").write_text("file:other.wt\nid=5\n")
    with pytest.raises(SourceError, match=r"has no _mdb_catalog\.wt"):
        open_source(folder)


def test_a_full_disk_is_told_before_unpacking(
    packed_lab: Callable[[str], Upload], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_source(packed_lab("lab_snappy_clean"))
    usage = shutil.disk_usage("/")._replace(free=5)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    try:
        with pytest.raises(SourceError, match="Make room and try again"):
            list(source.documents(CUSTOMERS))
    finally:
        source.close()


def test_a_large_collection_of_a_packed_folder_is_listed_without_a_count(
    packed_lab: Callable[[str], Upload], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.mongo.backup.MAX_COUNTED_BYTES", 50_000)
    source = open_source(packed_lab("lab_snappy_clean"))
    counts = {s.name: s.count for s in source.namespaces()}
    source.close()
    assert counts[CUSTOMERS] is None
    assert counts[Name("crm", "contacts")] == 37


def test_a_lone_file_without_a_whole_block_is_told() -> None:
    content = (120897).to_bytes(4, "little").ljust(4096, b"\0") + bytes(8192)
    source = open_source(Upload("collection-1.wt", content))
    with pytest.raises(SourceError, match="no whole block shows where its data begin"):
        source.namespaces()
    source.close()


def test_an_empty_lone_file_has_no_documents() -> None:
    content = (120897).to_bytes(4, "little").ljust(4096, b"\0")
    source = open_source(Upload("collection-1.wt", content))
    assert source.namespaces()[0].count == 0
    source.close()
