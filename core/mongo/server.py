"""Customers out of a running MongoDB server.

Only reading commands are sent: a user that may `find` one collection is enough when
its name is given. The password stays inside the driver: no message, note or name
holds it.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, OperationFailure, PyMongoError

from core.errors import SourceError
from core.mongo.bsondata import decoded, raw_documents
from core.mongo.complaint import ADDRESS_ERRORS, about_address, about_server
from core.mongo.namespace import (
    SAMPLED_DOCUMENTS,
    SERVER_DATABASES,
    FieldSample,
    Name,
    Namespace,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.errors import RowProblem
    from core.mongo.document import Document

SCHEMES: Final = ("mongodb://", "mongodb+srv://")
"""How an address of a server begins."""

SELECT_MS: Final = 8_000
"""How long to look for a server: the driver's own 30 s feel like a hang."""

READ_MS: Final = 30_000
"""How long to wait for one answer."""

BATCH_DOCUMENTS: Final = 1_000
"""Documents in one answer: small enough to show progress."""


class Server:
    """A connection to a server, opened by the first question.

    Raises:
        SourceError: The address is no address of a MongoDB server.
    """

    layout: Final = "MongoDB server"
    sha256: Final = ""

    def __init__(self, address: str) -> None:
        if not address.startswith(SCHEMES):
            raise SourceError(
                "The address must begin with mongodb:// or mongodb+srv://."
            )
        failure = None
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", UserWarning)
            try:
                self._client: MongoClient[dict[str, Any]] = MongoClient(
                    address,
                    connect=False,
                    serverSelectionTimeoutMS=SELECT_MS,
                    connectTimeoutMS=SELECT_MS,
                    socketTimeoutMS=READ_MS,
                    appname="Meterbook",
                )
            except ADDRESS_ERRORS as error:
                failure = about_address(error)
        if failure is not None:
            # Raised outside the handler: the driver's error may quote the password.
            raise failure
        messages = [str(warning.message) for warning in told]
        self._told = tuple(_option_note(message, address) for message in messages)
        self.file = _hosts(address)

    def namespaces(self) -> list[Namespace]:
        """List the collections that this user may read, in order of name.

        Counts are the server's own estimates.

        Raises:
            SourceError: Nothing can be listed; says why.
        """
        names = [name for base in self._databases() for name in self._collections(base)]
        return [self._looked_at(name) for name in sorted(names)]

    def documents(
        self, name: Name, fields: Sequence[str] | None = None
    ) -> Iterator[Document | RowProblem]:
        """Read one collection, in batches; with fields, only these are sent.

        Raises:
            SourceError: It cannot be read, or the connection was lost; says why and
                after how many documents.
        """
        return decoded(self._raw_documents(name, fields), self.file)

    def notes(self, name: Name) -> tuple[str, ...]:
        """Tell which options of the address have no effect."""
        del name
        return self._told

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _raw_documents(
        self, name: Name, fields: Sequence[str] | None, limit: int = 0
    ) -> Iterator[bytes]:
        count, failure = 0, None
        try:
            cursor = self._client[name.database][name.collection].find_raw_batches(
                projection=list(fields) if fields else None,
                batch_size=BATCH_DOCUMENTS,
                limit=limit,
            )
            for batch in cursor:
                content = BytesIO(batch)  # type: ignore[arg-type]
                for raw in raw_documents(content, self.file):
                    count += 1
                    yield raw
        except PyMongoError as error:
            failure = about_server(error, self.file, name, count)
        if failure is not None:
            raise failure

    def _looked_at(self, name: Name) -> Namespace:
        sample = FieldSample()
        try:
            for raw in self._raw_documents(name, None, SAMPLED_DOCUMENTS):
                sample.add(raw)
            collection = self._client[name.database][name.collection]
            return Namespace(name, collection.estimated_document_count(), sample.fields)
        except SourceError as error:
            return Namespace(name, None, sample.fields, str(error))
        except PyMongoError:
            return Namespace(name, None, sample.fields)

    def _databases(self) -> list[str]:
        """List the databases; only the address's own where listing is not allowed."""
        failure, own = None, self._own_database()
        try:
            found = self._client.list_database_names()
        except OperationFailure as error:
            failure = about_server(error, self.file)
            if own and error.code == 13 and "requires auth" not in str(error):
                return [own]
        except PyMongoError as error:
            failure = about_server(error, self.file)
        if failure is not None:
            raise failure
        return [name for name in found if name not in SERVER_DATABASES]

    def _own_database(self) -> str:
        try:
            return self._client.get_default_database().name
        except ConfigurationError:
            return ""

    def _collections(self, database: str) -> list[Name]:
        failure = None
        try:
            found = self._client[database].list_collection_names(
                authorizedCollections=True, nameOnly=True
            )
            return [
                Name(database, collection)
                for collection in found
                if not collection.startswith("system.")
            ]
        except PyMongoError as error:
            failure = about_server(error, self.file)
        raise failure


def _hosts(address: str) -> str:
    """Return the hosts of an address, without user, password and options."""
    after_login = address.partition("://")[2].rpartition("@")[2]
    hosts = after_login.partition("/")[0].partition("?")[0]
    return f"MongoDB at {hosts}"


def _option_note(message: str, address: str) -> str:
    """Say which option has no effect, without its value."""
    if "compress" in message.lower():
        return "A compressor of the address is not installed here."
    options = address.rpartition("?")[2].split("&")
    names = [option.partition("=")[0] for option in options]
    named = [name for name in names if name and name.lower() in message.lower()]
    which = f": {named[0]}" if named else ""
    return f"An option of the address has no effect{which}."
