"""Words for staff: kinds, rules, states, periods and instants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.models import Granularity, Kind, MatchStatus, Rule

if TYPE_CHECKING:
    from datetime import date, datetime

KINDS: Final = {
    Kind.USAGE: "Usage",
    Kind.CUSTOMERS: "Customers",
    Kind.STRIPE_LEDGER: "Stripe activity",
    Kind.STRIPE_PAYMENTS: "Stripe payments",
    Kind.STRIPE_SUMMARY: "Stripe summary",
}
"""What a file is, by kind."""

AMOUNTS: Final = {
    Kind.USAGE: "GB",
    Kind.STRIPE_LEDGER: "net",
    Kind.STRIPE_PAYMENTS: "paid",
    Kind.STRIPE_SUMMARY: "net",
}
"""What a load plan sums for each month, by kind; customers have no sum."""

STATUSES: Final = {
    MatchStatus.MATCHED: "Matched",
    MatchStatus.REVIEW: "In review",
    MatchStatus.UNMATCHED: "Unmatched",
}
"""What is known of a subuser, by status."""

RULES: Final = {
    Rule.BEST: "Best evidence",
    Rule.NOTEBOOK: "Notebook",
}
"""Names of the matching rules."""

RULE_MEANINGS: Final = {
    Rule.BEST: "Decisions of people first, then equal names, equal handles and clear "
    "leads in similarity. Ties, thin margins and destroyed names wait for a person.",
    Rule.NOTEBOOK: "As the notebook did: the first customer in the file whose name or "
    "email is similar by 80 or more. Ties go to whoever stands first; decisions of "
    "people do not count.",
}
"""What the matching rules do."""


def instant(at: datetime) -> str:
    """Write an instant of the warehouse, UTC: `2026-11-23 21:15 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def span(first: date | None, last: date | None, granularity: str = "") -> str:
    """Write a period with both ends; whole months as `2024-01 to 2024-03`."""
    if first is None or last is None:
        return "no period"
    form = "%Y-%m" if granularity == Granularity.MONTH else "%Y-%m-%d"
    ends = dict.fromkeys(f"{end:{form}}" for end in (first, last))
    return " to ".join(ends)


def counted(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: `1 file`, `1,200 files`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
