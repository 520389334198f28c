"""Live servers, over the real wire protocol with the real driver.

What MongoDB's own server is asked, too, where one is on PATH, takes `serve`.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import bson
import pytest

from benchmarks.real_server import PROGRAM, RealServer
from benchmarks.stand_in_server import StandIn, User
from core.errors import SourceError
from core.mongo import customers
from core.mongo.namespace import Name
from core.mongo.server import Server, _hosts
from core.mongo.source import open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Serve = Callable[..., StandIn | RealServer]

CUSTOMERS = Name("shop", "customers")
PASSWORD = "p@ss/w:rd%"  # noqa: S105
ESCAPED = "p%40ss%2Fw%3Ard%25"


def documents(count: int) -> list[bytes]:
    return [
        bson.encode({"_id": n, "email": f"user{n}@example.com", "oxyId": n, "pad": "x"})
        for n in range(count)
    ]


DATA = {
    "shop": {"customers": documents(2500), "orders": documents(2), "system.views": []},
    "admin": {"system.version": documents(1)},
}


@pytest.fixture
def opened() -> Iterator[list[Server]]:
    """Close every server that a test puts here."""
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.close()


@pytest.fixture(
    params=[
        StandIn,
        pytest.param(
            RealServer,
            marks=pytest.mark.skipif(not PROGRAM, reason="no mongod is on PATH"),
        ),
    ]
)
def serve(request: pytest.FixtureRequest) -> Serve:
    """Return a function that starts a server with data, and a user who may log in."""
    return request.param


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.mongo.server.SELECT_MS", 700)


def connected(
    opened: list[Server], port: int, login: str = "", rest: str = ""
) -> Server:
    server = open_source(f"mongodb://{login}127.0.0.1:{port}/{rest}")
    assert isinstance(server, Server)
    opened.append(server)
    return server


def test_customers_come_in_batches_with_only_the_needed_fields(
    serve: Serve, opened: list[Server]
) -> None:
    with serve(DATA) as started:
        server = connected(opened, started.port)
        reading = customers.from_source(server, CUSTOMERS)
        assert reading.rows_read == 2500
        assert reading.rows["oxy_id"].to_pylist() == [str(n) for n in range(2500)]
        assert reading.layout == "MongoDB server, shop.customers"
        if isinstance(started, StandIn):
            assert started.commands.count("getMore") == 2
        found = next(iter(server.documents(CUSTOMERS, ["email"])))
        assert found == bson_document(0)


def test_the_largest_shop_is_read_over_the_wire(
    serve: Serve, opened: list[Server]
) -> None:
    data = {"shop": {"customers": documents(24_251)}}
    told: list[int] = []
    with serve(data, User("ann", "secret")) as started:
        server = connected(opened, started.port, "ann:secret@")
        reading = customers.from_source(server, CUSTOMERS, tell=told.append)
    assert reading.rows_read == reading.rows.num_rows == 24_251
    assert told == [5_000, 10_000, 15_000, 20_000]


def bson_document(number: int) -> object:
    from core.mongo.document import Document

    fields = {"_id": number, "email": f"user{number}@example.com"}
    return Document(number + 1, fields, bson.encode(fields))


def test_collections_are_listed_without_the_servers_own(
    serve: Serve, opened: list[Server]
) -> None:
    with serve(DATA) as started:
        spaces = connected(opened, started.port).namespaces()
    assert [(str(s.name), s.count) for s in spaces] == [
        ("shop.customers", 2500),
        ("shop.orders", 2),
    ]
    assert spaces[0].fields == ("_id", "email", "oxyId", "pad")


def test_a_login_with_special_characters_is_accepted(
    serve: Serve, opened: list[Server]
) -> None:
    with serve(DATA, User("ann", PASSWORD)) as started:
        server = connected(opened, started.port, f"ann:{ESCAPED}@")
        assert len(list(server.documents(CUSTOMERS))) == 2500


def test_a_user_of_one_collection_needs_no_more_rights(
    serve: Serve, opened: list[Server]
) -> None:
    user = User("ann", "secret", frozenset({"shop.customers"}))
    with serve(DATA, user) as started:
        server = connected(opened, started.port, "ann:secret@", "shop?authSource=admin")
        assert [str(space.name) for space in server.namespaces()] == ["shop.customers"]
        assert len(list(server.documents(CUSTOMERS))) == 2500
        with pytest.raises(SourceError) as raised:
            list(server.documents(Name("shop", "orders")))
        said = f"127.0.0.1:{started.port}: This user may not read shop.orders."
        assert said in str(raised.value)


def test_a_user_who_may_not_list_is_told_what_to_do(opened: list[Server]) -> None:
    user = User("ann", "secret", frozenset({"shop.customers"}))
    with StandIn(DATA, user) as stand_in:
        other = connected(opened, stand_in.port, "ann:secret@")
        with pytest.raises(SourceError) as raised:
            other.namespaces()
        assert "Type the database and the collection." in str(raised.value)


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("ann:wrong@", "User name or password is wrong"),
        ("bob:secret@", "User name or password is wrong"),
        ("", "This server wants a user name and a password."),
    ],
)
def test_a_refused_login_is_told_without_the_password(
    login: str, words: str, serve: Serve, opened: list[Server]
) -> None:
    with serve(DATA, User("ann", "secret")) as started:
        server = connected(opened, started.port, login)
        for ask in (server.namespaces, lambda: list(server.documents(CUSTOMERS))):
            with pytest.raises(SourceError) as raised:
                ask()
            assert words in str(raised.value)
            assert "wrong@" not in repr(raised.value)
            assert raised.value.__context__ is None


def test_a_connection_lost_in_the_middle_loads_nothing(
    serve: Serve, opened: list[Server]
) -> None:
    with serve(DATA, drop_after=1) as started:
        server = connected(opened, started.port)
        with pytest.raises(SourceError) as raised:
            customers.from_source(server, CUSTOMERS)
    assert "the connection was lost after 2,000 documents" in str(raised.value)
    assert str(raised.value).endswith("Nothing was loaded.")


def test_a_server_older_than_the_driver_is_told(opened: list[Server]) -> None:
    with StandIn(DATA, wire_version=8) as stand_in:
        server = connected(opened, stand_in.port)
        with pytest.raises(SourceError, match=r"older than MongoDB 4\.4"):
            server.namespaces()


def test_a_closed_port_is_told(opened: list[Server]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = connected(opened, free.getsockname()[1], "ann:secret@")
        with pytest.raises(SourceError, match="Nothing answers there") as raised:
            list(server.documents(CUSTOMERS))
    assert "secret" not in str(raised.value)


def test_a_server_that_never_answers_is_told(opened: list[Server]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = connected(opened, silent.getsockname()[1])
        with pytest.raises(SourceError, match="No answer in time"):
            server.namespaces()


def test_tls_where_the_server_speaks_none_is_told(opened: list[Server]) -> None:
    with StandIn(DATA) as stand_in:
        server = connected(opened, stand_in.port, rest="?tls=true")
        with pytest.raises(SourceError, match="does not speak TLS"):
            server.namespaces()
        server.close()


def test_an_unknown_host_is_told(opened: list[Server]) -> None:
    server = open_source("mongodb://nowhere.invalid/")
    assert isinstance(server, Server)
    opened.append(server)
    with pytest.raises(SourceError, match="host name is not known here"):
        server.namespaces()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://example.com", "must begin with mongodb://"),
        (
            "mongodb://ann:s@cret@example.com/",
            "The password or user name has a special",
        ),
        (
            "mongodb://ann:se%ret@example.com/",
            "The password or user name has a special",
        ),
        ("mongodb://ann:se/cret@example.com/", ""),
        ("mongodb://", "names no server"),
        ("mongodb://ann:secret@", "names no server"),
        ("mongodb://ann:secret@example.com:99999999", "must be a number to 65535"),
        ("mongodb://ann:secret@example.com:port", "must be a number to 65535"),
        ("mongodb://ann:secret@example.com/a b$c", "cannot be understood"),
    ],
)
def test_a_bad_address_is_told_without_the_password(address: str, words: str) -> None:
    with pytest.raises(SourceError) as raised:
        open_source(address)
    assert words in str(raised.value)
    assert raised.value.__context__ is None
    for secret in ("s@cret", "se%ret", "se/cret", "secret"):
        assert secret not in str(raised.value)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (
            "noSuchOption=secret",
            "An option of the address has no effect: noSuchOption.",
        ),
        ("tls=secret", "An option of the address has no effect: tls."),
        ("readPreference=secret", "An option of the address has no effect."),
        ("compressors=secret", "A compressor of the address is not installed here."),
    ],
)
def test_options_without_effect_are_told(
    option: str, told: str, opened: list[Server]
) -> None:
    server = connected(opened, 1, rest=f"?appname=x&{option}")
    assert server.notes(CUSTOMERS) == (told,)


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        (
            "mongodb://a.example.com:1,b.example.com/x?y=z",
            "a.example.com:1,b.example.com",
        ),
        ("mongodb://ann:secret@a.example.com/", "a.example.com"),
        ("mongodb+srv://ann:p@ss@c.example.com?tls=true", "c.example.com"),
    ],
)
def test_a_server_is_named_by_its_hosts_only(address: str, hosts: str) -> None:
    assert _hosts(address) == f"MongoDB at {hosts}"


def test_documents_that_are_no_bson_are_refused_alone(opened: list[Server]) -> None:
    bad = bytearray(documents(1)[0])
    bad[bad.index(b"email") - 1] = 0x7E
    data = {"shop": {"customers": [bytes(bad), *documents(2)]}}
    with StandIn(data) as stand_in:
        server = connected(opened, stand_in.port)
        reading = customers.from_source(server, CUSTOMERS)
    assert (reading.rows_read, reading.rows.num_rows) == (3, 2)
    assert reading.problems[0].reason.startswith("not BSON: ")


def test_a_collection_that_may_not_be_read_is_listed_with_its_problem(
    opened: list[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    may = StandIn._may
    user = User("ann", "secret", frozenset({"shop.customers"}))
    with StandIn(DATA, user) as stand_in:
        server = connected(opened, stand_in.port, "ann:secret@", "shop?authSource=x")
        asked: list[str] = []

        def listed_only(self: StandIn, database: str, collection: str) -> bool:
            asked.append(collection)
            return len(asked) <= len(DATA["shop"]) or may(self, database, collection)

        monkeypatch.setattr(StandIn, "_may", listed_only)
        spaces = {space.name.collection: space for space in server.namespaces()}
    assert spaces["customers"].problem == ""
    assert "This user may not read shop.orders." in spaces["orders"].problem
