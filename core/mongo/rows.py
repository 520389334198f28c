"""Rows of CUSTOMER_SCHEMA, one for each document that is a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RowProblem
from core.models import CUSTOMER_SCHEMA
from core.mongo.document import Document, shown
from core.mongo.identifier import RefusedValueError, id_text, is_float_text, name_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMED_EMAILS: Final = 5
"""How many emails a warning names; the rest is counted."""

_CHUNK_ROWS: Final = 50_000
"""Rows that are kept as Python objects, which take many times their place."""


@dataclass(frozen=True)
class CustomerFields:
    """Under which names the documents of a collection hold the five fields.

    An empty name stands for a field that they do not have; email has one.
    """

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


class CustomerRows:
    """Gathers customers; read counts the documents, seen has the names of fields."""

    def __init__(self, file: str, fields: CustomerFields) -> None:
        self.read = 0
        self.seen: set[str] = set()
        self.problems: list[RowProblem] = []
        self._file = file
        self._names = fields.names
        self._kept: list[tuple[Any, ...]] = []
        self._chunks: list[pa.RecordBatch] = []
        self._float_ids = 0

    def add(self, document: Document | RowProblem) -> None:
        """Keep a document as a row, or say why it is refused."""
        position = self.read
        self.read += 1
        if isinstance(document, RowProblem):
            self.problems.append(document)
            return
        self.seen.update(document.fields)
        try:
            self._kept.append((document.line, position, *self._values(document)))
        except RefusedValueError as refused:
            value = shown(document.fields.get(refused.field, ""))
            self.problems.append(
                RowProblem(
                    self._file, document.line, refused.field, value, refused.reason
                )
            )
        if len(self._kept) >= _CHUNK_ROWS:
            self._flush()

    def table(self) -> pa.Table:
        """Return the rows in the order of their documents."""
        self._flush()
        return pa.Table.from_batches(self._chunks, CUSTOMER_SCHEMA).combine_chunks()

    def warnings(self, table: pa.Table) -> tuple[str, ...]:
        """Tell what is true of all rows together."""
        return (*_repeated_emails(table["email_key"]), *self._float_id_warning())

    def _values(self, document: Document) -> tuple[str | None, ...]:
        get = document.fields.get
        email, oxy_id, oxy_name, brief_id, brief_name = self._names
        address = _email(get(email), email)
        values = (
            address.strip().lower(),
            address,
            id_text(get(oxy_id), oxy_id),
            name_text(get(oxy_name), oxy_name),
            id_text(get(brief_id), brief_id),
            name_text(get(brief_name), brief_name),
        )
        self._float_ids += is_float_text(get(oxy_id)) + is_float_text(get(brief_id))
        return values

    def _flush(self) -> None:
        if self._kept:
            arrays = [
                pa.array(column, field.type)
                for column, field in zip(
                    zip(*self._kept, strict=True), CUSTOMER_SCHEMA, strict=True
                )
            ]
            self._chunks.append(pa.record_batch(arrays, schema=CUSTOMER_SCHEMA))
            self._kept.clear()

    def _float_id_warning(self) -> Iterator[str]:
        if self._float_ids:
            yield (
                f"{_counted(self._float_ids, 'id')} written like 802838.0: "
                "read without the .0, as a whole number."
            )


def _repeated_emails(keys: pa.ChunkedArray) -> Iterator[str]:
    counts = pc.value_counts(keys)
    many = pc.greater(counts.field("counts"), 1)
    repeated = sorted(counts.field("values").filter(many).to_pylist())
    if repeated:
        documents = pc.sum(counts.field("counts").filter(many)).as_py()
        named = ", ".join(repeated[:_NAMED_EMAILS])
        more = len(repeated) - _NAMED_EMAILS
        yield (
            f"{_counted(len(repeated), 'email')} in more than one document, "
            f"{documents:,} documents in all: {named}"
            f"{f' and {more:,} more' if more > 0 else ''}. All are kept: each email is "
            "one customer, and all of its usernames count."
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
