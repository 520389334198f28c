"""Collections that a source of customers holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import bson

from core.mongo.document import BSON_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLED_DOCUMENTS: Final = 20
"""How many documents of a collection are looked at for the names of its fields."""

PROPOSED: Final = "customers"
"""Name of the collection that is proposed where there is a choice."""

SERVER_DATABASES: Final = frozenset({"admin", "config", "local"})
"""Databases that hold a server's own documents. Source: MongoDB manual."""


class Name(NamedTuple):
    """Database and collection."""

    database: str
    collection: str

    def __str__(self) -> str:
        return f"{self.database}.{self.collection}" if self.database else self[1]


@dataclass(frozen=True)
class Namespace:
    """One collection: its name, how many documents it holds, some field names.

    count is None where it is not known. problem is a sentence for staff when the
    collection cannot be read; the others can be all the same.
    """

    name: Name
    count: int | None
    fields: tuple[str, ...] = ()
    problem: str = ""


class FieldSample:
    """Names of the fields of the first documents of a collection, in their order."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._left = SAMPLED_DOCUMENTS

    @property
    def fields(self) -> tuple[str, ...]:
        """The names seen so far."""
        return tuple(self._names)

    def add(self, document: bytes | Mapping[str, object]) -> None:
        """Look at one more document, raw or decoded; later ones are passed over."""
        if not self._left:
            return
        self._left -= 1
        if isinstance(document, bytes):
            try:
                document = bson.decode(document, BSON_OPTIONS)
            except bson.errors.BSONError:
                return
        self._names.update(dict.fromkeys(document))


def proposed(namespaces: list[Namespace]) -> Namespace | None:
    """Choose the collection that most likely holds the customers.

    The one called `customers`, else the only one with an email field, else the only
    one there is; None when nothing speaks for one of several.
    """
    readable = [space for space in namespaces if not space.problem]
    for fits in (
        [space for space in readable if space.name.collection == PROPOSED],
        [space for space in readable if "email" in space.fields],
        readable,
    ):
        if len(fits) == 1:
            return fits[0]
    return None
