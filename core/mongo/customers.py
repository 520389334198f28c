"""Customers: the five fields of a customer document, checked.

Grain: one document. Nothing is cleaned here but the form of ids and of email_key;
usernames stay as sent.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from core.errors import NotLoadableError, RowProblem, UnknownFileError
from core.files.text import text_bytes
from core.models import CUSTOMER_SCHEMA, Kind, Reading
from core.mongo import export
from core.mongo.document import Document, shown
from core.mongo.identifier import RefusedValueError, id_text, is_float_text, name_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.files.upload import Upload
    from core.mongo.namespace import Name
    from core.mongo.source import CustomerSource

_KNOWN: Final = ("MongoDB customers with an email, oxyId, oxyUsername, ...",)
_NAMED_EMAILS: Final = 5
"""How many emails a warning names; the rest is counted."""


@dataclass(frozen=True)
class CustomerFields:
    """Under which names the documents of a collection hold the five fields."""

    email: str = "email"
    oxy_id: str = "oxyId"
    oxy_username: str = "oxyUsername"
    brief_oxy_id: str = "briefOxyId"
    brief_oxy_username: str = "briefOxyUsername"

    @property
    def names(self) -> tuple[str, str, str, str, str]:
        """The five names in the order of CUSTOMER_SCHEMA."""
        return (
            self.email,
            self.oxy_id,
            self.oxy_username,
            self.brief_oxy_id,
            self.brief_oxy_username,
        )


DEFAULT_FIELDS: Final = CustomerFields()
"""The names of the shop's own collection."""


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
    rows = _Rows(origin.file, fields)
    for document in documents:
        rows.add(document)
    if not rows.read:
        raise NotLoadableError(
            origin.file,
            "an export of MongoDB without a document",
            "Export a collection that holds customers.",
        )
    if not rows.seen:
        first = rows.problems[0]
        raise NotLoadableError(
            origin.file,
            "an export of MongoDB in which no document can be read",
            f"The first is on line {first.line}: {first.reason}.",
        )
    if fields.email not in rows.seen:
        raise UnknownFileError(origin.file, sorted(rows.seen), _KNOWN)
    return Reading(
        file=origin.file,
        sha256=origin.sha256,
        kind=Kind.CUSTOMERS,
        layout=origin.layout,
        rows=rows.table(),
        rows_read=rows.read,
        problems=tuple(rows.problems),
        header_signature=",".join(fields.names),
        warnings=(*origin.warnings, *rows.warnings()),
    )


def from_source(
    source: CustomerSource, name: Name, *, fields: CustomerFields = DEFAULT_FIELDS
) -> Reading:
    """Take customers out of one collection of a source.

    Returns:
        As from_documents. sha256 is that of the documents in any order where the
        source has none of its own: the same documents are the same load, whether
        they come from a dump, an archive or a backup.

    Raises:
        UnknownFileError, NotLoadableError: As from_documents.
        SourceError, UnreadableFileError: The collection cannot be read whole.
    """
    digests: list[bytes] = []
    documents = source.documents(name, fields.names)
    seen = documents if source.sha256 else _digested(documents, digests)
    layout = f"{source.layout}, {name}" if name.database else source.layout
    reading = from_documents(seen, Origin(source.file, "", layout), fields=fields)
    sha256 = source.sha256 or hashlib.sha256(b"".join(sorted(digests))).hexdigest()
    warnings = (*source.notes(name), *reading.warnings)
    return replace(reading, sha256=sha256, warnings=warnings)


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


class _Rows:
    """The customers found so far."""

    def __init__(self, file: str, fields: CustomerFields) -> None:
        self.file = file
        self.fields = fields
        self.read = 0
        self.seen: set[str] = set()
        self.kept: list[tuple[Any, ...]] = []
        self.problems: list[RowProblem] = []
        self.float_ids = 0

    def add(self, document: Document | RowProblem) -> None:
        position = self.read
        self.read += 1
        if isinstance(document, RowProblem):
            self.problems.append(document)
            return
        self.seen.update(document.fields)
        try:
            self.kept.append((document.line, position, *self._values(document)))
        except RefusedValueError as refused:
            value = document.fields.get(refused.field, "")
            self.problems.append(
                RowProblem(
                    self.file,
                    document.line,
                    refused.field,
                    shown(value),
                    refused.reason,
                )
            )

    def _values(self, document: Document) -> tuple[str | None, ...]:
        get = document.fields.get
        email, oxy_id, oxy_name, brief_id, brief_name = self.fields.names
        address = _email(get(email), email)
        values = (
            address.strip().lower(),
            address,
            id_text(get(oxy_id), oxy_id),
            name_text(get(oxy_name), oxy_name),
            id_text(get(brief_id), brief_id),
            name_text(get(brief_name), brief_name),
        )
        self.float_ids += is_float_text(get(oxy_id)) + is_float_text(get(brief_id))
        return values

    def table(self) -> pa.Table:
        columns: Iterable[Sequence[Any]] = zip(*self.kept, strict=True)
        if not self.kept:
            return CUSTOMER_SCHEMA.empty_table()
        arrays = [
            pa.array(column, field.type)
            for column, field in zip(columns, CUSTOMER_SCHEMA, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=CUSTOMER_SCHEMA)

    def warnings(self) -> tuple[str, ...]:
        return tuple(chain(self._repeated_emails(), self._float_ids()))

    def _repeated_emails(self) -> Iterable[str]:
        counts = Counter(row[2] for row in self.kept)
        repeated = sorted(email for email, count in counts.items() if count > 1)
        if repeated:
            named = ", ".join(repeated[:_NAMED_EMAILS])
            more = len(repeated) - _NAMED_EMAILS
            yield (
                f"{_counted(len(repeated), 'email')} in more than one document, "
                f"{sum(counts[email] for email in repeated)} documents in all: "
                f"{named}{f' and {more} more' if more > 0 else ''}. All are kept."
            )

    def _float_ids(self) -> Iterable[str]:
        if self.float_ids:
            yield (
                f"{_counted(self.float_ids, 'id')} written like 802838.0: "
                "read without the .0, as a whole number."
            )


def _email(value: object, field: str) -> str:
    """Check an email.

    Raises:
        RefusedValueError: It is missing, empty, not text, or without "@".
    """
    if value is None:
        raise RefusedValueError(field, "the email is missing")
    if not isinstance(value, str):
        raise RefusedValueError(field, "the email is not text")
    if not value.strip():
        raise RefusedValueError(field, "the email is empty")
    text = name_text(value, field) or ""
    if "@" not in text:
        raise RefusedValueError(field, 'the email has no "@"')
    return text


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
