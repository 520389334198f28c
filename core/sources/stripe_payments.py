"""Stripe's Payments export: one row for each attempt to pay.

Source: Dashboard > Payments > Export, column sets of 2014 to 2026.
Grain: one payment attempt. The file is a snapshot: status, refund and fee of a row
change later. Refunds are positive and stand on the row of their payment; the fee grows
by fees of later refunds and disputes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import PAYMENT_SCHEMA, Kind, Outcome, Reading
from core.sources.distinct import per_distinct
from core.sources.stripe_amounts import read_amounts
from core.sources.stripe_kinds import StripeKind, recognise
from core.sources.stripe_rows import StripeRows, header_signature, no_text, some
from core.units import currency_exponent, major, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.files.table import TextTable
    from core.sources.stripe_headers import StripeHeader

CREATED: Final = ("Created date", "Created")
"""Names of the column of the payment's time."""

NEEDED: Final = (
    ("id",),
    CREATED,
    ("Amount",),
    ("Currency",),
    ("Status",),
    ("Fee",),
    ("Amount Refunded", "Converted Amount Refunded"),
)
"""Columns without which nothing can be read, each with its names."""

OPTIONAL: Final = (
    "Converted Amount",
    "Converted Currency",
    "Taxes On Fee",
    "Tax",
    "Refunded date",
    "Disputed Amount",
    "Dispute Date",
    "Dispute Status",
    "Customer Email",
    "Customer ID",
)
"""Columns that are read when they are there."""

OUTCOMES: Final = {
    "paid": Outcome.PAID,
    "refunded": Outcome.PAID,
    "pending": Outcome.PENDING,
    "processing": Outcome.PENDING,
    "failed": Outcome.FAILED,
    "canceled": Outcome.INCOMPLETE,
    "requires_payment_method": Outcome.INCOMPLETE,
    "requires_action": Outcome.INCOMPLETE,
    "requires_confirmation": Outcome.INCOMPLETE,
    "requires_capture": Outcome.INCOMPLETE,
}
"""Outcome by lower-case status. A refunded payment was paid, and its refund counts.

Source: real files, and Stripe's API for the statuses of attempts without a charge.
"""

DISPUTES: Final = frozenset(
    "won lost needs_response under_review warning_closed warning_needs_response "
    "warning_under_review".split()
)
"""Statuses of a dispute that are known. Source: Stripe documentation."""

ATTEMPT: Final = [
    "created_at",
    "status",
    "amount_minor",
    "currency",
    "customer_email",
    "customer_id",
    "description",
]
"""What tells one attempt without an id from another, in every column set."""


def identify(header: Sequence[str]) -> bool:
    """Tell whether a header is a Payments export, complete or not."""
    return recognise(header) is StripeKind.PAYMENTS


def read(table: TextTable, *, sha256: str) -> Reading:
    """Read a Payments file.

    Raises:
        MissingColumnsError: Columns that it needs were not exported.
        UnreadableFileError: It has no rows, a column twice, or times of a zone that is
            not known.
    """
    rows = StripeRows.of(table)
    rows.header.check(table.file, StripeKind.PAYMENTS.value, _needed(rows), OPTIONAL)
    values = _values(rows)
    rows.refuse_repeats("id", values)
    kept = rows.keep(values).cast(PAYMENT_SCHEMA)
    rows.warn(*_column_warnings(rows.header), *_row_warnings(rows.header, kept))
    return Reading(
        file=table.file,
        sha256=sha256,
        kind=Kind.STRIPE_PAYMENTS,
        layout=f"{StripeKind.PAYMENTS.value}, {layout(rows.header)}",
        rows=kept,
        rows_read=table.rows_read,
        problems=rows.refusals.problems(),
        header_signature=header_signature(table.header),
        warnings=tuple(rows.warnings),
    )


