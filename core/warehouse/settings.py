"""Settings of the shop, kept in the warehouse."""

from __future__ import annotations

import json
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import OptionError
from core.models import Rule
from core.warehouse import revenues

if TYPE_CHECKING:
    from core.warehouse.store import Warehouse

INSERTED_STRINGS: Final = ("klgg2",)
"""Text that the shop's software left inside usernames. Source: the notebook, step 4."""


@dataclass(frozen=True)
class Settings:
    """How this shop's data are read.

    inserted_strings are removed from customers' usernames before matching. time_zone
    (IANA name) decides the month of a payment. rule matches subusers to customers.
    has_stripe_fees takes standalone fees of Stripe (Billing, Radar, Tax) off the net
    volume that pages show first; Stripe does not say whether its own chart does.
    Downloads have columns of both and never follow it.
    """

    inserted_strings: tuple[str, ...] = INSERTED_STRINGS
    time_zone: str = "UTC"
    rule: Rule = Rule.BEST
    has_stripe_fees: bool = False


def current(warehouse: Warehouse) -> Settings:
    """Read the settings; what was never saved has its default."""
    rows = warehouse.rows("SELECT name, value FROM setting")
    saved = {str(name): str(value) for name, value in rows}
    return Settings(
        tuple(json.loads(saved.get("inserted_strings", json.dumps(INSERTED_STRINGS)))),
        saved.get("time_zone", Settings.time_zone),
        Rule(saved.get("rule", Settings.rule)),
        saved.get("has_stripe_fees", "false") == "true",
    )


def save(warehouse: Warehouse, settings: Settings) -> None:
    """Save all settings.

    Raises:
        OptionError: The time zone is unknown, or an inserted string is empty.
    """
    if settings.time_zone not in zoneinfo.available_timezones():
        raise OptionError(
            f"{settings.time_zone!r} is no time zone. "
            "Use a name like 'UTC', 'Europe/Berlin' or 'America/New_York'."
        )
    if "" in settings.inserted_strings:
        raise OptionError("An inserted string is empty. Remove it from the list.")
    values = [
        ("inserted_strings", json.dumps(settings.inserted_strings)),
        ("time_zone", settings.time_zone),
        ("rule", settings.rule.value),
        ("has_stripe_fees", str(settings.has_stripe_fees).lower()),
    ]
    with warehouse.writing() as cursor:
        cursor.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", values)
        revenues.refresh(cursor)
