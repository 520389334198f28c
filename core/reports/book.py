"""The book of customers: everybody who used or paid, one row each, to look through."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.reports import course, customer, margin
from core.reports.frames import are_in
from core.warehouse import courses, figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

UNKNOWN_PAYER: Final = "(unknown payer)"
"""Key that stands for money of guests; macro of the warehouse."""


class Standing(StrEnum):
    """What a row of the book is.

    ABSENT: a customer whom the newest file of customers does not have. PAYER: paid,
    and no file of customers has the email. NOBODY: usage or money without a customer.
    Customers of the shop else: ACTIVE with usage above 0 in the last whole month of the
    period, QUIET with usage before it only, IDLE without any.
    """

    ACTIVE = "active"
    QUIET = "quiet"
    IDLE = "idle"
    ABSENT = "absent"
    PAYER = "payer"
    NOBODY = "nobody"


def everybody(warehouse: Warehouse, scope: Scope | None = None) -> pd.DataFrame:
    """Return customers, and payers that the shop does not know, by usage, then email.

    Args:
        warehouse: Where to read.
        scope: Its months bound usage and money; the rest of it is not applied.

    Returns:
        owner (unique), email, standing, rank (missing without usage), rank_change
        (places won against the same months moved back by one; missing for who had no
        rank there), usage_gb (also exactly, see frames.frame), share,
        cumulative_share, subusers, months_active, first_month, last_month,
        `net_<currency>` for each currency in major units, missing without money, and
        the columns of margin.by_owner. Months are those of the scope. `(unmatched)`
        and `(unknown payer)` stand last.
    """
    months = scope or Scope()
    used = customer.everyone(warehouse, months)
    rows = used.merge(
        customer.net_volume(warehouse, months), on="owner", how="outer", validate="1:1"
    )
    earned = margin.by_owner(warehouse, months)
    rows = rows.merge(earned, on="owner", how="left", validate="1:1")
    rows["email"] = rows["email"].fillna(rows["owner"])
    rows = customer.without_usage_filled(rows)
    rows.insert(1, "rank_change", rows.pop("rank_before") - rows["rank"])
    rows.insert(4, "standing", _standing(warehouse, rows, months))
    place = rows["owner"].map({customer.UNMATCHED: 1, UNKNOWN_PAYER: 2}).fillna(0)
    rows = rows.assign(_place=place, _email=rows["email"].str.lower())
    order = ["_place", "rank", "_email", "owner"]
    return rows.sort_values(order, ignore_index=True).drop(columns=["_place", "_email"])


def found(rows: pd.DataFrame, text: str, standing: str = "") -> pd.DataFrame:
    """Return the rows whose email holds a text, in capitals or not; all for none.

    Args:
        rows: As everybody returns them.
        text: Part of an email.
        standing: A Standing, to return only its rows; empty for all.
    """
    wanted = text.strip().lower()
    if standing:
        rows = rows[rows["standing"] == standing]
    if wanted:
        holds = rows["email"].str.lower().str.contains(wanted, regex=False)
        rows = rows[holds]
    return rows.reset_index(drop=True)


def ordered(rows: pd.DataFrame, column: str, *, is_ascending: bool) -> pd.DataFrame:
    """Order rows by a column; equals keep their order, and what is missing is last.

    `(unmatched)` and `(unknown payer)` stay last, whatever the order.
    """
    is_nobody = rows["standing"] == Standing.NOBODY
    keys = rows[column].str.lower() if column == "email" else rows[column]
    order = keys[~is_nobody].sort_values(ascending=is_ascending, kind="stable").index
    return pd.concat([rows.loc[order], rows[is_nobody]], ignore_index=True)


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


def _standing(warehouse: Warehouse, rows: pd.DataFrame, scope: Scope) -> pd.Series:
    """Say what each row is; the first of these that holds."""
    owner = rows["owner"]
    known = figures.customers(warehouse)
    gone = known.filter(pc.field("is_absent"))
    held = (
        (owner.isin([customer.UNMATCHED, UNKNOWN_PAYER]), Standing.NOBODY),
        (~are_in(owner, known["email_key"]), Standing.PAYER),
        (are_in(owner, gone["email_key"]), Standing.ABSENT),
        (
            are_in(owner, pa.array(_active(warehouse, scope), pa.string())),
            Standing.ACTIVE,
        ),
        (rows["usage_gb"] > 0, Standing.QUIET),
    )
    told = pd.Series(Standing.IDLE.value, index=rows.index)
    for is_so, standing in reversed(held):
        told = told.mask(is_so, standing.value)
    return told


def _active(warehouse: Warehouse, scope: Scope) -> pa.ChunkedArray:
    at = course.month(warehouse, scope)
    if at is None:
        return pa.chunked_array([], pa.string())
    return courses.active(warehouse, at.month)["owner"]
