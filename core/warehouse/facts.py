"""Facts as partitioned Parquet: what all reports rest on, for engines beyond a file.

usage: one row per provider, subuser and month, with the owner that it has now.
Columns provider, subuser, month (date), usage_gb (decimal, exact), status, email_key
(null without a sure customer). revenue: one row per month, currency and payer in minor
units of the currency, as net volume is summed. Both are partitioned by year.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from core.warehouse.store import Warehouse

FACTS: Final = {
    "usage": "SELECT provider, subuser, month, usage_gb, status, email_key, "
    "year(month) AS year FROM owned_usage ORDER BY year, month, provider, subuser",
    "revenue": "SELECT month, currency, payer, gross_minor, refunds_minor, "
    "disputes_minor, fees_minor, other_fees_minor, has_sales, year(month) AS year "
    "FROM revenue_line ORDER BY year, month, currency, payer",
}
"""Query of each fact; year names the folder of a row and is in no file."""


def write(warehouse: Warehouse, out: Path) -> tuple[str, ...]:
    """Write every fact that has rows as `<fact>/year=<year>/*.parquet`; name them.

    Matches must be fresh. All facts are of one committed state.

    Args:
        warehouse: What is loaded.
        out: A folder that is there; it has none of the facts yet.
    """
    beside = warehouse.scratch / "facts"
    written = []
    try:
        with warehouse.reading() as cursor:
            for name, query in FACTS.items():
                target = beside / name
                target.mkdir(parents=True)
                path = str(target).replace("'", "''")
                cursor.execute(
                    f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, "
                    "PARTITION_BY (year), OVERWRITE_OR_IGNORE true)"
                )
                if any(target.iterdir()):
                    shutil.move(target, out / name)
                    written.append(name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return tuple(written)
