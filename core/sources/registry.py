"""Which kind of export a file is, told by its content, never by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from core.errors import NotLoadableError, UnknownFileError, UnreadableFileError
from core.files import container
from core.files.table import TextTable, read_table
from core.files.text import beginning, text_bytes
from core.files.upload import Upload
from core.sources import (
    asking,
    quarantine,
    stripe_kinds,
    stripe_ledger,
    stripe_payments,
    stripe_summary,
    usage,
    wide,
)
from core.sources.headers import signature
from core.sources.mapping import MappingNeededError

if TYPE_CHECKING:
    from collections.abc import Mapping as Lookup

    from core.models import Reading
    from core.sources.mapping import Mapping

    Mappings = Lookup[str, Mapping]

KNOWN: Final = (
    "usage export of a provider",
    "customers of the shop (JSON, CSV)",
    "Stripe Payments",
    "Stripe balance transactions (All activity)",
    "Stripe summaries (checks)",
)
"""Kinds that can be loaded, as staff call them."""


TOP_ROWS: Final = 200
"""Rows of a table that are looked at."""


def peek(upload: Upload) -> Literal["json", "table"]:
    """Tell whether text is documents or a table, by its first character.

    Raises:
        UnreadableFileError: The file is empty or no text.
    """
    return "json" if text_bytes(upload).lstrip()[:1] in (b"{", b"[") else "table"


def is_table(upload: Upload) -> bool:
    """Tell whether a plain file can be read as a table of two columns or more.

    One with fewer has no usage beside whose or when it is.
    """
    try:
        return peek(upload) == "table" and len(top(upload, upload.sha256).header) > 1
    except UnreadableFileError:
        return False


def of_table(
    table: TextTable,
    sha256: str,
    *,
    provider: str | None = None,
    unit: str | None = None,
    mappings: Mappings | None = None,
) -> Reading:
    """Read a table of a kind that is known.

    Args:
        table: The file, a sheet, or a part of a zip as text.
        sha256: Its fingerprint.
        provider: Who sent a usage export; None to tell it from the file.
        unit: Unit of a usage export, chosen by hand; None to tell it from the file.
        mappings: Columns of usage exports as people chose them, by header signature;
            for one file alone by its SHA-256, which goes before.

    Raises:
        MappingNeededError: It can be usage, but does not tell enough by itself.
        MissingColumnsError: A known export lacks columns that it needs.
        NotLoadableError: Recognised, but nothing to load from it.
        OptionError: The unit or a mapping cannot be used.
        UnknownFileError: No known kind has such columns.
    """
    sent = quarantine.without_reason(table)
    laid = wide.long(sent)
    chosen = None
    if mappings is not None:
        for_header = mappings.get(signature(laid.header))
        chosen = mappings.get(sha256) or for_header
    reading = None if chosen is not None else _stripe(laid, sha256)
    if reading is None:
        reading = _usage(laid, sha256, provider, unit, chosen)
    told = laid.notes[len(sent.notes) :]
    return replace(reading, warnings=(*told, *reading.warnings)) if told else reading


def table(upload: Upload, sha256: str) -> TextTable:
    """Return the table with this fingerprint: the file, a sheet, or a part of a zip.

    It has the columns of the file as they were sent, for quarantine.csv_bytes.

    Raises:
        UnreadableFileError: There is no such table in the file.
    """
    for part in container.parts(upload):
        if part.sha256 != sha256:
            continue
        if isinstance(part.content, Upload):
            return quarantine.without_reason(read_table(part.content))
        if isinstance(part.content, TextTable):
            return quarantine.without_reason(part.content)
    raise UnreadableFileError(upload.name, "is another file now", "Add it again")


def top(upload: Upload, sha256: str) -> TextTable:
    """Return the first rows of a table as of_table reads them.

    They are for asking.proposed and usage.preview. Of a long text only its beginning is
    read.

    Raises:
        UnreadableFileError: There is no such table in the file.
    """
    if upload.sha256 == sha256:
        begin = beginning(upload.content)
        try:
            found = quarantine.without_reason(read_table(Upload(upload.name, begin)))
        except UnreadableFileError:
            pass  # Cut in the middle of a cell or of a character: read it whole.
        else:
            return wide.long(found.top(TOP_ROWS))
    return wide.long(table(upload, sha256).top(TOP_ROWS))


def _usage(
    table: TextTable,
    sha256: str,
    provider: str | None,
    unit: str | None,
    mapping: Mapping | None,
) -> Reading:
    """Read a usage export, by columns that a person chose or that its header tells."""
    if mapping is None:
        refusal = stripe_kinds.refusal(table.header)
        if refusal is not None:
            raise NotLoadableError(table.file, *refusal)
        if not usage.identify(table.header):
            request = asking.guessed(table, sha256, KNOWN)
            if request is not None:
                raise MappingNeededError(request)
            raise UnknownFileError(table.file, table.header, KNOWN)
    return usage.read(
        table, sha256=sha256, provider=provider, unit=unit, mapping=mapping
    )


def _stripe(table: TextTable, sha256: str) -> Reading | None:
    """Read an export of Stripe; None for any other table."""
    if stripe_payments.identify(table.header):
        return stripe_payments.read(table, sha256=sha256)
    if stripe_ledger.identify(table.header):
        return stripe_ledger.read(table, sha256=sha256)
    if stripe_summary.identify(table.header):
        return stripe_summary.read(table, sha256=sha256)
    return None
