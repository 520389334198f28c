"""Matches of the warehouse: made anew whenever the names they rest on have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.matching import best, candidates, notebook
from core.models import Rule
from core.warehouse import decisions, matches, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from core.warehouse.store import Warehouse


def refresh(warehouse: Warehouse) -> None:
    """Match all subusers again if usage, customers, decisions or settings changed."""
    while not matches.is_fresh(warehouse):
        made_for = matches.fingerprint(warehouse)
        found = made(warehouse, previous=matches.previous(warehouse))
        matches.replace(warehouse, found, made_for=made_for)


def made(
    warehouse: Warehouse,
    rule: Rule | None = None,
    *,
    previous: pa.Table | None = None,
) -> pa.Table:
    """Match all subusers by a rule, by default that of the settings; stores nothing.

    previous are matches by the same rule for the same customers and settings; they
    are used again, so that only new names and decisions cost time.

    Returns:
        Columns of best.MATCH_SCHEMA, one row for each subuser with usage.
    """
    chosen = settings.current(warehouse)
    subusers = matches.subusers(warehouse)["subuser"].combine_chunks()
    customers = matches.customer_names(warehouse)
    inserted = chosen.cleaning_rules
    if (rule or chosen.rule) is Rule.NOTEBOOK:
        return notebook.match(subusers, customers, inserted=inserted)
    decided = {each.subuser: each.email_key for each in decisions.live(warehouse)}
    return best.match(
        subusers, customers, inserted=inserted, decisions=decided, previous=previous
    )


def nearest(warehouse: Warehouse, subusers: Sequence[str]) -> pa.Table:
    """Find the three nearest customers of each of these subusers.

    Returns:
        subuser, rank, email and the evidence, as candidates.best_three gives it.
    """
    chosen = settings.current(warehouse)
    customers = matches.customer_names(warehouse)
    return candidates.best_three(subusers, customers, inserted=chosen.cleaning_rules)
