"""Matches of the warehouse: made anew whenever the names they rest on have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.matching import best, candidates, notebook
from core.matching.documents import Documents, prepared
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
        stale = matches.stale(warehouse)
        found = made(warehouse, only=stale)
        is_part = stale is not None
        matches.replace(warehouse, found, made_for=made_for, is_part=is_part)


def made(
    warehouse: Warehouse,
    rule: Rule | None = None,
    *,
    only: pa.Table | None = None,
) -> pa.Table:
    """Match all subusers by a rule, by default that of the settings; stores nothing.

    only names the subusers to match, in column subuser: each match is its own matter.

    Returns:
        Columns of best.MATCH_SCHEMA, one row for each subuser with usage.
    """
    wanted = matches.subusers(warehouse) if only is None else only
    subusers = wanted["subuser"].combine_chunks()
    chosen = settings.current(warehouse)
    if (rule or chosen.rule) is Rule.NOTEBOOK:
        customers = matches.customer_names(warehouse)
        return notebook.match(subusers, customers, inserted=chosen.cleaning_rules)
    decided = {each.subuser: each.email_key for each in decisions.live(warehouse)}
    return best.match_prepared(
        subusers, lambda: _documents(warehouse), decisions=decided
    )


def nearest(warehouse: Warehouse, subusers: Sequence[str]) -> pa.Table:
    """Find the nearest customers of each of these subusers, three unless they tie.

    Returns:
        subuser, rank, email and the evidence, as candidates.nearest gives it.
    """
    return candidates.nearest(subusers, _documents(warehouse))


def _documents(warehouse: Warehouse) -> Documents:
    """Return the customers as they are now, made ready once for each state of them.

    With them a single name is looked up while a page draws.
    """
    rules = settings.current(warehouse).cleaning_rules
    made_for, ready = warehouse.memory.get(_READY, (None, None))
    now = matches.customers_fingerprint(warehouse), rules
    if not isinstance(ready, Documents) or made_for != now:
        fingerprint, customers = matches.named_customers(warehouse)
        ready = prepared(customers, rules)
        warehouse.memory[_READY] = (fingerprint, rules), ready
    return ready


_READY: Final = "documents made ready"
