"""The log of a replica set: replayed from nothing, it gives what the server had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bson
import pytest
from bson import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mongo.backup import OPLOG
from core.mongo.namespace import Name
from core.mongo.oplog import Changes, Replay, is_newer, told
from core.mongo.wiredtiger.files import FolderFiles
from core.mongo.wiredtiger.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

CUSTOMERS = Name("shop", "customers")


def test_a_log_from_its_beginning_gives_every_document_the_server_had(
    unpacked: Callable[[str], Path],
    expected: Callable[[str], dict[str, tuple[int, str]]],
    fingerprint: Callable[[Iterable[bytes]], tuple[int, str]],
) -> None:
    home = Home(FolderFiles(unpacked("lab_rs_clean")))
    idents = {c.name: c.ident for c in home.collections}
    replay = Replay(home.rows(idents[OPLOG]))
    for full, want in expected("lab_rs_clean").items():
        changes = replay.changes(Name(*full.split(".", 1)))
        assert changes is not None
        assert fingerprint(changes.documents([])) == want
        assert not changes.refused


def entries(*operations: dict[str, Any]) -> list[bytes]:
    return [
        bson.encode({"ts": Timestamp(100 + n, 1), **operation})
        for n, operation in enumerate(operations)
    ]


def insert(identity: object, ns: str = "shop.customers") -> dict[str, Any]:
    return {"op": "i", "ns": ns, "o": {"_id": identity}}


def command(database: str = "shop", **o: object) -> dict[str, Any]:
    return {"op": "c", "ns": f"{database}.$cmd", "o": o}


def names(*operations: dict[str, Any]) -> list[str]:
    found = Replay(entries(*operations)).names([CUSTOMERS, Name("crm", "contacts")])
    return [str(name) for name in found]


@pytest.mark.parametrize(
    ("operations", "collections"),
    [
        ([], ["crm.contacts", "shop.customers"]),
        ([command(create="late")], ["crm.contacts", "shop.customers", "shop.late"]),
        ([command(drop="customers")], ["crm.contacts"]),
        ([command(dropDatabase=1)], ["crm.contacts"]),
        ([command(dropDatabase=1), insert(1)], ["crm.contacts", "shop.customers"]),
        (
            [command(drop="customers"), command(create="customers")],
            ["crm.contacts", "shop.customers"],
        ),
        (
            [command(renameCollection="shop.customers", to="shop.people")],
            ["crm.contacts", "shop.people"],
        ),
        ([command(createIndexes="customers")], ["crm.contacts", "shop.customers"]),
    ],
)
def test_collections_come_and_go(
    operations: list[dict[str, Any]], collections: list[str]
) -> None:
    assert names(*operations) == collections


def test_a_collection_made_anew_has_nothing_of_the_old() -> None:
    replay = Replay(
        entries(command(drop="customers"), command(create="customers"), insert(1))
    )
    changes = replay.changes(CUSTOMERS)
    assert changes is not None
    assert changes.base is None


def test_a_renamed_collection_continues_the_old() -> None:
    rename = command(renameCollection="shop.customers", to="shop.people")
    changes = Replay(entries(rename, insert(7, "shop.people"))).changes(
        Name("shop", "people")
    )
    assert changes is not None
    assert changes.base == CUSTOMERS
    assert [bson.decode(raw)["_id"] for raw in changes.documents([])] == [7]


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        (
            {
                "op": "u",
                "ns": "shop.customers",
                "o": {"$inc": {"a": 1}},
                "o2": {"_id": 1},
            },
            "update",
        ),
        (
            {"op": "u", "ns": "shop.customers", "o": {"$v": 1}, "o2": {"_id": 1}},
            "update",
        ),
        ({"op": "u", "ns": "shop.customers", "o": {"a": 1}}, "update"),
        ({"op": "i", "ns": "shop.customers"}, "insert"),
        ({"op": "ci", "ns": "shop.customers", "o": {}}, "operation 'ci'"),
        (command(emptycapped="customers"), "command emptycapped"),
        (
            command("admin", applyOps=[insert(1)], partialTxn=True),
            "operation of a transaction over several entries",
        ),
        (
            command("admin", applyOps=[insert(1)], prepare=True),
            "operation of a transaction over several entries",
        ),
        (
            {
                **command("admin", applyOps=[insert(1)]),
                "prevOpTime": {"ts": Timestamp(5, 1), "t": 1},
            },
            "operation of a transaction over several entries",
        ),
    ],
)
def test_what_is_not_understood_is_counted_and_stops_the_rest(
    operation: dict[str, Any], what: str
) -> None:
    replay = Replay(entries(insert(0), operation, insert(2)))
    changes = replay.changes(CUSTOMERS)
    assert changes is not None
    assert dict(changes.counts) == {"insert": 1}
    wanted = {what: 1, "insert": 2 if what == "insert" else 1}
    assert dict(changes.refused) == wanted
    assert len(list(changes.documents([]))) == 1


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"prevOpTime": {"ts": Timestamp(0, 0), "t": -1}},
        {"prevOpTime": {"ts": Timestamp(5, 1), "t": 1}, "multiOpType": 1},
    ],
)
def test_a_transaction_in_one_entry_is_applied(extra: dict[str, Any]) -> None:
    operation = {**command("admin", applyOps=[insert(1), insert(2)]), **extra}
    changes = Replay(entries(operation)).changes(CUSTOMERS)
    assert changes is not None
    assert dict(changes.counts) == {"insert": 2}


@pytest.mark.parametrize(
    "delta",
    [
        {"$v": 2, "diff": {"sx": {"u": {"y": 1}}}},
        {"$v": 1, "$set": {"x.y": 1}},
    ],
)
def test_an_update_that_does_not_fit_is_told(delta: dict[str, Any]) -> None:
    update = {"op": "u", "ns": "shop.customers", "o": delta, "o2": {"_id": 1}}
    changes = Replay(entries(update)).changes(CUSTOMERS)
    assert changes is not None
    raw = bson.encode({"_id": 1, "x": 5})
    assert list(changes.documents([raw])) == [raw]
    assert told(changes.not_applied) == "1 update not fitting its document"


def update(**change: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"op": "u", "ns": "shop.customers", "o": change, "o2": {"_id": 1}}


BAD = update(**{"$v": 2, "diff": {"sx": {"u": {"y": 1}}}})
SET = update(**{"$v": 2, "diff": {"u": {"x": 7}}})


@pytest.mark.parametrize(
    ("log", "after", "applied", "refused"),
    [
        ([SET, BAD, SET], 7, "1 update", "1 update, 1 update not fitting its document"),
        ([BAD, BAD], 5, "", "1 update, 1 update not fitting its document"),
        (
            [BAD, update(_id=1, x=9), SET],
            7,
            "2 updates",
            "1 update not fitting its document",
        ),
        ([BAD, {**insert(1), "op": "d"}], None, "1 delete, 1 update", ""),
    ],
)
def test_what_rests_on_an_update_that_does_not_fit_is_told_in_each_reading(
    log: list[dict[str, Any]], after: int | None, applied: str, refused: str
) -> None:
    changes = Replay(entries(*log)).changes(CUSTOMERS)
    assert changes is not None
    raw = bson.encode({"_id": 1, "x": 5})
    for _ in range(2):
        found = [bson.decode(each)["x"] for each in changes.documents([raw])]
        assert found == ([] if after is None else [after])
        assert told(changes.applied) == applied
        assert told(changes.not_applied) == refused


@pytest.mark.parametrize("version", [{}, {"$v": 1}])
def test_updates_of_servers_before_5_0_are_applied(version: dict[str, Any]) -> None:
    change = {**version, "$set": {"email": "new@example.com"}, "$unset": {"a": True}}
    update = {"op": "u", "ns": "shop.customers", "o": change, "o2": {"_id": 1}}
    changes = Replay(entries(update)).changes(CUSTOMERS)
    assert changes is not None
    raw = bson.encode({"_id": 1, "email": "old@example.com", "a": 1, "b": 2})
    (after,) = changes.documents([raw])
    assert bson.decode(after) == {"_id": 1, "email": "new@example.com", "b": 2}
    assert told(changes.applied) == "1 update"
    assert not changes.not_applied


WRITES = st.lists(
    st.tuples(st.sampled_from("idu"), st.integers(0, 4), st.integers(0, 99)),
    max_size=15,
)


@given(st.sets(st.integers(0, 4)), WRITES)
@settings(max_examples=80, deadline=None)
def test_changes_equal_applying_one_by_one(
    present: set[int], writes: list[tuple[str, int, int]]
) -> None:
    slow = {n: {"_id": n} for n in sorted(present)}
    operations = []
    for kind, identity, value in writes:
        document = {"_id": identity, "v": value}
        operation = {"op": kind, "ns": "shop.customers", "o": document}
        if kind == "u":
            operation["o2"] = {"_id": identity}
            if identity in slow:
                slow[identity] = document
        elif kind == "i":
            slow[identity] = document
        else:
            slow.pop(identity, None)
        operations.append(operation)
    changes = Replay(entries(*operations)).changes(CUSTOMERS) or Changes(None)
    checkpoint = [bson.encode({"_id": n}) for n in sorted(present)]
    found = [bson.decode(raw) for raw in changes.documents(checkpoint)]
    assert sorted(found, key=repr) == sorted(slow.values(), key=repr)


@pytest.mark.parametrize(
    ("since", "until", "newer"),
    [(99, 0, True), (100, 0, False), (99, 100, True), (98, 99, False)],
)
def test_only_entries_behind_the_checkpoint_count(
    since: int, until: int, newer: bool
) -> None:
    (raw,) = entries(insert(1))
    at = [since << 32 | 1, until << 32 | 1 if until else 0]
    assert is_newer(raw, *at) is newer


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"insert": 1}, "1 insert"),
        ({"update": 1717, "delete": 2}, "2 deletes, 1,717 updates"),
        ({"insert": 0}, ""),
    ],
)
def test_counts_are_told(counts: dict[str, int], text: str) -> None:
    from collections import Counter

    assert told(Counter(counts)) == text
