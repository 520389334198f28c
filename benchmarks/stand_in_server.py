"""A stand-in for a MongoDB server on loopback, as far as reading goes.

It speaks the real wire protocol with SCRAM-SHA-256 logins, so that the real driver
can be held against it where no server is installed.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import threading
from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, Self

import bson
import bson.raw_bson
from bson import Int64

from core.mongo.element import elements, joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Document = dict[str, Any]

_HEADER: Final = Struct("<iiii")
_OP_QUERY: Final = 2004
_OP_REPLY: Final = 1
_OP_MSG: Final = 2013
_CHECKSUM_PRESENT: Final = 1
_ITERATIONS: Final = 15_000
_ACCEPT_SECONDS: Final = 0.05
_SALT: Final = b"0123456789abcdef0123456789ab"
_BEFORE_LOGIN: Final = frozenset(
    "hello ismaster isMaster ping saslStart saslContinue endSessions".split()
)


@dataclass
class User:
    """Someone who may log in; readable names the collections, None for all."""

    name: str
    password: str
    readable: frozenset[str] | None = None


@dataclass
class Session:
    """What is known of one connection."""

    is_logged_in: bool
    scram: tuple[str, str, str] = ("", "", "")


@dataclass
class StandIn:
    """Serves collections by database and name while it is entered.

    drop_after closes the connection at the getMore after so many of them.
    """

    data: Mapping[str, Mapping[str, Sequence[bytes]]]
    user: User | None = None
    wire_version: int = 21
    drop_after: int | None = None
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        """Prepare what lives only while the server runs."""
        self._cursors: dict[int, list[bytes]] = {}
        self._writers: list[asyncio.StreamWriter] = []
        self._clients: list[asyncio.Task[None]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        """Start to listen, on a free port unless one is named."""
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and close all connections."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        # A server that closes while it accepts would leave that connection open.
        await asyncio.sleep(_ACCEPT_SECONDS)
        accepting = asyncio.all_tasks() - {asyncio.current_task(), *self._clients}
        await asyncio.gather(*accepting, return_exceptions=True)
        server.close()
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        # The loop closes an aborted connection at its next turn.
        await asyncio.sleep(0)
        await server.wait_closed()

    def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        # A task that is cancelled before its first step cannot close its connection.
        self._writers.append(writer)
        self._clients.append(asyncio.create_task(self._client(reader, writer)))

    async def _client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        session = Session(is_logged_in=self.user is None)
        try:
            while True:
                header = await reader.readexactly(_HEADER.size)
                size, request, _, code = _HEADER.unpack(header)
                if code not in (_OP_QUERY, _OP_MSG):
                    return
                body = await reader.readexactly(size - _HEADER.size)
                answer = self._answer(_command(code, body), session)
                if answer is None:
                    return
                writer.write(_message(code, request, answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def _answer(self, command: Document, session: Session) -> bytes | None:
        verb = next(iter(command))
        self.commands.append(verb)
        if not session.is_logged_in and verb not in _BEFORE_LOGIN:
            return _refusal(13, f"Command {verb} requires authentication")
        if verb == "getMore" and self.drop_after is not None:
            if self.drop_after == 0:
                return None
            self.drop_after -= 1
        handler = getattr(self, f"_on_{verb.lower()}", None)
        if handler is None:
            return _refusal(59, f"no such command: '{verb}'")
        answer: bytes | Document = handler(command, session)
        return answer if isinstance(answer, bytes) else bson.encode(answer)

    def _on_hello(self, command: Document, session: Session) -> Document:
        answer: Document = {
            "ismaster": True,
            "isWritablePrimary": True,
            "helloOk": True,
            "maxBsonObjectSize": 16 * 1024**2,
            "maxMessageSizeBytes": 48_000_000,
            "maxWriteBatchSize": 100_000,
            "minWireVersion": 0,
            "maxWireVersion": self.wire_version,
            "logicalSessionTimeoutMinutes": 30,
            "ok": 1.0,
        }
        if "saslSupportedMechs" in command:
            answer["saslSupportedMechs"] = ["SCRAM-SHA-256"]
        if "speculativeAuthenticate" in command:
            start = self._on_saslstart(command["speculativeAuthenticate"], session)
            answer["speculativeAuthenticate"] = start
        return answer

    _on_ismaster = _on_hello

    def _on_ping(self, _: Document, __: Session) -> Document:
        return {"ok": 1.0}

    _on_endsessions = _on_killcursors = _on_ping

    def _on_saslstart(self, command: Document, session: Session) -> Document:
        client = bytes(command["payload"])[3:].decode()
        parts = dict(part.split("=", 1) for part in client.split(","))
        nonce = parts["r"] + base64.b64encode(os.urandom(18)).decode()
        salt = base64.b64encode(_SALT).decode()
        server = f"r={nonce},s={salt},i={_ITERATIONS}"
        session.scram = (client, server, parts["n"])
        payload = server.encode()
        return {"conversationId": 1, "done": False, "payload": payload, "ok": 1.0}

    def _on_saslcontinue(self, command: Document, session: Session) -> Document | bytes:
        client, server, name = session.scram
        message = bytes(command["payload"]).decode()
        if not message:
            return {"conversationId": 1, "done": True, "payload": b"", "ok": 1.0}
        without_proof, proof = message.rsplit(",p=", 1)
        signed = f"{client},{server},{without_proof}".encode()
        user = self.user or User("", "")
        password = user.password.encode()
        salted = hashlib.pbkdf2_hmac("sha256", password, _SALT, _ITERATIONS)
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        stored = hashlib.sha256(client_key).digest()
        mask = hmac.digest(stored, signed, "sha256")
        wanted = bytes(a ^ b for a, b in zip(client_key, mask, strict=True))
        if name != user.name or base64.b64decode(proof) != wanted:
            return _refusal(18, "Authentication failed.")
        session.is_logged_in = True
        server_key = hmac.digest(salted, b"Server Key", "sha256")
        verifier = base64.b64encode(hmac.digest(server_key, signed, "sha256"))
        payload = b"v=" + verifier
        return {"conversationId": 1, "done": True, "payload": payload, "ok": 1.0}

    def _on_listdatabases(self, _: Document, __: Session) -> Document | bytes:
        if self.user and self.user.readable is not None:
            return _refusal(13, "not authorized on admin to execute command")
        names = [{"name": name, "sizeOnDisk": Int64(1)} for name in self.data]
        return {"databases": names, "totalSize": Int64(1), "ok": 1.0}

    def _on_listcollections(self, command: Document, _: Session) -> Document | bytes:
        database = command["$db"]
        names = [n for n in self.data.get(database, {}) if self._may(database, n)]
        if self.user and self.user.readable is not None:
            authorized = command.get("authorizedCollections")
            if not (authorized and command.get("nameOnly")):
                return _refusal(13, f"not authorized on {database}")
        batch = [{"name": name, "type": "collection"} for name in names]
        return _cursor(0, f"{database}.$cmd.listCollections", "firstBatch", batch)

    def _on_find(self, command: Document, _: Session) -> Document | bytes:
        database, collection = command["$db"], command["find"]
        if not self._may(database, collection):
            return _refusal(13, f"not authorized on {database} to execute command")
        documents = list(self.data.get(database, {}).get(collection, ()))
        if command.get("limit"):
            documents = documents[: command["limit"]]
        if wanted := command.get("projection"):
            names = {name for name, value in wanted.items() if value}
            documents = [_projected(raw, names | {"_id"}) for raw in documents]
        number = len(self._cursors) + 1000
        self._cursors[number] = documents
        size = command.get("batchSize", 101)
        return self._batch(number, f"{database}.{collection}", "firstBatch", size)

    def _on_getmore(self, command: Document, _: Session) -> Document | bytes:
        name = f"{command['$db']}.{command['collection']}"
        size = command.get("batchSize", 1000)
        return self._batch(command["getMore"], name, "nextBatch", size)

    def _on_count(self, command: Document, _: Session) -> Document:
        found = self.data.get(command["$db"], {}).get(command["count"], ())
        return {"n": len(found), "ok": 1.0}

    def _batch(self, number: int, name: str, key: str, size: int) -> Document:
        rest = self._cursors[number]
        batch, self._cursors[number] = rest[:size], rest[size:]
        documents = [bson.raw_bson.RawBSONDocument(raw) for raw in batch]
        return _cursor(number if len(rest) > size else 0, name, key, documents)

    def _may(self, database: str, collection: str) -> bool:
        readable = self.user.readable if self.user else None
        return readable is None or f"{database}.{collection}" in readable


def _cursor(number: int, name: str, key: str, batch: Sequence[object]) -> Document:
    return {"cursor": {"id": Int64(number), "ns": name, key: batch}, "ok": 1.0}


def _refusal(code: int, message: str) -> bytes:
    return bson.encode({"ok": 0.0, "code": code, "errmsg": message})


def _projected(raw: bytes, names: set[str]) -> bytes:
    try:
        fields = elements(raw)
    except ValueError:
        return raw
    return joined((k, v) for k, v in fields.items() if k.decode() in names)


def _command(code: int, body: bytes) -> Document:
    if code == _OP_QUERY:
        return bson.decode(body[body.index(b"\0", 4) + 9 :])
    end = len(body) - 4 * (body[0] & _CHECKSUM_PRESENT)
    at, command = 4, {}
    while at < end:
        size = int.from_bytes(body[at + 1 : at + 5], "little")
        if body[at] == 0:
            command = bson.decode(body[at + 1 : at + 1 + size])
        at += 1 + size
    return command


def _message(code: int, request: int, answer: bytes) -> bytes:
    if code == _OP_QUERY:
        body = Struct("<iqii").pack(8, 0, 0, 1) + answer
        return _HEADER.pack(16 + len(body), 0, request, _OP_REPLY) + body
    body = bytes(5) + answer
    return _HEADER.pack(16 + len(body), 0, request, _OP_MSG) + body
