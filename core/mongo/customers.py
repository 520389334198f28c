"""Customers: the five fields of a customer document, checked.

Grain: one document. Nothing is cleaned here but the form of ids and of email_key;
usernames stay as sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.errors import NotLoadableError, RowProblem, UnknownFileError
from core.files.text import text_bytes
from core.models import Kind, Reading
from core.mongo import csvexport, export
from core.mongo.document import Document
from core.mongo.rows import DEFAULT_FIELDS, CustomerFields, CustomerRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from core.files.table import TextTable
    from core.files.upload import Upload
    from core.mongo.namespace import Name
    from core.mongo.source import CustomerSource

TELL_EVERY: Final = 5_000
"""Documents after which progress is told: several times a second, not more."""

_KNOWN: Final = (
    "MongoDB customers (email, oxyId, oxyUsername, briefOxyId, briefOxyUsername)",
)


@dataclass(frozen=True)
class Origin:
    """What a Reading says of where its documents came from."""

    file: str
    sha256: str
    layout: str
    warnings: tuple[str, ...] = ()


def read(upload: Upload, *, fields: CustomerFields = DEFAULT_FIELDS) -> Reading:
    """Read customers out of a mongoexport JSON file.

    Returns:
        Rows of CUSTOMER_SCHEMA in file order.

    Raises:
        UnreadableFileError: The file is cut, or is no JSON.
        UnknownFileError: No document has an email field.
        NotLoadableError: The file holds no document.
    """
    text = text_bytes(upload).decode("utf-8-sig")
    layout = f"mongoexport JSON, {export.shape(text)}"
    origin = Origin(upload.name, upload.sha256, layout)
    return from_documents(export.documents(text, upload.name), origin, fields=fields)


def read_table(
    table: TextTable, sha256: str, *, fields: CustomerFields = DEFAULT_FIELDS
) -> Reading:
    """Read customers out of a table, as mongoexport writes it as CSV.

    Returns:
        As from_documents.

    Raises:
        UnreadableFileError: Two columns have one name.
        UnknownFileError, NotLoadableError: As from_documents.
    """
    origin = Origin(table.file, sha256, csvexport.LAYOUT)
    return from_documents(csvexport.documents(table), origin, fields=fields)


def from_documents(
    documents: Iterable[Document | RowProblem],
    origin: Origin,
    *,
    fields: CustomerFields = DEFAULT_FIELDS,
) -> Reading:
    """Take customers out of documents, whatever these were read from.

    Returns:
        Rows of CUSTOMER_SCHEMA in the order of the documents; position counts every
        document, also a refused one.

    Raises:
        UnknownFileError: No document has the email field.
        NotLoadableError: There is no document.
    """
    rows = CustomerRows(origin.file, fields)
    for document in documents:
        rows.add(document)
    _check_kind(rows, origin.file, fields)
    table = rows.table()
    return Reading(
        file=origin.file,
        sha256=origin.sha256,
        kind=Kind.CUSTOMERS,
        layout=origin.layout,
        rows=table,
        rows_read=rows.read,
        problems=tuple(rows.problems),
        header_signature=",".join(fields.names),
        warnings=(*origin.warnings, *rows.warnings(table)),
    )


def _check_kind(rows: CustomerRows, file: str, fields: CustomerFields) -> None:
    """Refuse what holds no customers at all."""
    if not rows.read:
        raise NotLoadableError(
            file,
            "an export of MongoDB without a document",
            "Export a collection that holds customers.",
        )
    if not rows.seen:
        first = rows.problems[0]
        raise NotLoadableError(
            file,
            "an export of MongoDB in which no document can be read",
            f"The first is on line {first.line}: {first.reason}.",
        )
    if fields.email not in rows.seen:
        raise UnknownFileError(file, sorted(rows.seen), _KNOWN)


def from_source(
    source: CustomerSource,
    name: Name,
    *,
    fields: CustomerFields = DEFAULT_FIELDS,
    tell: Callable[[int], None] | None = None,
) -> Reading:
    """Take customers out of one collection of a source.

    Args:
        source: Where they are.
        name: The collection.
        fields: Under which names it holds the fields of a customer.
        tell: Called with the count of documents, now and then while they are read.

    Returns:
        As from_documents. sha256 is that of the documents in any order where the
        source has none of its own: the same documents are the same load, whether
        they come from a dump, an archive or a backup.

    Raises:
        UnknownFileError, NotLoadableError: As from_documents.
        SourceError, UnreadableFileError: The collection cannot be read whole.
    """
    digests: list[bytes] = []
    documents = source.documents(name, [each for each in fields.names if each])
    if tell is not None:
        documents = _told(documents, tell)
    seen = documents if source.sha256 else _digested(documents, digests)
    layout = f"{source.layout}, {name}" if name.database else source.layout
    reading = from_documents(seen, Origin(source.file, "", layout), fields=fields)
    sha256 = source.sha256 or hashlib.sha256(b"".join(sorted(digests))).hexdigest()
    warnings = (*source.notes(name), *reading.warnings)
    return replace(reading, sha256=sha256, warnings=warnings)


def _told(
    documents: Iterable[Document | RowProblem], tell: Callable[[int], None]
) -> Iterator[Document | RowProblem]:
    for count, document in enumerate(documents, 1):
        if count % TELL_EVERY == 0:
            tell(count)
        yield document


def _digested(
    documents: Iterable[Document | RowProblem], digests: list[bytes]
) -> Iterator[Document | RowProblem]:
    """Pass documents on and keep the fingerprint of each."""
    for document in documents:
        if isinstance(document, Document):
            content = document.raw
        else:
            content = document.value.encode()
        digests.append(hashlib.sha256(content).digest())
        yield document
