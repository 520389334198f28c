"""What the notebook's rule would have done differently, and how many GB that moves."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from core.matching import matches
from core.models import MatchStatus, Rule
from core.reports.bandwidth import by_subuser
from core.reports.frames import frame

if TYPE_CHECKING:
    import pandas as pd

    from core.warehouse.store import Warehouse


class Difference(StrEnum):
    """How the notebook's answer differs from that of the best rule."""

    OTHER_CUSTOMER = "other_customer"
    ONLY_NOTEBOOK = "only_notebook"
    ONLY_BEST = "only_best"
    OTHER_ACCOUNT = "other_account"


def differences(warehouse: Warehouse) -> pd.DataFrame:
    """Return subusers about which the two rules differ, by usage, largest first.

    Both rules are worked out anew, whichever is in force. A subuser in review has no
    customer. Decisions of people count for the best rule only.

    Returns:
        subuser, usage_gb, difference (a Difference), email_best and email_notebook,
        type_best and type_notebook (all four missing where there is none),
        explanation_best, explanation_notebook.
    """
    best = _sure(warehouse, Rule.BEST)
    rows = best.merge(
        _sure(warehouse, Rule.NOTEBOOK),
        on="subuser",
        suffixes=("_best", "_notebook"),
        validate="one_to_one",
    )
    rows = rows.assign(difference=_difference(rows))
    used = by_subuser(warehouse)[["subuser", "usage_gb"]]
    rows = rows[rows["difference"] != ""].merge(used, on="subuser")
    ordered = rows.sort_values(["usage_gb", "subuser"], ascending=[False, True])
    return ordered.reset_index(drop=True)


def moved(warehouse: Warehouse) -> pd.DataFrame:
    """Return how many subusers and GB differ: difference, subusers, usage_gb, share.

    In the order of Difference, each once; share is the part of 1 of all usage.
    """
    rows = differences(warehouse)
    grouped = rows.groupby("difference").agg(
        subusers=("subuser", "count"), usage_gb=("usage_gb", "sum")
    )
    every = grouped.reindex([str(each) for each in Difference], fill_value=0)
    whole = float(by_subuser(warehouse)["usage_gb"].sum()) or 1.0
    return (
        every.rename_axis("difference")
        .reset_index()
        .assign(share=lambda rows: rows["usage_gb"] / whole)
    )


def _sure(warehouse: Warehouse, rule: Rule) -> pd.DataFrame:
    """Match by a rule; a subuser that is not matched has no customer."""
    rows = frame(matches.made(warehouse, rule))
    names = ["email_key", "email", "subuser_type"]
    is_sure = rows["status"] == MatchStatus.MATCHED
    rows[names] = rows[names].where(is_sure)
    return rows[["subuser", *names, "explanation"]].rename(
        columns={"email_key": "key", "subuser_type": "type"}
    )


def _difference(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    has_best, has_notebook = rows["key_best"].notna(), rows["key_notebook"].notna()
    is_other_type = rows["type_best"].notna() & (
        rows["type_best"] != rows["type_notebook"]
    )
    both = has_best & has_notebook
    return np.select(
        [
            both & (rows["key_best"] != rows["key_notebook"]),
            has_notebook & ~has_best,
            has_best & ~has_notebook,
            both & is_other_type,
        ],
        [str(each) for each in Difference],
        default="",
    )
