"""Refused rows as a file that staff can work through and send back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core import csvtext
from core.errors import RowProblem
from core.files.upload import Upload
from core.models import Kind
from core.sources import quarantine, registry
from core.warehouse import batches, originals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.models import Reading
    from core.warehouse.batches import Batch
    from core.warehouse.store import Warehouse

COLUMNS: Final = ("line", "column", "value", "reason")
"""Columns of the file; line counts from 1 in the loaded file."""


def csv_bytes(problems: Iterable[RowProblem]) -> bytes:
    """List refused rows, for people, in the order given; text is safe: see csvtext."""
    safe = csvtext.safe
    rows = (
        (each.line, safe(each.column), safe(each.value), safe(each.reason))
        for each in problems
    )
    return csvtext.content([COLUMNS, *rows])


def as_sent(upload: Upload, reading: Reading) -> bytes:
    """Write the refused rows of a file as they were sent, each behind its reason.

    Corrected, the file can be added again, so its text is not made safe for
    spreadsheets; see quarantine. Documents of customers are
    no rows of a table: of them it is the list of problems.

    Args:
        upload: The file, archive or workbook that was uploaded.
        reading: What was read of it.

    Raises:
        UnreadableFileError: It is another file.
    """
    return _as_sent(upload, reading.kind, reading.sha256, reading.problems)


def of_batch(warehouse: Warehouse, batch: Batch) -> bytes:
    """Write the refused rows of a load as as_sent; their list if no original is kept.

    Raises:
        UnreadableFileError: The original is damaged.
    """
    problems = [
        RowProblem(batch.file, **row)
        for row in batches.refused_rows(warehouse, batch.batch_id).to_pylist()
    ]
    if not originals.is_kept(warehouse, batch.original_sha256):
        return csv_bytes(problems)
    content = originals.content(warehouse, batch.original_sha256)
    return _as_sent(Upload(batch.file, content), batch.kind, batch.sha256, problems)


def _as_sent(
    upload: Upload, kind: Kind, sha256: str, problems: Iterable[RowProblem]
) -> bytes:
    found = list(problems)
    if kind is Kind.CUSTOMERS:
        return csv_bytes(found)
    return quarantine.csv_bytes(registry.table(upload, sha256), found)
