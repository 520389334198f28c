"""Stripe's ledger: All activity, itemized balance change, payout reconciliation.

Source: Dashboard > Balances > All activity > Export; Reports > Balance > Itemized
balance change from activity; Reports > Payout reconciliation > Itemized.
Grain: one balance transaction (`txn_`), which never changes. Amounts are signed, money
into the balance is positive; Amount - Fee = Net in every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.models import LEDGER_SCHEMA, Flow, Kind, Reading
from core.sources.money import decimal_mark
from core.sources.stripe_flows import find_flows, is_connect_move
from core.sources.stripe_kinds import StripeKind, recognise
from core.sources.stripe_names import ReportName
from core.sources.stripe_rows import StripeRows, header_signature, no_text
from core.units import major, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from core.files.table import TextTable
    from core.sources.stripe_headers import Column

KINDS: Final = (StripeKind.ALL_ACTIVITY, StripeKind.ITEMIZED, StripeKind.RECONCILIATION)
"""Kinds that hold balance transactions."""


@dataclass(frozen=True)
class Names:
    """Names of the columns of one kind of ledger, the preferred name first."""

    id: tuple[str, ...]
    type: tuple[str, ...]
    amount: str
    fee: str
    net: str
    currency: str
    created: tuple[str, ...]
    source: tuple[str, ...]
    description: str

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """Columns without which nothing can be read."""
        money = ((self.amount,), (self.fee,), (self.net,), (self.currency,))
        return (self.id, self.type, *money, self.created)


ACTIVITY: Final = Names(
    id=("id", "Transaction ID"),
    type=("Type", "Transaction Type"),
    amount="Amount",
    fee="Fee",
    net="Net",
    currency="Currency",
    created=("Created",),
    source=("Source",),
    description="Description",
)
"""Columns of All activity; the other names of id and type are a reseller's."""

REPORT: Final = Names(
    id=("balance_transaction_id",),
    type=("reporting_category",),
    amount="gross",
    fee="fee",
    net="net",
    currency="currency",
    created=("created_utc", "created"),
    source=("charge_id", "source_id"),
    description="description",
)
"""Columns of the itemized reports."""


def identify(header: Sequence[str]) -> bool:
    """Tell whether a header is one of Stripe's ledgers."""
    return recognise(header) in KINDS


def read(table: TextTable, *, sha256: str) -> Reading:
    """Read a ledger file.

    Raises:
        MissingColumnsError: Columns that it needs were not exported.
        UnreadableFileError: It has no rows, a column twice, or times of a zone that is
            not known.
    """
    kind = recognise(table.header)
    names = ACTIVITY if kind is StripeKind.ALL_ACTIVITY else REPORT
    layout = (kind or StripeKind.ALL_ACTIVITY).value
    rows = StripeRows.of(table)
    rows.header.check(table.file, layout, names.needed, names.source)
    rows.trim(*(name for group in names.needed for name in group), *names.source)
    values = _values(rows, names)
    rows.refuse_repeats(rows.header.column(*names.id).name, values)
    kept = rows.keep(values).cast(LEDGER_SCHEMA)
    cut = _cut(rows, kind, kept)
    rows.warn(*cut.warnings, *_flow_warnings(kept))
    return Reading(
        file=table.file,
        sha256=sha256,
        kind=Kind.STRIPE_LEDGER,
        layout=layout,
        rows=kept,
        rows_read=table.rows_read,
        problems=rows.refusals.problems(),
        header_signature=header_signature(table.header),
        warnings=tuple(rows.warnings),
        covered=cut.covered,
        partial_months=cut.partial_months,
    )


def _values(rows: StripeRows, names: Names) -> pa.Table:
    """Type every row; rows that are refused may hold nulls."""
    rows.refuse_test_mode()
    ids = rows.texts(*names.id)
    rows.refuse(pc.equal(ids, ""), rows.header.column(*names.id).name, "is empty")
    types = pc.utf8_lower(rows.texts(*names.type))
    rows.refuse(pc.equal(types, ""), rows.header.column(*names.type).name, "is empty")
    currencies = pc.utf8_lower(rows.texts(names.currency))
    rows.refuse_no_currency(names.currency, currencies)
    created_at = _created_at(rows, names)
    amount, fee, net = _money(rows, names, currencies)
    source, description = _sources(rows, names), rows.texts(names.description)
    columns = {
        "line": rows.table.lines,
        "id": ids,
        "type": types,
        "flow": find_flows(types, source, description, created_at),
        "source": no_text(source),
        "amount_minor": amount,
        "fee_minor": fee,
        "net_minor": net,
        "currency": currencies,
        "created_at": created_at,
        "description": no_text(description),
        "customer_email": pc.utf8_lower(rows.optional("customer_email")),
        "customer_id": rows.optional("customer_id"),
    }
    return pa.table(columns)


