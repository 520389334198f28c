"""Words of the product as types: kinds, statuses, and what one file held."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.units import GB_PRECISION, GB_SCALE

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.errors import RowProblem


class Kind(StrEnum):
    """What a loadable file is."""

    USAGE = "usage"
    CUSTOMERS = "customers"
    STRIPE_LEDGER = "stripe_ledger"
    STRIPE_PAYMENTS = "stripe_payments"
    STRIPE_SUMMARY = "stripe_summary"


class Granularity(StrEnum):
    """Length of a usage period."""

    MONTH = "month"
    DAY = "day"


class MatchStatus(StrEnum):
    """What is known of a subuser's customer."""

    MATCHED = "matched"
    REVIEW = "review"
    UNMATCHED = "unmatched"


class Rule(StrEnum):
    """How subusers are matched to customers."""

    BEST = "best"
    NOTEBOOK = "notebook"


class Where(StrEnum):
    """Where in a name a text stands."""

    START = "start"
    END = "end"
    ANYWHERE = "anywhere"


@dataclass(frozen=True)
class CleaningRule:
    """Text that the shop's software put into usernames, and where; it is taken out."""

    text: str
    where: Where = Where.ANYWHERE


class NoCustomer(StrEnum):
    """Why a subuser is no customer's: an account to test with, one of the shop, else.

    UNKNOWN says that a person looked and found nobody.
    """

    TEST = "test"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Choice:
    """What a person says of one subuser: whose it is, or why it is nobody's.

    email_key is None where the subuser is no customer's; reason is set only then.
    """

    subuser: str
    email_key: str | None
    reason: NoCustomer | None = None
    note: str = ""


class Flow(StrEnum):
    """What a Stripe ledger row does to revenue.

    PAYMENT, REFUND and DISPUTE are sales and make net volume; STRIPE_FEE is a
    standalone fee of Stripe; EXCLUDED moves money but is no revenue (payouts,
    reserves, top-ups); UNKNOWN is a type this product does not know: shown with
    its sum, never counted.
    """

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    STRIPE_FEE = "stripe_fee"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of a row in a Stripe Payments file. Only PAID counts."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


GB_TYPE: Final = pa.decimal128(GB_PRECISION, GB_SCALE)
"""Arrow type of usage_gb."""

USAGE_SCHEMA: Final = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("subuser", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("granularity", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("usage_gb", GB_TYPE, nullable=False),
        pa.field("is_destroyed", pa.bool_(), nullable=False),
    ]
)
"""Rows of a usage export. Grain: subuser, period_start, granularity (unique).

subuser is the text as sent. period_start is the first day of the month, or the
day. is_destroyed marks a name that a spreadsheet turned into a number (6.46E+11).
Texts are coded; each distinct one occurs.
"""

CUSTOMER_SCHEMA: Final = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("position", pa.int64(), nullable=False),
        pa.field("email_key", pa.string(), nullable=False),
        pa.field("email", pa.string(), nullable=False),
        pa.field("oxy_id", pa.string()),
        pa.field("oxy_username", pa.string()),
        pa.field("brief_oxy_id", pa.string()),
        pa.field("brief_oxy_username", pa.string()),
    ]
)
"""Customer documents. Grain: one document; position counts them from 0 in file order.

email_key is the trimmed, lower-cased email. Usernames are as sent, null when absent.
Ids are digit strings (`802838`, never `802838.0`), null when absent.
"""

LEDGER_SCHEMA: Final = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("flow", pa.string(), nullable=False),
        pa.field("source", pa.string()),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("fee_minor", pa.int64(), nullable=False),
        pa.field("net_minor", pa.int64(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("created_at", pa.timestamp("us"), nullable=False),
        pa.field("description", pa.string()),
        pa.field("customer_email", pa.string()),
        pa.field("customer_id", pa.string()),
    ]
)
"""Stripe balance transactions. Grain: id (unique).

created_at is UTC without a zone. currency is lower case, the settlement currency.
amount_minor - fee_minor = net_minor. source is the payment id (`ch_`, `py_`) where
Stripe gives one. customer_email is trimmed and lower-cased, null when absent.
"""

