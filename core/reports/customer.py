"""One customer: who it is, what it used, what it paid; and the list of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.matching import matches
from core.reports.frames import frame, in_major_units, with_gaps
from core.warehouse import courses, figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse


UNMATCHED: Final = "(unmatched)"
"""Key that stands for usage of subusers without a customer; macro of the warehouse."""


@dataclass(frozen=True)
class Profile:
    """One customer of the shop, or a payer that the shop does not know.

    rank is None without usage. first_month and last_month bound the usage. documents
    has email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username as stored.
    """

    owner: str
    email: str
    rank: int | None
    usage_gb: float
    share: float
    subusers: int
    months_active: int
    first_month: pd.Timestamp | None
    last_month: pd.Timestamp | None
    documents: pd.DataFrame


def everyone(warehouse: Warehouse, scope: Scope | None = None) -> pd.DataFrame:
    """Return all customers, also those without usage, by usage, then email.

    Returns:
        owner, email, rank (missing without usage), usage_gb, share, cumulative_share,
        subusers, months_active, first_month, last_month, rank_before (over the same
        months moved back by one; missing without). `(unmatched)` is one of them. The
        months of the scope bound all of it; the rest of the scope is not applied.
    """
    matches.refresh(warehouse)
    used = frame(courses.standing(warehouse, scope or Scope()))
    known = frame(figures.customers(warehouse))
    known = known.rename(columns={"email_key": "owner"})[["owner", "email"]]
    idle = known[~known["owner"].isin(used["owner"])]
    rows = pd.concat([used, idle], ignore_index=True) if len(idle) else used
    numbers = {"usage_gb": 0.0, "share": 0.0, "subusers": 0, "months_active": 0}
    return rows.fillna(numbers).astype({"subusers": "int64", "months_active": "int64"})


def net_volume(warehouse: Warehouse, scope: Scope | None = None) -> pd.DataFrame:
    """Return net volume by customer, one column for each currency, in major units.

    Returns:
        owner, and `net_<currency>` for each settlement currency with money in the
        months of the scope; by owner.
    """
    paid = frame(courses.money(warehouse, scope or Scope()))
    rows = in_major_units(paid, ("net_minor",))
    wide = rows.pivot(index="owner", columns="currency", values="net")
    return wide.add_prefix("net_").rename_axis(columns=None).reset_index()


def profile(warehouse: Warehouse, owner: str) -> Profile | None:
    """Say who a customer is; None when neither shop, usage nor Stripe knows it."""
    rows = everyone(warehouse)
    found = rows[rows["owner"] == owner]
    documents = frame(figures.customer_documents(warehouse, owner))
    if found.empty:
        return _payer_only(warehouse, owner, documents)
    row = found.iloc[0]
    return Profile(
        owner,
        str(row["email"]),
        None if pd.isna(row["rank"]) else int(row["rank"]),
        float(row["usage_gb"]),
        float(row["share"]),
        int(row["subusers"]),
        int(row["months_active"]),
        None if pd.isna(row["first_month"]) else row["first_month"],
        None if pd.isna(row["last_month"]) else row["last_month"],
        documents,
    )


def subuser_months(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return a customer's usage: month, subuser, provider, usage_gb; in this order."""
    matches.refresh(warehouse)
    return frame(figures.owner_subuser_months(warehouse, owner))


def usage_months(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return a customer's usage by month with gaps: month, usage_gb, has_data."""
    rows = subuser_months(warehouse, owner)
    monthly = rows.groupby("month")[["usage_gb"]].sum().reset_index()
    return with_gaps(monthly)


def money_months(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return a customer's money by month and currency, minor and major units.

    Returns:
        month, currency, gross, refunds, disputes, fees, net, each also with `_minor`.
    """
    rows = frame(figures.owner_money_months(warehouse, owner))
    lines = ["gross", "refunds", "disputes", "fees", "net"]
    return in_major_units(rows, [f"{line}_minor" for line in lines])


def payments(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return a customer's payment attempts, newest first, in major units.

    Returns:
        created_at (UTC), status, amount, refunded, fee, currency, description, id.
    """
    rows = frame(figures.owner_payments(warehouse, owner))
    minor = ["amount_minor", "refunded_minor", "fee_minor"]
    return in_major_units(rows, minor).drop(columns=minor)


def subusers(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return a customer's subusers with how each was matched, largest first.

    Returns:
        Columns of bandwidth.by_subuser. For `(unmatched)`, the subusers without a
        customer, or without one that is sure.
    """
    matches.refresh(warehouse)
    rows = frame(figures.subuser_ranking(warehouse))
    is_matched = rows["status"] == "matched"
    mine = is_matched & (rows["email_key"] == owner)
    chosen = ~is_matched if owner == UNMATCHED else mine
    return rows[chosen].reset_index(drop=True)


def stacked(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Fold usage by subuser: the largest subusers one by one, the others as one.

    Args:
        rows: As subuser_months returns them.
        most: How many subusers stand by themselves.

    Returns:
        month, place (0 for the largest, most for the others), subuser (empty for the
        others), usage_gb; by place, then month.
    """
    totals = rows.groupby("subuser")["usage_gb"].sum().reset_index()
    order = totals.sort_values(["usage_gb", "subuser"], ascending=[False, True])
    places = {name: min(n, most) for n, name in enumerate(order["subuser"])}
    place = rows["subuser"].map(places).astype("int64")
    named = rows.assign(place=place, subuser=rows["subuser"].where(place < most, ""))
    keys = ["place", "month", "subuser"]
    return named.groupby(keys)["usage_gb"].sum().reset_index()


def _payer_only(
    warehouse: Warehouse, owner: str, documents: pd.DataFrame
) -> Profile | None:
    if not figures.owner_money_months(warehouse, owner).num_rows:
        return None
    return Profile(owner, owner, None, 0.0, 0.0, 0, 0, None, None, documents)
