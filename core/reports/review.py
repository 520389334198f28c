"""Review: which subusers wait for a person, and what speaks for which customer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.matching import matches
from core.matching.schemas import Ground
from core.models import MatchStatus
from core.reports.bandwidth import by_subuser
from core.reports.frames import frame
from core.warehouse import decisions, figures, payment_months

if TYPE_CHECKING:
    from core.warehouse.payment_months import PaymentMonths
    from core.warehouse.store import Warehouse

GOAL: Final = 0.8
"""Part of the open GB that is worth planning for; the rest is a long tail."""

SHOWN: Final = 3
"""Candidates that a person is shown to choose from."""

NO_USAGE: Final = "no loaded file has this subuser"
"""Why nothing uses a decision: its subuser is in no loaded file."""

NO_CUSTOMER: Final = "no loaded file has this customer"
"""Why a decision is of little use: its customer is in no loaded file."""


@dataclass(frozen=True)
class Effort:
    """How few decisions win back most of the GB that wait for one.

    decisions is the least number of subusers that hold at least GOAL of open_gb;
    recovered_share is the part of 1 that they hold.
    """

    decisions: int
    recovered_share: float
    open_subusers: int
    open_gb: float


def waiting(warehouse: Warehouse) -> pd.DataFrame:
    """Return subusers that wait for a decision, by usage, largest first.

    Destroyed names are not among them: one such name may be several accounts. Nor is
    a subuser that a person has said to be nobody's.

    Returns:
        Columns of bandwidth.by_subuser, share and cumulative_share (parts of 1, of
        the usage that waits).
    """
    rows = by_subuser(warehouse)
    is_open = rows["status"] != MatchStatus.MATCHED
    is_settled = rows["is_destroyed"] | (rows["rule"] == Ground.DECISION_NONE)
    rows = rows[is_open & ~is_settled].reset_index(drop=True)
    share = rows["usage_gb"] / (rows["usage_gb"].sum() or 1.0)
    return rows.assign(share=share, cumulative_share=share.cumsum())


def effort(warehouse: Warehouse) -> Effort | None:
    """Say how few decisions win back most of the open GB; None if nothing waits."""
    rows = waiting(warehouse)
    open_gb = float(rows["usage_gb"].sum())
    if not open_gb:
        return None
    enough = int((rows["cumulative_share"] < GOAL - 1e-9).sum()) + 1
    share = float(rows["cumulative_share"].iloc[enough - 1])
    return Effort(enough, share, len(rows), open_gb)


def candidates(warehouse: Warehouse, subuser: str) -> pd.DataFrame:
    """Return the nearest customers of a subuser, at most three, nearest first.

    Customers with equal evidence stand in the order of the months in which they paid
    while the subuser used, then of their email_key. Payments only support: they change
    no match, and a tie stays a tie.

    Returns:
        rank, email_key, email, field, rule, score (0 to 100), explanation, months_paid
        (of the months with usage that a loaded Stripe file tells of), payments (the
        same in words; empty where no Stripe file tells of any of them).
    """
    rows = frame(matches.nearest(warehouse, [subuser]).drop_columns(["subuser"]))
    emails = [str(email) for email in rows["email_key"]]
    months = payment_months.of_subuser(warehouse, subuser, emails)
    paid = [months.paid.get(email, 0) for email in emails]
    rows = rows.assign(
        months_paid=pd.Series(paid, index=rows.index, dtype="int64"),
        payments=[paid_words(months, count) for count in paid],
    )
    order, falling = ["rank", "months_paid", "email_key"], [True, False, True]
    rows = rows.sort_values(order, ascending=falling, ignore_index=True).head(SHOWN)
    return rows.assign(rank=range(1, len(rows) + 1))


def paid_words(months: PaymentMonths, paid: int) -> str:
    """Say in how many of the months with usage somebody paid; empty if none is told."""
    if not months.told:
        return ""
    often = paid or "none"
    plural = "" if months.told == 1 else "s"
    words = f"paid in {often} of the {months.told} month{plural} with usage"
    return words if months.told == months.used else f"{words} that Stripe files cover"


def names(warehouse: Warehouse, email_key: str) -> tuple[str, ...]:
    """List the usernames that a customer's documents hold, as stored."""
    rows = figures.customer_documents(warehouse, email_key)
    fields = ("oxy_username", "brief_oxy_username")
    found = [name for field in fields for name in rows[field].to_pylist() if name]
    return tuple(dict.fromkeys(found))