def layout(header: StripeHeader) -> str:
    """Name the column set by the year from which it is known."""
    every = ", all columns" if header.has("Mode", "Disputed Amount") else ""
    if header.has("Created date"):
        return f"{2025 if header.has('Decline Reason') else 2024} layout{every}"
    if header.has("Taxes On Fee"):
        return f"2023 layout{every}"
    if header.has("Statement Description"):
        return f"2014 layout{every}"
    return f"{2019 if header.has('Seller Message') else 2016} layout{every}"


def _needed(rows: StripeRows) -> tuple[tuple[str, ...], ...]:
    """A converted amount cannot be read without its currency."""
    if rows.header.has("Converted Amount"):
        return (*NEEDED, ("Converted Currency",))
    return NEEDED


def _values(rows: StripeRows) -> pa.Table:
    """Type every row; rows that are refused may hold nulls."""
    rows.refuse_test_mode()
    ids, status = rows.texts("id"), rows.texts("Status")
    outcomes = _outcomes(status, ids)
    is_paid = pc.equal(outcomes, Outcome.PAID)
    without_id = pc.equal(ids, "")
    rows.refuse(pc.and_(is_paid, without_id), "id", "is empty on a paid row")
    rows.warn(*_uncaptured(rows, is_paid))
    created = rows.header.column(*CREATED)
    if not created.zone:
        rows.warn(f"The column {created.sent!r} names no time zone; UTC is taken.")
    zone = created.zone or "UTC"
    amounts = read_amounts(rows, outcomes)
    columns = {
        "line": rows.table.lines,
        "id": ids,
        "status": status,
        "outcome": outcomes,
        "created_at": rows.instants(created, zone, required=True),
        "amount_minor": amounts.amount,
        "refunded_minor": amounts.refunded,
        "fee_minor": amounts.fee,
        "currency": amounts.currency,
        "refunded_at": _optional_time(rows, "Refunded date", zone),
        "disputed_minor": amounts.disputed,
        "disputed_at": _optional_time(rows, "Dispute Date", zone),
        "dispute_status": no_text(pc.utf8_lower(rows.texts("Dispute Status"))),
        "customer_email": no_text(pc.utf8_lower(rows.texts("Customer Email"))),
        "customer_id": no_text(rows.texts("Customer ID")),
        "description": no_text(rows.texts("Description")),
    }
    values = pa.table(columns)
    return values.set_column(1, "id", _with_row_ids(values, without_id))


def _outcomes(status: pa.Array, ids: pa.Array) -> pa.Array:
    """Tell outcomes; `succeeded` is an attempt without a charge when it has no id."""
    outcomes = per_distinct(
        status, lambda text: OUTCOMES.get(text.lower(), Outcome.UNKNOWN), pa.string()
    )
    is_bare = pc.and_(pc.equal(pc.utf8_lower(status), "succeeded"), pc.equal(ids, ""))
    return pc.if_else(is_bare, Outcome.INCOMPLETE.value, outcomes)


def _uncaptured(rows: StripeRows, is_paid: pa.Array) -> Iterable[str]:
    is_open = pc.equal(pc.utf8_lower(rows.texts("Captured")), "false")
    if count := pc.sum(pc.and_(is_paid, is_open)).as_py():
        yield f"{count} paid rows are not captured; they are counted by their status."


def _optional_time(rows: StripeRows, name: str, zone: str) -> pa.Array:
    column = rows.header.find(name)
    if column is None:
        return rows.all(None, pa.timestamp("us"))
    return rows.instants(column, column.zone or zone, required=False)


def _with_row_ids(values: pa.Table, without_id: pa.Array) -> pa.Array:
    """Give rows without an id one made of what the attempt was.

    Two attempts that agree in all of it count as one.
    """
    ids = values.column("id").combine_chunks()
    places = pc.indices_nonzero(without_id)
    if len(places) == 0:
        return ids
    content = values.select(ATTEMPT).take(places).to_pylist()
    made = [_row_id([str(row[name]) for name in ATTEMPT]) for row in content]
    return pc.replace_with_mask(ids, without_id, pa.array(made, pa.string()))


