"""MongoDB's own server on loopback, filled like the stand-in; needs mongod on PATH."""

from __future__ import annotations

import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Self

import bson
from pymongo import MongoClient, WriteConcern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.stand_in_server import User

PROGRAM: Final = shutil.which("mongod") or ""
"""MongoDB's server on PATH; empty where there is none."""

START_MS: Final = 30_000
"""How long the server may take to answer its first question."""

_ADMIN: Final = ("filler", "filler-word")
_NARROW: Final = "narrow"


@dataclass
class RealServer:
    """A server that is filled when it is entered, and gone at the end.

    user may log in, as with the stand-in; without one nobody has to. drop_after closes
    the connection at the getMore after so many of them. folder has its data; it may be
    copied while the server is stopped.
    """

    data: Mapping[str, Mapping[str, Sequence[bytes]]]
    user: User | None = None
    drop_after: int | None = None
    port: int = 0
    folder: Path = field(default_factory=Path)

    def __enter__(self) -> Self:
        """Start the server on a free port, and fill it."""
        self._made = TemporaryDirectory(prefix="mongod-")
        self.folder = Path(self._made.name) / "data"
        self.folder.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [PROGRAM, "--dbpath", str(self.folder), "--port", str(self.port)]
        command += ["--bind_ip", "127.0.0.1", "--logpath", f"{self._made.name}/log"]
        command += ["--setParameter", "enableTestCommands=1"]
        self._process = subprocess.Popen(
            [*command, *(["--auth"] if self.user else [])],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the server and delete its data."""
        self.stop(is_killed=True)
        self._made.cleanup()

    def stop(self, *, is_killed: bool = False) -> None:
        """Shut the server down, or kill it; its folder stays until the end."""
        if is_killed:
            self._process.kill()
        else:
            self._process.terminate()
        self._process.wait()

    def _prepare(self) -> None:
        with self._client() as client:
            client.admin.command("ping")
            if self.user:
                name, word = _ADMIN
                client.admin.command("createUser", name, pwd=word, roles=["root"])
        with self._client(*(_ADMIN if self.user else ())) as client:
            self._fill(client)
            if self.user:
                self._let_in(client, self.user)
            if self.drop_after is not None:
                closing = {"failCommands": ["getMore"], "closeConnection": True}
                client.admin.command(
                    "configureFailPoint",
                    "failCommand",
                    mode={"skip": self.drop_after},
                    data=closing,
                )

    def _client(self, name: str = "", word: str = "") -> MongoClient[dict[str, Any]]:
        login = {"username": name, "password": word} if name else {}
        return MongoClient(
            "127.0.0.1",
            self.port,
            serverSelectionTimeoutMS=START_MS,
            directConnection=True,
            **login,
        )

    def _fill(self, client: MongoClient[dict[str, Any]]) -> None:
        """Make all collections, then insert: the journal holds all at the end."""
        journaled = WriteConcern(j=True)
        made = [
            (client[database].create_collection(name), documents)
            for database, collections in self.data.items()
            for name, documents in collections.items()
            if database != "admin" and not name.startswith("system.")
        ]
        for collection, documents in made:
            if documents:
                collection.with_options(write_concern=journaled).insert_many(
                    map(bson.decode, documents)
                )

    def _let_in(self, client: MongoClient[dict[str, Any]], user: User) -> None:
        roles: list[str] = ["readAnyDatabase"]
        if user.readable is not None:
            privileges = [
                {
                    "resource": dict(
                        zip(("db", "collection"), full.split(".", 1), strict=True)
                    ),
                    "actions": ["find"],
                }
                for full in sorted(user.readable)
            ]
            client.admin.command("createRole", _NARROW, privileges=privileges, roles=[])
            roles = [_NARROW]
        client.admin.command("createUser", user.name, pwd=user.password, roles=roles)
