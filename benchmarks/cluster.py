"""The reports past one machine: the same figures by Dask, out of the Parquet facts.

Each year's files are summed where they are read and only sums travel. Decimals stay
decimals (Arrow), so the figures are equal, not near. The functions take the folder that
`python -m core build --parquet` writes, and run on whatever client Dask has: threads, a
local cluster, or many machines that see the folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import dask
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from core.reports.customer import UNMATCHED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

EXACT: Final = pa.decimal256(76, 18)
"""Type in which GB are summed: no sum goes beyond it."""

USAGE_COLUMNS: Final = ["subuser", "month", "usage_gb", "email_key"]
"""What the usage reports read."""


def usage_months(facts: Path) -> list[dict[str, object]]:
    """Return month, usage_gb, unmatched_gb, active_subusers, customers_with_usage.

    One row per month, in order; as core.warehouse.figures.usage_months gives them.
    """
    return _gathered(facts / "usage", _months_of, [("month", "ascending")])


def owner_totals(facts: Path) -> list[dict[str, object]]:
    """Return owner and usage_gb over all months, by owner; `(unmatched)` is one."""
    parts = _each_year(facts / "usage", _owners_of)
    summed = pa.concat_tables(parts).group_by("owner").aggregate([("usage_gb", "sum")])
    rows = summed.rename_columns(["owner", "usage_gb"]).sort_by("owner")
    return _narrowed(rows).to_pylist()


def revenue_months(facts: Path) -> list[dict[str, object]]:
    """Return month, currency and net_minor, in this order, as revenue_months does."""
    order = [("month", "ascending"), ("currency", "ascending")]
    return _gathered(facts / "revenue", _revenue_of, order)


def _gathered(
    fact: Path, summed: Callable[[list[Path]], pa.Table], order: list[tuple[str, str]]
) -> list[dict[str, object]]:
    """Sum years apart; a month is in one year, so nothing is left to add."""
    rows = pa.concat_tables(_each_year(fact, summed)).sort_by(order)
    found: list[dict[str, object]] = rows.to_pylist()
    return found


def _each_year(
    fact: Path, summed: Callable[[list[Path]], pa.Table]
) -> Sequence[pa.Table]:
    years = sorted(fact.glob("year=*"))
    tasks = [dask.delayed(summed)(sorted(year.glob("*.parquet"))) for year in years]
    parts: Sequence[pa.Table] = dask.compute(*tasks)
    return parts


def _read(files: list[Path], columns: list[str]) -> pa.Table:
    tables = [parquet.ParquetFile(file).read(columns) for file in files]
    return pa.concat_tables(tables)


def _months_of(files: list[Path]) -> pa.Table:
    rows = _read(files, USAGE_COLUMNS)
    usage = rows["usage_gb"].cast(EXACT)
    none = pa.scalar(None, pa.string())
    has_usage = pc.greater(rows["usage_gb"], 0)
    columns = {
        "month": rows["month"],
        "subuser": rows["subuser"],
        "usage_gb": usage,
        "unmatched_gb": pc.if_else(
            pc.is_null(rows["email_key"]), usage, pa.scalar(0, EXACT)
        ),
        "customer": pc.if_else(has_usage, rows["email_key"], none),
    }
    grouped = pa.table(columns).group_by("month")
    found = grouped.aggregate(
        [
            ("usage_gb", "sum"),
            ("unmatched_gb", "sum"),
            ("subuser", "count_distinct"),
            ("customer", "count_distinct", pc.CountOptions(mode="only_valid")),
        ]
    )
    names = [
        *("month", "usage_gb", "unmatched_gb"),
        *("active_subusers", "customers_with_usage"),
    ]
    return _narrowed(found.rename_columns(names))


def _owners_of(files: list[Path]) -> pa.Table:
    rows = _read(files, ["usage_gb", "email_key"])
    columns = {
        "owner": pc.fill_null(rows["email_key"], UNMATCHED),
        "usage_gb": rows["usage_gb"].cast(EXACT),
    }
    found = pa.table(columns).group_by("owner").aggregate([("usage_gb", "sum")])
    return found.rename_columns(["owner", "usage_gb"])


def _revenue_of(files: list[Path]) -> pa.Table:
    lines = ["gross_minor", "refunds_minor", "disputes_minor", "fees_minor"]
    rows = _read(files, ["month", "currency", *lines])
    net = rows[lines[0]]
    for line in lines[1:]:
        net = pc.add(net, rows[line])
    columns = {"month": rows["month"], "currency": rows["currency"], "net_minor": net}
    grouped = pa.table(columns).group_by(["month", "currency"])
    found = grouped.aggregate([("net_minor", "sum")])
    return found.rename_columns(["month", "currency", "net_minor"])


def _narrowed(rows: pa.Table) -> pa.Table:
    """Write sums in the type that the warehouse has them in."""
    narrow = pa.decimal128(38, 18)
    fields = [
        pa.field(field.name, narrow if field.type == EXACT else field.type)
        for field in rows.schema
    ]
    return rows.cast(pa.schema(fields))
