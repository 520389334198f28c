"""Layouts: what staff chose for a header, remembered for every file that has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.actors import Action, Deed
from core.errors import OptionError
from core.sources.mapping import Mapping

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from core.models import Reading
    from core.sources.mapping import Request
    from core.warehouse.store import Warehouse

_COLUMNS: Final = (
    "header_signature, provider, mapping, header, file, saved_at, saved_by"
)


@dataclass(frozen=True)
class Layout:
    """What is remembered of one header. saved_at is UTC without a zone.

    mapping is None where the columns are recognised and only the provider was chosen.
    file is the one that the choice was made for, or that was loaded last.
    """

    header_signature: str
    provider: str
    mapping: Mapping | None
    header: tuple[str, ...]
    file: str
    saved_at: datetime
    saved_by: str


def save(
    warehouse: Warehouse, request: Request, mapping: Mapping, *, now: datetime, by: str
) -> None:
    """Remember the columns that a person chose when asked, and their provider.

    What holds for one file alone (subuser_name, period_text) is not remembered.
    """
    lasting = mapping.for_layout()
    values = [
        *(request.header_signature, lasting.provider, lasting.as_json()),
        *(list(request.header), request.file, now, by),
    ]
    words = f"{lasting.provider}: {request.file}" if lasting.provider else request.file
    with warehouse.writing(Deed(Action.LAYOUT, words, now, by)) as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO layout ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            values,
        )


def find(warehouse: Warehouse, header_signature: str) -> Layout | None:
    """Return what is remembered of a header, None when nothing is."""
    rows = warehouse.rows(
        f"SELECT {_COLUMNS} FROM layout WHERE header_signature = ?", [header_signature]
    )
    return _layout(rows[0]) if rows else None


def everything(warehouse: Warehouse) -> tuple[Layout, ...]:
    """List what is remembered, the newest first."""
    rows = warehouse.rows(
        f"SELECT {_COLUMNS} FROM layout ORDER BY saved_at DESC, header_signature"
    )
    return tuple(_layout(row) for row in rows)


def mappings(warehouse: Warehouse) -> dict[str, Mapping]:
    """Return the columns that people chose, by header signature."""
    return {
        layout.header_signature: layout.mapping
        for layout in everything(warehouse)
        if layout.mapping is not None
    }


def forget(
    warehouse: Warehouse, header_signature: str, *, now: datetime, by: str
) -> None:
    """Forget a header; files with it are recognised, or asked about, as if new.

    Raises:
        OptionError: Nothing is remembered of it.
    """
    known = find(warehouse, header_signature)
    words = f"forgotten: {known.file}" if known else "forgotten"
    with warehouse.writing(Deed(Action.LAYOUT, words, now, by)) as cursor:
        found = cursor.execute(
            "DELETE FROM layout WHERE header_signature = ? RETURNING provider",
            [header_signature],
        ).fetchall()
        if not found:
            raise OptionError("Nothing is remembered of these columns.")


def remember_provider(
    cursor: duckdb.DuckDBPyConnection, reading: Reading, *, now: datetime, by: str
) -> None:
    """Remember the provider that a file was loaded under; chosen columns stay."""
    if not (reading.header_signature and reading.provider):
        return
    cursor.execute(
        f"INSERT INTO layout ({_COLUMNS}) VALUES (?, ?, NULL, ?, ?, ?, ?) "
        "ON CONFLICT (header_signature) DO UPDATE SET provider = excluded.provider, "
        "header = excluded.header, file = excluded.file, saved_at = excluded.saved_at, "
        "saved_by = excluded.saved_by",
        [
            *(reading.header_signature, reading.provider),
            list(reading.header) or reading.header_signature.split("|"),
            *(reading.file, now, by),
        ],
    )


def changed_columns(
    cursor: duckdb.DuckDBPyConnection, reading: Reading
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the columns that are new, and gone, since the provider's last file.

    Nothing is told of a header that is known, of a provider's first file, and of one
    that shares less than half of its columns with the last.

    Returns:
        Plain names of new columns, and of those that are gone.
    """
    rows = cursor.execute(
        "SELECT header_signature FROM layout WHERE provider = ? "
        "ORDER BY saved_at DESC, header_signature",
        [reading.provider],
    ).fetchall()
    known = [str(signature) for (signature,) in rows]
    if not known or reading.header_signature in known:
        return (), ()
    before, now = known[0].split("|"), reading.header_signature.split("|")
    shared = set(before) & set(now)
    if len(shared) * 2 < len(set(before)):
        return (), ()
    new = tuple(name for name in now if name not in shared)
    return new, tuple(name for name in before if name not in shared)


def _layout(row: tuple[object, ...]) -> Layout:
    signature, provider, mapping, header, file, saved_at, saved_by = row
    chosen = None if mapping is None else Mapping.from_json(str(mapping))
    return Layout(
        header_signature=str(signature),
        provider=str(provider),
        mapping=chosen,
        header=tuple(header),  # type: ignore[arg-type]
        file=str(file),
        saved_at=saved_at,  # type: ignore[arg-type]
        saved_by=str(saved_by),
    )