def _row_id(attempt: list[str]) -> str:
    return "row:" + hashlib.sha256("\n".join(attempt).encode()).hexdigest()[:24]


def _column_warnings(header: StripeHeader) -> Iterable[str]:
    """Say what cannot be told without the columns that were left out."""
    if not header.has("Converted Amount"):
        yield (
            "There is no column Converted Amount: amounts are in the currency of the "
            "charge, which need not be the currency of the balance."
        )
    if not header.has("Refunded date"):
        yield (
            "There is no column Refunded date: refunds are dated on the payment, not "
            "on the day of the refund."
        )
    if not header.has("Disputed Amount"):
        yield (
            "There is no column Disputed Amount: lost disputes look like income. "
            "Export all columns, or All activity, to see them."
        )


def _row_warnings(header: StripeHeader, kept: pa.Table) -> Iterable[str]:
    """Say what is odd in the rows, with counts."""
    paid = kept.filter(pc.equal(kept.column("outcome"), Outcome.PAID.value))
    if header.has("Refunded date"):
        undated = pc.and_(
            pc.greater(paid.column("refunded_minor"), 0),
            pc.is_null(paid.column("refunded_at")),
        )
        if count := pc.sum(undated).as_py():
            yield f"{count} refunds have no date; they are dated on the payment."
    if not header.has("Disputed Amount") and len(odd := _suspicious(paid)):
        yield (
            f"{len(odd)} paid rows have a fee of 15 or more and above 10 % of the "
            f"amount: perhaps a dispute ({some(odd)})."
        )
    yield from _unknown_disputes(paid)
    unknown = kept.filter(pc.equal(kept.column("outcome"), Outcome.UNKNOWN.value))
    groups = unknown.group_by(["status", "currency"]).aggregate(
        [("amount_minor", "sum"), ("amount_minor", "count")]
    )
    for group in sorted(groups.to_pylist(), key=lambda g: (g["status"], g["currency"])):
        total = plain(major(group["amount_minor_sum"], group["currency"]))
        yield (
            f"Unknown status {group['status']!r} ({group['amount_minor_count']} rows, "
            f"{total} {group['currency'].upper()}): shown, not counted."
        )


def _unknown_disputes(paid: pa.Table) -> Iterable[str]:
    """Say of which disputes it is not known whether their money is gone."""
    is_known = pc.is_in(
        pc.fill_null(paid.column("dispute_status"), ""), pa.array(sorted(DISPUTES))
    )
    has_money = pc.fill_null(pc.not_equal(paid.column("disputed_minor"), 0), False)
    open_ = paid.filter(pc.and_(has_money, pc.invert(is_known)))
    groups = open_.group_by("currency").aggregate([("disputed_minor", "sum")])
    for group in sorted(groups.to_pylist(), key=lambda g: g["currency"]):
        code = group["currency"]
        total = plain(major(group["disputed_minor_sum"], code))
        ids = open_.filter(pc.equal(open_.column("currency"), code)).column("id")
        yield (
            f"Disputes without a known status, {total} {code.upper()} "
            f"({some(ids.combine_chunks())}): shown, not counted."
        )


def _suspicious(paid: pa.Table) -> pa.Array:
    """Return ids of paid rows with a fee of 15 or more, above 10 % of the amount + 1.

    Source: a dispute adds 15.00 to the fee of its payment.
    """
    one = per_distinct(
        paid.column("currency").combine_chunks(),
        lambda code: 10 ** currency_exponent(code),
        pa.int64(),
    )
    fee, amount = paid.column("fee_minor"), paid.column("amount_minor")
    is_large = pc.greater_equal(fee, pc.multiply(one, 15))
    beyond = pc.subtract(fee, one)
    is_above = pc.greater(pc.multiply(beyond, 10), amount)
    found = paid.column("id").filter(pc.and_(is_large, is_above))
    return found.combine_chunks()
