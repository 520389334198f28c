"""Cleaning rules at work: what they change in the loaded customers' usernames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.matching import cleaning
from core.matching.names import without
from core.warehouse import matches, settings

if TYPE_CHECKING:
    from core.matching.cleaning import Effect, Ending
    from core.warehouse.store import Warehouse

FEW: Final = 5
"""Suggestions that are shown."""


@dataclass(frozen=True)
class Cleaning:
    """The rules in force, in order, with their effects on distinct usernames.

    equal_before and equal_after count the usernames that are a subuser letter by
    letter, without and with the rules. endings are suggestions, at most FEW of them.
    """

    effects: tuple[Effect, ...]
    usernames: int
    equal_before: int
    equal_after: int
    endings: tuple[Ending, ...]


def of_shop(warehouse: Warehouse) -> Cleaning:
    """Tell what the rules of the settings do to the current customers' usernames."""
    rules = settings.current(warehouse).cleaning_rules
    customers = matches.customer_names(warehouse)
    columns = (customers["oxy_username"], customers["brief_oxy_username"])
    chunks = [chunk for each in columns for chunk in each.chunks]
    sent = pa.chunked_array(chunks, pa.string()).combine_chunks()
    usernames = sent.drop_null().unique()
    subusers = matches.subusers(warehouse)["subuser"].combine_chunks()
    cleaned = without(usernames, rules)
    return Cleaning(
        cleaning.effects(usernames, rules),
        len(usernames),
        cleaning.equal_names(usernames, subusers),
        cleaning.equal_names(cleaned, subusers),
        cleaning.endings(cleaned, subusers)[:FEW],
    )