def _money(
    rows: StripeRows, names: Names, currencies: pa.Array
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Read amount, fee and net, and refuse rows where they do not agree."""
    texts = [rows.texts(name) for name in (names.amount, names.fee, names.net)]
    rows.mark, warnings = decimal_mark(texts)
    rows.warn(*warnings)
    columns = (names.amount, names.fee, names.net)
    amount, fee, net = rows.moneys(columns, texts, currencies)
    expected = pc.subtract(amount, fee)

    def reason(row: int) -> str:
        code = currencies[row].as_py()
        figures = (amount[row], fee[row], expected[row])
        words = [plain(major(figure.as_py(), code)) for figure in figures]
        return f"{names.amount} {words[0]} less {names.fee} {words[1]} is {words[2]}"

    rows.refuse(pc.not_equal(expected, net), names.net, reason)
    return amount, fee, net


def _sources(rows: StripeRows, names: Names) -> pa.Array:
    """Take the payment a row is about; else whatever Stripe gives as its source."""
    sources = rows.texts(names.source[0])
    for name in names.source[1:]:
        sources = pc.if_else(pc.equal(sources, ""), rows.texts(name), sources)
    return sources


def _created_at(rows: StripeRows, names: Names) -> pa.Array:
    column = rows.header.column(*names.created)
    return rows.instants(column, _zone(rows, column), required=True)


def _zone(rows: StripeRows, column: Column) -> str:
    """Tell the zone of the times: header, file name, or UTC with a warning."""
    if column.zone:
        return column.zone
    if column.name.casefold().endswith("_utc"):
        return "UTC"
    zone = ReportName.of(rows.table.file).time_zone
    if zone is None:
        rows.warn(
            f"Neither the column {column.sent!r} nor the file name tells the time zone "
            "of the times; UTC is taken. Sums of a month may be off at its borders."
        )
    return zone or "UTC"


@dataclass(frozen=True)
class _Cut:
    """What a file holds of the ledger, by the way it was cut out; see Reading."""

    covered: tuple[datetime, datetime] | None = None
    partial_months: tuple[date, ...] = ()
    warnings: tuple[str, ...] = ()


def _cut(rows: StripeRows, kind: StripeKind | None, kept: pa.Table) -> _Cut:
    """Tell which months the file holds whole, as far as it says."""
    name = rows.table.file
    told = ReportName.of(name)
    months = _months(kept)
    edges = tuple(dict.fromkeys((*months[:1], *months[-1:])))
    shown = " and ".join(f"{month:%Y-%m}" for month in edges)
    if told.category:
        return _Cut(None, months, (_ONE_CATEGORY.format(told.category),))
    if kind is StripeKind.RECONCILIATION or "reconciliation" in name.casefold():
        return _Cut(None, edges, (_BY_PAYOUT.format(shown),))
    if "balance_change" not in name.casefold() and _has_all_payouts(rows):
        return _Cut(None, edges, (_ALL_PAID_OUT.format(shown),))
    covered = told.covered(told.time_zone) if kind is StripeKind.ITEMIZED else None
    return _Cut(covered if covered and _is_within(kept, covered) else None)


_ONE_CATEGORY: Final = (
    "By its name the file holds the category {} only, so that net volume from it lacks "
    "the others. Load the whole report instead."
)
_BY_PAYOUT: Final = (
    "The file is cut by the date of payout, not of sale: its first and last month are "
    "partial ({})."
)
_ALL_PAID_OUT: Final = (
    "Every row names its payout. If this is a payout reconciliation, its first and "
    "last month are partial ({})."
)


def _months(kept: pa.Table) -> tuple[date, ...]:
    """List the months (UTC, first days) with a row, in order."""
    months = pc.floor_temporal(kept.column("created_at"), unit="month")
    return tuple(sorted(pc.unique(months.cast(pa.date32())).to_pylist()))


def _is_within(kept: pa.Table, covered: tuple[datetime, datetime]) -> bool:
    """Tell whether all rows are of the period that the file name tells."""
    ends = pc.min_max(kept.column("created_at")).as_py()
    if ends["min"] is None:
        return True
    return bool(covered[0] <= ends["min"] and ends["max"] < covered[1])


def _has_all_payouts(rows: StripeRows) -> bool:
    """Tell whether every row names a payout, as in a payout reconciliation."""
    payouts = rows.texts("automatic_payout_id")
    return bool(pc.all(pc.not_equal(payouts, "")).as_py())


def _flow_warnings(kept: pa.Table) -> Iterable[str]:
    """Say what is not counted though it may matter, and Connect, with its sums."""
    types = kept.column("type").combine_chunks()
    flow = kept.column("flow")
    unknown = kept.filter(pc.equal(flow, Flow.UNKNOWN))
    for shown in _sums(unknown):
        yield f"Unknown type {shown}: shown, not counted."
    is_other = pc.and_(
        pc.equal(flow, Flow.EXCLUDED), pc.match_substring(types, "adjustment")
    )
    has_money = pc.not_equal(kept.column("net_minor"), 0)
    for shown in _sums(kept.filter(pc.and_(is_other, has_money))):
        yield f"Other adjustments, {shown}: shown, not counted as sales."
    is_connect = pc.and_(is_connect_move(types), pc.equal(flow, Flow.REFUND))
    for shown in _sums(kept.filter(is_connect)):
        yield f"Connect movements, {shown}: counted in net volume beside the refunds."


def _sums(rows: pa.Table) -> list[str]:
    """Write rows and net sum by type and currency, in the order of their names."""
    groups = rows.group_by(["type", "currency"]).aggregate(
        [("net_minor", "sum"), ("net_minor", "count")]
    )
    found = sorted(groups.to_pylist(), key=lambda g: (g["type"], g["currency"]))
    return [
        f"{g['type']!r} ({g['net_minor_count']} rows, net "
        f"{plain(major(g['net_minor_sum'], g['currency']))} {g['currency'].upper()})"
        for g in found
    ]
