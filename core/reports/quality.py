"""Quality of matching: how much is covered, and how much of it is right.

Right is what a person says who sees a sample of matched subusers without the match,
its score or its reason.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.matching import matches
from core.matching.schemas import Ground
from core.models import MatchStatus
from core.reports.bandwidth import by_subuser
from core.reports.frames import frame
from core.reports.review import candidates
from core.warehouse import labels, ownership

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

SAMPLE: Final = 200
"""Most subusers of a sample; 200 right ones show a precision of 98 % or more."""

Z: Final = 1.959963984540054
"""Standard normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True)
class Precision:
    """What a sample says of automatic matches.

    right of answered are as the person says; open_count could not be told. low and
    high bound the precision with 95 % (Wilson), parts of 1; all three are None without
    an answer. sampled is the size of the sample, population that of all matches.
    """

    right: int
    answered: int
    open_count: int
    sampled: int
    population: int
    share: float | None
    low: float | None
    high: float | None


def by_month(warehouse: Warehouse) -> pd.DataFrame:
    """Return coverage by month: month, status, subusers, usage_gb, share; in order.

    share is the part of 1 of the month's usage. A status without subusers in a month
    has no row.
    """
    matches.refresh(warehouse)
    rows = frame(ownership.coverage_months(warehouse))
    whole = rows.groupby("month")["usage_gb"].transform("sum")
    return rows.assign(share=(rows["usage_gb"] / whole).where(whole > 0, 0.0))


def sample(warehouse: Warehouse) -> pd.DataFrame:
    """Return the sample of automatically matched subusers, in the order to ask.

    The order is that of a digest of the name: as good as chance, and the same for
    everybody. Destroyed names and decisions of people are no automatic matches.

    Returns:
        subuser, email_key (of the match), label: right, wrong, open or empty.
    """
    rows = _automatic(warehouse)
    digests = [hashlib.sha256(name.encode()).hexdigest() for name in rows["subuser"]]
    order = pd.Series(digests, index=rows.index).sort_values().index[:SAMPLE]
    rows = rows.loc[order, ["subuser", "email_key"]].reset_index(drop=True)
    said = {each.subuser: each for each in labels.live(warehouse)}
    found = [
        _judged(said.get(subuser), email_key)
        for subuser, email_key in rows.itertuples(index=False)
    ]
    return rows.assign(label=pd.Series(found, index=rows.index, dtype=str))


def precision(warehouse: Warehouse) -> Precision:
    """Say how precise automatic matches are, as far as the sample is labelled."""
    rows = sample(warehouse)
    counts = rows["label"].value_counts()
    right, wrong = int(counts.get("right", 0)), int(counts.get("wrong", 0))
    answered = right + wrong
    low, high = wilson(right, answered) if answered else (None, None)
    return Precision(
        right=right,
        answered=answered,
        open_count=int(counts.get("open", 0)),
        sampled=len(rows),
        population=len(_automatic(warehouse)),
        share=right / answered if answered else None,
        low=low,
        high=high,
    )


def lineup(warehouse: Warehouse, subuser: str, email_key: str) -> pd.DataFrame:
    """Return the customers to choose from: the match and the nearest others.

    Args:
        warehouse: Where they are.
        subuser: Whose customer is asked for.
        email_key: The customer that it is matched to.

    Returns:
        email_key, email; in the order of the email, which tells nothing.
    """
    near = candidates(warehouse, subuser)[["email_key", "email"]]
    if email_key not in set(near["email_key"]):
        known = by_subuser(warehouse)
        match = known.loc[known["subuser"] == subuser, ["email_key", "email"]]
        near = pd.concat([match, near])
    return near.sort_values(["email", "email_key"]).reset_index(drop=True)


def wilson(right: int, count: int) -> tuple[float, float]:
    """Bound a share with 95 %, after Wilson (1927).

    Args:
        right: How many are right.
        count: Of how many, at least one.
    """
    share, weight = right / count, Z * Z / count
    centre = (share + weight / 2) / (1 + weight)
    spread = sqrt(share * (1 - share) / count + weight / count / 4) * Z / (1 + weight)
    return max(0.0, centre - spread), min(1.0, centre + spread)


def _automatic(warehouse: Warehouse) -> pd.DataFrame:
    rows = by_subuser(warehouse)
    is_automatic = (rows["status"] == MatchStatus.MATCHED) & ~rows["is_destroyed"]
    return rows[is_automatic & (rows["rule"] != Ground.DECISION)]


def _judged(label: labels.Label | None, email_key: str) -> str:
    if label is None:
        return ""
    if label.is_open:
        return "open"
    return "right" if label.email_key == email_key else "wrong"