def search(warehouse: Warehouse, text: str, *, limit: int = 50) -> pd.DataFrame:
    """Find customers whose email or stored username holds a text, capitals aside.

    Returns:
        email_key, email; by email, at most limit rows; none for an empty text.
    """
    return frame(figures.customers_with(warehouse, text.strip(), limit))


def grounds(warehouse: Warehouse) -> pd.DataFrame:
    """Return by what evidence the subusers in review have their nearest customer.

    Returns:
        rule, subusers, usage_gb; by usage, largest first.
    """
    rows = suggested(warehouse)
    grouped = rows.groupby("rule", as_index=False).agg(
        subusers=("subuser", "count"), usage_gb=("usage_gb", "sum")
    )
    ordered = grouped.sort_values(["usage_gb", "rule"], ascending=[False, True])
    return ordered.reset_index(drop=True)


def suggested(
    warehouse: Warehouse,
    rule: str | None = None,
    *,
    least_score: float = 0.0,
    is_alone: bool = False,
) -> pd.DataFrame:
    """Return waiting subusers in review, each with its nearest customer.

    Args:
        warehouse: Where they wait.
        rule: Only those with this evidence; None for any.
        least_score: Only those with this score or more.
        is_alone: Only those to whom no other customer comes near.

    Returns:
        Columns of waiting, by usage, largest first.
    """
    rows = waiting(warehouse)
    is_meant = (rows["status"] == MatchStatus.REVIEW) & rows["email_key"].notna()
    is_meant &= rows["score"] >= least_score
    if rule is not None:
        is_meant &= rows["rule"] == rule
    if is_alone:
        is_meant &= rows["runner_up_email"].isna()
    return rows[is_meant].reset_index(drop=True)


def named_like(warehouse: Warehouse, text: str) -> pd.DataFrame:
    """Return waiting subusers whose name holds a text, capitals aside; none for ''.

    Returns:
        Columns of waiting, by usage, largest first.
    """
    rows = waiting(warehouse)
    wanted = text.strip()
    has_text = rows["subuser"].str.contains(wanted, case=False, regex=False)
    return rows[has_text & bool(wanted)].reset_index(drop=True)


def decided(warehouse: Warehouse) -> pd.DataFrame:
    """Return the decisions that count, newest first.

    Returns:
        decision_id, subuser, email_key (missing where the subuser is nobody's), reason,
        note, decided_at (UTC), decided_by, usage_gb (0 without usage), unused
        (NO_USAGE, NO_CUSTOMER, or empty where the decision is used).
    """
    columns = [field.name for field in fields(decisions.Decision)]
    made = [
        [getattr(each, name) for name in columns] for each in decisions.live(warehouse)
    ]
    rows = pd.DataFrame(made, columns=columns)
    used = by_subuser(warehouse)[["subuser", "usage_gb"]]
    rows = rows.merge(used, on="subuser", how="left", validate="one_to_one")
    known = frame(figures.customers(warehouse))["email_key"]
    is_lost = rows["email_key"].notna() & ~rows["email_key"].isin(known)
    unused = rows["usage_gb"].isna().map({True: NO_USAGE, False: ""})
    return rows.assign(
        usage_gb=rows["usage_gb"].fillna(0.0), unused=unused.mask(is_lost, NO_CUSTOMER)
    )


def destroyed(warehouse: Warehouse) -> pd.DataFrame:
    """Return destroyed names with what to ask the provider for, largest first.

    Returns:
        provider, subuser, months (count), first_month, last_month, usage_gb (also
        exactly, see frames.frame).
    """
    rows = frame(figures.destroyed_names(warehouse), is_exact=True)
    grouped = rows.groupby(["provider", "subuser"], as_index=False).agg(
        months=("month", "nunique"),
        first_month=("month", "min"),
        last_month=("month", "max"),
        usage_gb=("usage_gb", "sum"),
        usage_gb_exact=("usage_gb_exact", "sum"),
    )
    by = ["usage_gb", "provider", "subuser"]
    ordered = grouped.sort_values(by, ascending=[False, True, True])
    return ordered.reset_index(drop=True)
