"""Rows added up to one per subuser and period: hours of a day, parts of one usage."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from core.files import textcolumns
from core.models import USAGE_SCHEMA
from core.sources.gigabytes import SUM_TYPE

KEY: Final = ("subuser", "period_start", "granularity")
"""Grain of usage."""


def rolled_up(rows: pa.Table) -> pa.Table:
    """Add up the usage of rows with one key; the line is that of the first of them.

    Args:
        rows: Columns of USAGE_SCHEMA, and others, which are left out.

    Returns:
        Columns of USAGE_SCHEMA, ordered by line.
    """
    plain = {name: textcolumns.plain(rows[name]) for name in ("subuser", "granularity")}
    wide = {"usage_gb": rows["usage_gb"].cast(SUM_TYPE)}
    others = {name: rows[name] for name in ("line", "period_start", "is_destroyed")}
    summed = (
        pa.table(others | plain | wide)
        .group_by(list(KEY))
        .aggregate([("line", "min"), ("usage_gb", "sum"), ("is_destroyed", "any")])
        .rename_columns([*KEY, "line", "usage_gb", "is_destroyed"])
    )
    return summed.select(USAGE_SCHEMA.names).sort_by("line").cast(USAGE_SCHEMA)
