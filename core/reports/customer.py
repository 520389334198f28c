"""One customer: who it is, what it used, what it paid; and the list of all."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa

from core.matching import matches
from core.reports.frames import EXACT, are_in, frame, in_major_units, with_gaps
from core.warehouse import courses, figures
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse


UNMATCHED: Final = figures.UNMATCHED
"""Key that stands for usage of subusers without a customer; macro of the warehouse."""


def everyone(warehouse: Warehouse, scope: Scope | None = None) -> pd.DataFrame:
    """Return all customers, also those without usage, by usage, then email.

    Returns:
        owner, email, rank (missing without usage), usage_gb (also exactly, see
        frames.frame), share, cumulative_share, subusers, months_active, first_month,
        last_month, rank_before (over the same months moved back by one; missing
        without). `(unmatched)` is one of them. The months of the scope bound all of it;
        the rest of the scope is not applied.
    """
    matches.refresh(warehouse)
    used = frame(courses.standing(warehouse, scope or Scope()), is_exact=True)
    known = frame(figures.customers(warehouse))
    known = known.rename(columns={"email_key": "owner"})[["owner", "email"]]
    idle = known[~are_in(known["owner"], pa.array(used["owner"], pa.string()))]
    rows = pd.concat([used, idle], ignore_index=True) if len(idle) else used
    return without_usage_filled(rows)


def without_usage_filled(rows: pd.DataFrame) -> pd.DataFrame:
    """Put zeros where somebody without usage has none of the figures of everyone."""
    zeros = {"usage_gb": 0.0, f"usage_gb{EXACT}": Decimal(0), "share": 0.0}
    counts = dict.fromkeys(("subusers", "months_active"), 0)
    return rows.fillna(zeros | counts).astype(dict.fromkeys(counts, "int64"))


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


def documents(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return what the shop's database holds of a customer; empty for a payer.

    Returns:
        email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username as stored.
    """
    return frame(figures.customer_documents(warehouse, owner))


def subuser_months(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return a customer's usage: month, subuser, provider, usage_gb; in this order."""
    matches.refresh(warehouse)
    return frame(figures.owner_subuser_months(warehouse, owner))


def usage_months(warehouse: Warehouse, owner: str) -> pd.DataFrame:
    """Return a customer's usage by month, from its first to the last loaded month.

    Returns:
        month, usage_gb (0 where usage of the month is loaded and none is the
        customer's; missing where none is loaded), has_data, is_partial (days of the
        month are missing); in order. Empty without usage.
    """
    rows = subuser_months(warehouse, owner)
    if rows.empty:
        return rows[["month", "usage_gb"]].assign(has_data=[], is_partial=[])
    used = rows.groupby("month")["usage_gb"].sum()
    loaded = pd.to_datetime(courses.loaded_months(warehouse)).as_unit("us")
    every = pd.DataFrame({"month": loaded[loaded >= used.index.min()]})
    whole = with_gaps(every.assign(usage_gb=every["month"].map(used).fillna(0.0)))
    partial = pd.to_datetime(figures.partial_months(warehouse, None))
    return whole.assign(is_partial=whole["month"].isin(partial))


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
