"""Tables and views of the warehouse, and the steps from one version to the next."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import WarehouseError
from core.units import THREE_DECIMAL_CURRENCIES, ZERO_DECIMAL_CURRENCIES
from core.warehouse import revenues

if TYPE_CHECKING:
    import duckdb

SQL: Final = Path(__file__).parent / "sql"
"""Where the statements stand, one file per subject."""

MIGRATIONS: Final = (
    "0001_tables.sql",
    "0002_review.sql",
    "0003_audit.sql",
    "0004_notes.sql",
    "0005_stand_ins.sql",
    "0006_months.sql",
    "0007_lines.sql",
    "0008_facts.sql",
)
"""Steps in order; a warehouse at version n has had the first n of them."""

VIEWS: Final = (
    "usage.sql",
    "matches.sql",
    "revenue.sql",
    "customers.sql",
    "checks.sql",
    "margin.sql",
    "courses.sql",
)
"""Views in order of dependence; they hold no data, and a new text makes them anew."""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring a warehouse, new or old, to this product's version.

    Raises:
        WarehouseError: The warehouse was written by a newer version of the product.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)")
    row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    found = (row[0] if row else None) or 0
    if found > len(MIGRATIONS):
        raise WarehouseError(
            f"the warehouse has version {found}, this program knows {len(MIGRATIONS)}. "
            "Use the newer program, or another warehouse file."
        )
    for version in range(found + 1, len(MIGRATIONS) + 1):
        _run(connection, MIGRATIONS[version - 1], version)
    _make_views(connection, is_kept=found > 0)


def _make_views(connection: duckdb.DuckDBPyConnection, *, is_kept: bool) -> None:
    """Make the views, unless the file has them from these texts and this version.

    Revenue of a kept warehouse was summed by another version's rule, and is summed anew
    by this one's. Making views is most of the time it takes to open a small warehouse.
    """
    texts = [(SQL / name).read_text(encoding="utf-8") for name in VIEWS]
    texts.insert(0, _currency_exponent())
    digest = hashlib.sha256("\0".join((*MIGRATIONS, *texts)).encode()).hexdigest()
    connection.execute("CREATE TABLE IF NOT EXISTS made_views (digest VARCHAR)")
    if connection.execute("SELECT digest FROM made_views").fetchall() == [(digest,)]:
        return
    connection.begin()
    for text in texts:
        connection.execute(text)
    if is_kept:
        revenues.refresh(connection)
    connection.execute("DELETE FROM made_views")
    connection.execute("INSERT INTO made_views VALUES (?)", [digest])
    connection.commit()


def _currency_exponent() -> str:
    """Give SQL the exponents of core.units, so that there is one list of them.

    A long IN would be planned as a join each time it is used.
    """
    zero = ", ".join(f"'{code}'" for code in sorted(ZERO_DECIMAL_CURRENCIES))
    three = ", ".join(f"'{code}'" for code in sorted(THREE_DECIMAL_CURRENCIES))
    return (
        "CREATE OR REPLACE MACRO currency_exponent(currency) AS "
        f"CASE WHEN list_contains([{zero}], currency) THEN 0 "
        f"WHEN list_contains([{three}], currency) THEN 3 ELSE 2 END"
    )


def _run(connection: duckdb.DuckDBPyConnection, name: str, version: int) -> None:
    connection.begin()
    connection.execute((SQL / name).read_text(encoding="utf-8"))
    connection.execute("INSERT INTO schema_version VALUES (?)", [version])
    connection.commit()
