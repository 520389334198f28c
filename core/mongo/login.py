"""Addresses of servers with user and password, which are entered apart."""

from __future__ import annotations

from urllib.parse import quote

from core.errors import SourceError
from core.mongo.source import is_address


def address(server: str, user: str = "", password: str = "") -> str:
    """Put user and password into the address of a server, escaped.

    A name without a scheme (`db.example.com:27017`) is that of a plain server.

    Raises:
        SourceError: No server is named, its address holds a login already, or there is
            a password without a user.
    """
    whole = server.strip()
    if not whole:
        raise SourceError("Name the server, like mongodb://db.example.com:27017.")
    if not is_address(whole):
        whole = f"mongodb://{whole}"
    scheme, _, rest = whole.partition("://")
    if "@" in rest.partition("?")[0]:
        raise SourceError(
            "The address holds a user or a password. Enter both in their own fields, "
            "where they are hidden and forgotten after use."
        )
    if password and not user.strip():
        raise SourceError("There is a password without a user. Enter the user too.")
    if not user.strip():
        return whole
    login = quote(user.strip(), safe="")
    if password:
        login = f"{login}:{quote(password, safe='')}"
    return f"{scheme}://{login}@{rest}"
