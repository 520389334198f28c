"""Files of one customer: usage by subuser, months, payments.

Headers are those of the download files where they have the same column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core import csvtext
from core.exports.contracts import CONTRACTS
from core.matching import matches
from core.warehouse import customer_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.warehouse.customer_rows import Rows
    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class File:
    """One kind of file: its name, what it holds, its columns and where from.

    numbers are the columns that hold numbers or times, and so are never marked.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    numbers: frozenset[str]
    rows: Callable[[Warehouse, str], Rows]


_MONTHS: Final = next(each for each in CONTRACTS if each.file == "customer_months.csv")

FILES: Final = (
    File(
        "customer_usage.csv",
        "Usage by subuser",
        (
            "Provider",
            "Subuser",
            "Subuser Type",
            "Subuser ID",
            "Date",
            "Bandwidth Usage",
        ),
        frozenset({"Date", "Bandwidth Usage"}),
        customer_rows.usage,
    ),
    File(
        _MONTHS.file,
        "Months",
        tuple(column.name for column in _MONTHS.columns),
        frozenset(each.name for each in _MONTHS.columns if each.type != "text"),
        customer_rows.months,
    ),
    File(
        "customer_payments.csv",
        "Payments",
        (
            "id",
            "Created (UTC)",
            "Status",
            "Amount",
            "Refunded",
            "Fee",
            "Currency",
            "Description",
        ),
        frozenset({"Created (UTC)", "Amount", "Refunded", "Fee"}),
        customer_rows.payments,
    ),
)
"""What can be had of one customer. GB and money are plain decimals in major units."""


def csv_bytes(warehouse: Warehouse, owner: str, name: str) -> bytes | None:
    """Write one of FILES of a customer, in stable order, its text safe: see csvtext.

    Args:
        warehouse: Where to read.
        owner: Key of the customer, a payer, `(unmatched)` or `(unknown payer)`.
        name: Name of the file.

    Returns:
        Its bytes; None where there is no row.
    """
    (file,) = (each for each in FILES if each.name == name)
    matches.refresh(warehouse)
    rows = file.rows(warehouse, owner)
    if not rows:
        return None
    safe = [
        [
            cell if name in file.numbers else csvtext.safe(cell)
            for name, cell in zip(file.columns, row, strict=True)
        ]
        for row in rows
    ]
    return csvtext.content([file.columns, *safe])