PAYMENT_SCHEMA: Final = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("created_at", pa.timestamp("us"), nullable=False),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("refunded_minor", pa.int64(), nullable=False),
        pa.field("fee_minor", pa.int64(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("refunded_at", pa.timestamp("us")),
        pa.field("disputed_minor", pa.int64()),
        pa.field("disputed_at", pa.timestamp("us")),
        pa.field("dispute_status", pa.string()),
        pa.field("customer_email", pa.string()),
        pa.field("customer_id", pa.string()),
        pa.field("description", pa.string()),
    ]
)
"""Stripe payment attempts. Grain: id (unique).

amount_minor, refunded_minor and fee_minor (fee and the tax on it) are in the
settlement currency; times are UTC without a zone. A row without an id has one made of
its content, `row:<digest>`, so that the same row in two files counts once.
"""

SUMMARY_SCHEMA: Final = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("report", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("first_day", pa.date32(), nullable=False),
        pa.field("last_day", pa.date32(), nullable=False),
        pa.field("time_zone", pa.string(), nullable=False),
        pa.field("row_count", pa.int64()),
        pa.field("gross_minor", pa.int64()),
        pa.field("fee_minor", pa.int64()),
        pa.field("net_minor", pa.int64(), nullable=False),
    ]
)
"""Totals of Stripe's own reports: checks, never revenue.

Grain: report (balance or category), currency, first_day, last_day, time_zone, name
(unique). name is a line of the balance summary, a reporting category or `total`. Days
are those of time_zone, both inclusive. gross - fee = net where they are told.
"""

SCHEMAS: Final = {
    Kind.USAGE: USAGE_SCHEMA,
    Kind.CUSTOMERS: CUSTOMER_SCHEMA,
    Kind.STRIPE_LEDGER: LEDGER_SCHEMA,
    Kind.STRIPE_PAYMENTS: PAYMENT_SCHEMA,
    Kind.STRIPE_SUMMARY: SUMMARY_SCHEMA,
}
"""Columns of Reading.rows, by kind."""


@dataclass(frozen=True)
class Reading:
    """What one file held: the rows kept and the rows refused.

    rows has the columns of SCHEMAS[kind] in file order. problems has exactly one
    entry for each refused row, in file order; rows_read = rows_kept + rows refused.
    layout names the variant that was recognised ("Stripe Payments, 2024 layout").
    header_signature identifies the columns, for choices remembered per layout.
    unit and unit_rule say how usage became GB; both are empty for other kinds.
    warnings are sentences for staff: true of the whole file, refusing nothing.
    rows_merged counts rows that were added into another row: hours into their day.
    sha256 names what was read. original_sha256 names the file that was uploaded where
    that is another one: an archive, or a workbook of which this is one sheet.
    covered is the time of which a Stripe ledger says that it holds every row (UTC, end
    exclusive). partial_months are months (UTC, first days) that it may hold in part.
    header has the columns of a usage export as sent. is_provider_told is false where
    neither the export nor a person names the provider, and one is assumed.
    """

    file: str
    sha256: str
    kind: Kind
    layout: str
    rows: pa.Table
    rows_read: int
    problems: tuple[RowProblem, ...] = ()
    provider: str = ""
    header_signature: str = ""
    unit: str = ""
    unit_rule: str = ""
    warnings: tuple[str, ...] = field(default=())
    original_sha256: str = ""
    rows_merged: int = 0
    covered: tuple[datetime, datetime] | None = None
    partial_months: tuple[date, ...] = ()
    header: tuple[str, ...] = ()
    is_provider_told: bool = True

    @property
    def rows_kept(self) -> int:
        """Rows of the file that count; rows_read = rows_kept + refused rows."""
        return int(self.rows.num_rows) + self.rows_merged
