"""What a MongoDB driver complains of, in words for staff.

Source: pymongo 4. Its own texts are looked at, never shown: they may quote a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pymongo.errors import ConfigurationError, OperationFailure

from core.errors import SourceError

if TYPE_CHECKING:
    from pymongo.errors import PyMongoError

    from core.mongo.namespace import Name

ADDRESS_ERRORS: Final = (ConfigurationError, ValueError, TypeError)
"""What the driver raises for an address it cannot use; InvalidURI is one of them."""

_BAD_LOGIN: Final = 18
_FORBIDDEN: Final = 13
_ATLAS: Final = 8000
"""Codes of refused commands; Atlas has one of its own for a wrong login."""

_LOGIN: Final = (
    "User name or password is wrong, or the user lives in another database: "
    "add authSource=... to the address"
)

_ADDRESS: Final = (
    (
        "non-digit",
        "The port in the address must be a number to 65535; or the password has a "
        "special character: write @ as %40, / as %2F, : as %3A, % as %25.",
    ),
    (
        "RFC 3986",
        "The password or user name has a special character: write @ as %40, / as %2F, "
        ": as %3A, % as %25.",
    ),
    ("URI scheme", "The address must begin with mongodb:// or mongodb+srv://."),
    ("at least one hostname", "The address names no server."),
    ("Empty host", "The address names no server."),
    (
        "DNS query name does not exist",
        "The cluster name cannot be looked up: look for a typing error.",
    ),
    ("resolution lifetime expired", "The cluster name cannot be looked up: no DNS."),
    (
        "nameservers failed",
        "The cluster name cannot be looked up: a typing error, or no DNS.",
    ),
    ("DNS", "The cluster name cannot be looked up: a typing error, or no DNS."),
    ("ort must be an integer", "The port in the address must be a number to 65535."),
)
"""Part of the driver's text, what is told. Source: pymongo 4.20, by trying."""

_CONNECTION: Final = (
    ("Authentication failed", _LOGIN),
    ("bad auth", _LOGIN),
    (
        "wire version",
        "The server is older than MongoDB 4.4. Use mongodump or mongoexport and load "
        "the file",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "The server's certificate is not trusted here: name its authority with "
        "tlsCAFile=... in the address",
    ),
    ("SSL", "The server does not speak TLS: remove tls=true from the address"),
    ("Name or service not known", "The host name is not known here"),
    ("getaddrinfo failed", "The host name is not known here"),
    ("nodename nor servname", "The host name is not known here"),
    ("name resolution", "The host name is not known here"),
    ("No address associated", "The host name is not known here"),
    (
        "refused",
        "Nothing answers there. Is the server running, is the port right, does a "
        "firewall stand between?",
    ),
    (
        "connection closed",
        "The server closes the connection: it may want tls=true, or may not let this "
        "machine in",
    ),
    ("No primary", "No member of the replica set can be read now"),
    ("No replica set", "No member of the replica set can be read now"),
    (
        "timed out",
        "No answer in time. Does a firewall stand between, is this machine on the "
        "server's list of allowed addresses?",
    ),
)
"""Part of the driver's text, what is told; the first that fits counts."""


def about_address(error: Exception) -> SourceError:
    """Say what is wrong with an address, without quoting it."""
    text = str(error)
    for part, told in _ADDRESS:
        if part in text:
            return SourceError(told)
    return SourceError(
        "The address cannot be understood. It looks like "
        "mongodb://user:password@host:27017/database."
    )


def about_server(
    error: PyMongoError, file: str, name: Name | None = None, count: int = 0
) -> SourceError:
    """Say why a server cannot be read.

    Args:
        error: What the driver raised.
        file: The server, as messages name it.
        name: The collection that was read, if one was.
        count: How many of its documents had come.
    """
    told = _told(error, name)
    if count:
        told = f"the connection was lost after {count:,} documents: {told}"
    ending = "" if told.endswith("?") else "."
    lost = " Nothing was loaded." if count else ""
    return SourceError(f"{file}: {told}{ending}{lost}")


def _told(error: PyMongoError, name: Name | None) -> str:
    text = str(error)
    if isinstance(error, OperationFailure):
        return _refused(error, text, name)
    for part, told in _CONNECTION:
        if part in text:
            return told
    return f"the server cannot be read ({type(error).__name__})"


def _refused(error: OperationFailure, text: str, name: Name | None) -> str:
    if error.code in (_BAD_LOGIN, _ATLAS) or "Authentication failed" in text:
        return _LOGIN
    if error.code == _FORBIDDEN:
        if "requires authentication" in text:
            return "This server wants a user name and a password"
        if name is not None:
            return f"This user may not read {name}"
        return (
            "This user may not list collections. Type the database and the collection"
        )
    return f"the server refused to answer (code {error.code})"
