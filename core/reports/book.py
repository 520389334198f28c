"""The book of customers: everybody who used or paid, one row each, to look through."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.reports import customer, margin
from core.units import plain

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

UNKNOWN_PAYER: Final = "(unknown payer)"
"""Key that stands for money of guests; macro of the warehouse."""


def everybody(warehouse: Warehouse) -> pd.DataFrame:
    """Return customers, and payers that the shop does not know, by usage, then email.

    Returns:
        owner (unique), email, rank (missing without usage), usage_gb, share,
        cumulative_share, subusers, months_active, first_month, last_month,
        `net_<currency>` for each currency in major units, missing without money, and
        the columns of margin.by_owner.
        `(unmatched)` and `(unknown payer)` stand last.
    """
    used = customer.everyone(warehouse)
    rows = used.merge(
        customer.net_volume(warehouse), on="owner", how="outer", validate="1:1"
    )
    earned = margin.by_owner(warehouse)
    rows = rows.merge(earned, on="owner", how="left", validate="1:1")
    rows["email"] = rows["email"].fillna(rows["owner"])
    numbers = {"usage_gb": 0.0, "share": 0.0, "subusers": 0, "months_active": 0}
    rows = rows.fillna(numbers).astype({"subusers": "int64", "months_active": "int64"})
    place = rows["owner"].map({customer.UNMATCHED: 1, UNKNOWN_PAYER: 2}).fillna(0)
    rows = rows.assign(_place=place, _email=rows["email"].str.lower())
    order = ["_place", "rank", "_email", "owner"]
    return rows.sort_values(order, ignore_index=True).drop(columns=["_place", "_email"])


def found(rows: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the rows whose email holds a text, in capitals or not; all for none."""
    wanted = text.strip().lower()
    if not wanted:
        return rows
    holds = rows["email"].str.lower().str.contains(wanted, regex=False)
    return rows[holds].reset_index(drop=True)


def row(rows: pd.DataFrame, owner: str) -> pd.Series:
    """Return the row of an owner that is in the book."""
    return rows[rows["owner"] == owner].iloc[0]


def neighbours(rows: pd.DataFrame, owner: str) -> tuple[str | None, str | None]:
    """Name who stands before and after an owner in the book; None at either end."""
    owners = rows["owner"].tolist()
    if owner not in owners:
        return None, None
    index = owners.index(owner)
    before = owners[index - 1] if index else None
    return before, owners[index + 1] if index + 1 < len(owners) else None


def csv(warehouse: Warehouse, text: str) -> bytes:
    """Return the rows found for a text as CSV: UTF-8, plain decimals, ISO dates."""
    rows = found(everybody(warehouse), text)
    numbers = [str(name) for name in rows.select_dtypes("float")]
    plainly = {name: rows[name].map(_plain) for name in numbers}
    written = rows.assign(**plainly).to_csv(
        index=False, date_format="%Y-%m-%d", lineterminator="\n"
    )
    return written.encode()


def _plain(value: float) -> str:
    return "" if pd.isna(value) else plain(Decimal(repr(value)))
