"""Settings of the shop, kept in the warehouse."""

from __future__ import annotations

import json
import zoneinfo
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from core.actors import Action, Deed
from core.errors import OptionError
from core.models import CleaningRule, Rule, Where
from core.warehouse import revenues
from core.warehouse.costs import check_currency

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.store import Warehouse

CLEANING_RULES: Final = (CleaningRule("klgg2", Where.ANYWHERE),)
"""Text that the shop's software left inside usernames. Source: the notebook, step 4."""


@dataclass(frozen=True)
class Settings:
    """How this shop's data are read.

    cleaning_rules are applied in their order to customers' usernames before matching.
    time_zone (IANA name) decides the month of a payment. rule matches subusers to
    customers.
    has_stripe_fees takes standalone fees of Stripe (Billing, Radar, Tax) off the net
    volume that pages show first; Stripe does not say whether its own chart does.
    Downloads have columns of both and never follow it.
    first_currency (lower case) is the one that pages show until staff choose another;
    empty for the one with most net volume.
    """

    cleaning_rules: tuple[CleaningRule, ...] = CLEANING_RULES
    time_zone: str = "UTC"
    rule: Rule = Rule.BEST
    has_stripe_fees: bool = False
    first_currency: str = ""


def current(warehouse: Warehouse) -> Settings:
    """Read the settings; what was never saved has its default."""
    rows = warehouse.rows("SELECT name, value FROM setting")
    saved = {str(name): str(value) for name, value in rows}
    return Settings(
        _rules(saved.get("cleaning_rules")),
        saved.get("time_zone", Settings.time_zone),
        Rule(saved.get("rule", Settings.rule)),
        saved.get("has_stripe_fees", "false") == "true",
        saved.get("first_currency", Settings.first_currency),
    )


def save(warehouse: Warehouse, settings: Settings, *, now: datetime, by: str) -> None:
    """Save all settings.

    Raises:
        OptionError: The time zone is unknown, a cleaning rule has no text, or the
            currency is no code.
    """
    if settings.time_zone not in zoneinfo.available_timezones():
        raise OptionError(
            f"{settings.time_zone!r} is no time zone. "
            "Use a name like 'UTC', 'Europe/Berlin' or 'America/New_York'."
        )
    if not all(rule.text for rule in settings.cleaning_rules):
        raise OptionError("A cleaning rule has no text. Write what it takes out.")
    if settings.first_currency:
        check_currency(settings.first_currency)
    values = _values(settings)
    before = _values(current(warehouse))
    changed = [
        f"{name.replace('_', ' ')}: {before[name]} to {value}"
        for name, value in values.items()
        if value != before[name]
    ]
    deed = Deed(Action.SETTING, "; ".join(changed) or "saved as it was", now, by)
    with warehouse.writing(deed) as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)", list(values.items())
        )
        revenues.refresh(cursor)


def _values(settings: Settings) -> dict[str, str]:
    """Give the settings as the warehouse keeps them, by name."""
    rules = [asdict(rule) for rule in settings.cleaning_rules]
    return {
        "cleaning_rules": json.dumps(rules),
        "time_zone": settings.time_zone,
        "rule": settings.rule.value,
        "has_stripe_fees": str(settings.has_stripe_fees).lower(),
        "first_currency": settings.first_currency.lower(),
    }


def _rules(text: str | None) -> tuple[CleaningRule, ...]:
    if text is None:
        return CLEANING_RULES
    rules = json.loads(text)
    return tuple(CleaningRule(rule["text"], Where(rule["where"])) for rule in rules)
