"""What each kind of batch is made of: its tables, its key, its measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.models import SCHEMAS, Kind


@dataclass(frozen=True)
class Entity:
    """How rows of one kind are stored and compared.

    Two rows with the same key are the same thing; the newest live batch says what it
    is now. measure is summed per month and currency in a plan.
    """

    kind: Kind
    key: tuple[str, ...]
    compared: str
    month: str
    currency: str
    measure: str

    @property
    def rows(self) -> str:
        """Table of every row of every batch."""
        return f"{self.kind}_row"

    @property
    def current(self) -> str:
        """Table of the rows of the newest live batch, for each key."""
        return f"current_{self.kind}"

    @property
    def columns(self) -> str:
        """Columns of both tables but batch_id, in the order of the tables."""
        names = list(SCHEMAS[self.kind].names)
        if self.kind is Kind.USAGE:
            names.insert(1, "provider")
        return ", ".join(names)

    @property
    def keys(self) -> str:
        """Key columns as SQL."""
        return ", ".join(self.key)


_CUSTOMER: Final = "email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username"

ENTITIES: Final = {
    Kind.USAGE: Entity(
        Kind.USAGE,
        ("provider", "subuser", "period_start", "granularity"),
        "any_value(usage_gb)",
        "date_trunc('month', any_value(period_start))::DATE",
        "''",
        "any_value(usage_gb)",
    ),
    Kind.CUSTOMERS: Entity(
        Kind.CUSTOMERS,
        ("email_key",),
        f"list_sort(list(row({_CUSTOMER})))",
        "NULL::DATE",
        "''",
        "0",
    ),
    Kind.STRIPE_LEDGER: Entity(
        Kind.STRIPE_LEDGER,
        ("id",),
        "any_value(row(type, flow, source, amount_minor, fee_minor, net_minor, "
        "currency, created_at, description, customer_email, customer_id))",
        "any_value(reporting_month(created_at))",
        "any_value(currency)",
        "any_value(net_minor)",
    ),
    Kind.STRIPE_PAYMENTS: Entity(
        Kind.STRIPE_PAYMENTS,
        ("id",),
        "any_value(row(status, outcome, created_at, amount_minor, refunded_minor, "
        "fee_minor, currency, refunded_at, disputed_minor, disputed_at, "
        "dispute_status, customer_email, customer_id, description))",
        "any_value(reporting_month(created_at))",
        "any_value(currency)",
        "any_value(CASE WHEN outcome = 'paid' THEN amount_minor ELSE 0 END)",
    ),
}
"""The four kinds that are stored."""
