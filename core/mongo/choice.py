"""Which collection of a source is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import SourceError
from core.mongo.namespace import Name, proposed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.mongo.namespace import Namespace
    from core.mongo.source import CustomerSource


def of_source(
    source: CustomerSource,
    *,
    database: str | None = None,
    collection: str | None = None,
) -> Name:
    """Return the collection of a source that is named, else the one proposed.

    With both names given nothing is listed: a user may have the right to read one
    collection and none to list.

    Raises:
        SourceError: As chosen.
    """
    if database and collection:
        return Name(database, collection)
    spaces = source.namespaces()
    return chosen(spaces, source.file, database=database, collection=collection)


def chosen(
    spaces: Sequence[Namespace],
    file: str,
    *,
    database: str | None = None,
    collection: str | None = None,
) -> Name:
    """Return the one collection that fits the names given, else the one proposed.

    Args:
        spaces: What the source holds.
        file: Name of the source, for messages.
        database: Its database, where it is named.
        collection: Its collection, where it is named.

    Raises:
        SourceError: None fits, several do, or the one that fits cannot be read.
    """
    fitting = [
        space
        for space in spaces
        if database in (None, space.name.database)
        and collection in (None, space.name.collection)
    ]
    named = ", ".join(str(space.name) for space in spaces[:20]) or "nothing"
    if not fitting:
        raise SourceError(f"{file}: there is no such collection. It holds {named}.")
    one = fitting[0] if len(fitting) == 1 else proposed(fitting)
    if one is None:
        raise SourceError(
            f"{file}: holds several collections: {named}. "
            "Name the one with the customers."
        )
    if one.problem:
        raise SourceError(f"{file}: {one.name} cannot be read. {one.problem}")
    return one.name
