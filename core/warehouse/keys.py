"""Keys: the numbers that stand for subusers and providers in rows of usage.

They are given once and kept; no result depends on which number a name has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import Granularity
from core.warehouse.store import number

if TYPE_CHECKING:
    import duckdb

    from core.models import Reading


def keyed(cursor: duckdb.DuckDBPyConnection, reading: Reading) -> pa.Table:
    """Return the rows of a usage file as they are stored; a new name gets its key.

    Args:
        cursor: In a transaction, which keeps or forgets the new keys.
        reading: A usage file.

    Returns:
        line, provider_key, subuser_key, period_start, is_day, usage_gb and
        is_destroyed, in the order of the rows.
    """
    rows = reading.rows
    names = rows["subuser"].combine_chunks().dictionary_encode()
    provider = provider_key(cursor, reading.provider)
    return pa.table(
        {
            "line": rows["line"],
            "provider_key": pa.repeat(pa.scalar(provider, pa.int16()), len(rows)),
            "subuser_key": _subuser_keys(cursor, names.dictionary).take(names.indices),
            "period_start": rows["period_start"],
            "is_day": pc.equal(rows["granularity"], Granularity.DAY.value),
            "usage_gb": rows["usage_gb"],
            "is_destroyed": rows["is_destroyed"],
        }
    )


def provider_key(cursor: duckdb.DuckDBPyConnection, provider: str) -> int:
    """Return the key of a provider; one that is new gets its key."""
    cursor.execute(_NEW_PROVIDER, [provider])
    return number(
        cursor,
        "SELECT provider_key FROM provider_name WHERE provider = ?",
        [provider],
    )


def _subuser_keys(cursor: duckdb.DuckDBPyConnection, names: pa.Array) -> pa.Array:
    """Return the key of each of these distinct names, in their order."""
    sent = pa.table({"place": pa.arange(0, len(names)), "subuser": names})
    cursor.register("sent_names", sent)
    cursor.execute(_NEW_SUBUSERS)
    found = cursor.sql(_SUBUSER_KEYS).to_arrow_table()
    cursor.unregister("sent_names")
    return found["subuser_key"].combine_chunks()


_NEW_PROVIDER: Final = (
    "INSERT INTO provider_name SELECT coalesce(max(provider_key), 0) + 1, $1 "
    "FROM provider_name HAVING count(*) FILTER (provider = $1) = 0"
)

_NEW_SUBUSERS: Final = (
    "INSERT INTO subuser_name "
    "SELECT row_number() OVER (ORDER BY place) + last, subuser "
    "FROM sent_names ANTI JOIN subuser_name USING (subuser), "
    "(SELECT coalesce(max(subuser_key), 0) AS last FROM subuser_name)"
)

_SUBUSER_KEYS: Final = (
    "SELECT subuser_key FROM sent_names JOIN subuser_name USING (subuser) "
    "ORDER BY place"
)
