"""What each kind of batch is made of: its tables, its key, its measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.models import SCHEMAS, Kind


@dataclass(frozen=True)
class Entity:
    """How rows of one kind are stored and compared.

    Two rows with the same key are the same thing. What it is now is said by the newest
    live batch, or, where is_merged, by all live batches together, in whatever order
    they came. added are columns that SCHEMAS does not have. stored are the columns
    where they are others than those of SCHEMAS. compared is what a plan calls a
    change; measure is summed per month and currency. Both are SQL over one row, or,
    where is_grouped, over all rows of a key. rows is the table of every row of every
    batch, current what holds now for each key: a table of its own, or, where
    is_marked, a view of the marked rows.
    """

    kind: Kind
    key: tuple[str, ...]
    compared: str
    month: str
    currency: str
    measure: str
    added: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    is_merged: bool = False
    is_grouped: bool = False
    is_marked: bool = False

    @property
    def rows(self) -> str:
        """Table of every row of every batch."""
        return "usage_line" if self.is_marked else f"{self.kind}_row"

    @property
    def current(self) -> str:
        """What holds now, for each key."""
        return "current_line" if self.is_marked else f"current_{self.kind}"

    @property
    def columns(self) -> str:
        """Columns of both but batch_id, in the order of the tables."""
        if self.stored:
            return ", ".join(self.stored)
        first, *others = SCHEMAS[self.kind].names
        return ", ".join((first, *self.added, *others))

    @property
    def keys(self) -> str:
        """Key columns as SQL."""
        return ", ".join(self.key)


_USAGE_KEY: Final = ("provider_key", "subuser_key", "period_start", "is_day")
_CUSTOMER: Final = "email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username"

ENTITIES: Final = {
    Kind.USAGE: Entity(
        Kind.USAGE,
        _USAGE_KEY,
        "usage_gb",
        "date_trunc('month', period_start)::DATE",
        "''",
        "usage_gb",
        stored=("line", *_USAGE_KEY, "usage_gb", "is_destroyed"),
        is_marked=True,
    ),
    Kind.CUSTOMERS: Entity(
        Kind.CUSTOMERS,
        ("email_key",),
        f"list_sort(list(row({_CUSTOMER})))",
        "NULL::DATE",
        "''",
        "0",
        is_grouped=True,
    ),
    Kind.STRIPE_LEDGER: Entity(
        Kind.STRIPE_LEDGER,
        ("id",),
        "row(flow, amount_minor, fee_minor, currency, "
        "date_trunc('minute', created_at), customer_email, customer_id)",
        "reporting_month(created_at)",
        "currency",
        "net_minor",
        is_merged=True,
    ),
    Kind.STRIPE_PAYMENTS: Entity(
        Kind.STRIPE_PAYMENTS,
        ("id",),
        "row(outcome, amount_minor, refunded_minor, fee_minor, currency, "
        "date_trunc('minute', created_at), refunded_at, disputed_minor, disputed_at, "
        "dispute_status, customer_email, customer_id)",
        "reporting_month(created_at)",
        "currency",
        "CASE WHEN outcome = 'paid' THEN amount_minor ELSE 0 END",
        added=("snapshot_at",),
        is_merged=True,
    ),
    Kind.STRIPE_SUMMARY: Entity(
        Kind.STRIPE_SUMMARY,
        ("report", "currency", "first_day", "last_day", "time_zone", "name"),
        "row(row_count, gross_minor, fee_minor, net_minor)",
        "date_trunc('month', first_day)::DATE",
        "currency",
        "net_minor",
    ),
}
"""The kinds that are stored."""
