"""Which kind of export a file is, told by its content, never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from core.errors import NotLoadableError, UnknownFileError
from core.files.table import read_table
from core.files.text import text_bytes
from core.sources import stripe_kinds, stripe_ledger, stripe_payments, usage

if TYPE_CHECKING:
    from core.files.upload import Upload
    from core.models import Reading

KNOWN: Final = (
    "usage export of a provider",
    "customers of the shop (JSON)",
    "Stripe Payments",
    "Stripe balance transactions (All activity)",
)
"""Kinds that can be loaded, as staff call them."""


def peek(upload: Upload) -> Literal["json", "table"]:
    """Tell whether text is documents or a table, by its first character.

    Raises:
        UnreadableFileError: The file is empty or no text.
    """
    return "json" if text_bytes(upload).lstrip()[:1] in (b"{", b"[") else "table"


def read(
    upload: Upload, *, provider: str | None = None, unit: str | None = None
) -> Reading:
    """Read a table of a kind that is known.

    Args:
        upload: The file.
        provider: Who sent a usage export; the provider of its header when None.
        unit: Unit of a usage export, chosen by hand; None to tell it from the file.

    Raises:
        MissingColumnsError: A known export lacks columns that it needs.
        NotLoadableError: Recognised, but nothing to load from it.
        OptionError: There is no such unit.
        UnknownFileError: No known kind has such columns.
        UnreadableFileError: The file cannot be read as a table.
    """
    table = read_table(upload)
    if stripe_payments.identify(table.header):
        return stripe_payments.read(table, sha256=upload.sha256)
    if stripe_ledger.identify(table.header):
        return stripe_ledger.read(table, sha256=upload.sha256)
    refusal = stripe_kinds.refusal(table.header)
    if refusal is not None:
        raise NotLoadableError(upload.name, *refusal)
    if usage.identify(table.header):
        return usage.read(table, sha256=upload.sha256, provider=provider, unit=unit)
    raise UnknownFileError(upload.name, table.header, KNOWN)
