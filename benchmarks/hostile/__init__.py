"""Files that mean harm or are beyond belief, made by code: what staff may be sent."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from benchmarks.hostile import documents, packages, stores, tables, workbooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.files.upload import Upload


def files() -> Iterator[tuple[str, Upload]]:
    """Give out every file with what it tries; no two try the same."""
    return chain(
        tables.files(),
        documents.files(),
        packages.files(),
        workbooks.files(),
        stores.files(),
    )
