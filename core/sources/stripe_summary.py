"""Stripe's summaries: totals of a period, against which our own sums are checked.

Source: Reports > Balance > Balance summary and Balance change from activity > Summary.
Grain: one line of the report. Summaries are never revenue: `activity` and `payouts`
are sums of other lines, `activity_gross` is charges less refunds, `total` is all.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import NotLoadableError, UnreadableFileError
from core.models import SUMMARY_SCHEMA, Kind, Reading
from core.sources.money import decimal_mark
from core.sources.stripe_kinds import StripeKind, recognise
from core.sources.stripe_names import ReportName
from core.sources.stripe_rows import StripeRows, header_signature
from core.units import major, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.files.table import TextTable

KINDS: Final = {
    StripeKind.BALANCE_SUMMARY: "balance",
    StripeKind.CATEGORY_SUMMARY: "category",
}
"""Kinds that hold totals, and their name in the column report."""

PARTS: Final = {
    "activity": ("activity_gross", "activity_fee"),
    "payouts": ("payouts_gross", "payouts_fee"),
    "ending_balance": ("starting_balance", "activity", "payouts"),
}
"""Lines of the balance summary that are sums of other lines."""

_NAMES: Final = {"balance": "category", "category": "reporting_category"}
_NET: Final = {"balance": "net_amount", "category": "net"}
_DAY: Final = re.compile(r"\((\d{4}-\d\d-\d\d)\)", re.ASCII)


def identify(header: Sequence[str]) -> bool:
    """Tell whether a header is one of Stripe's summaries."""
    return recognise(header) in KINDS


def read(table: TextTable, *, sha256: str) -> Reading:
    """Read a summary.

    Raises:
        MissingColumnsError: Columns that it needs were not exported.
        NotLoadableError: It sums payouts, against which nothing here can be held.
        UnreadableFileError: It has no rows, or its period is told nowhere.
    """
    kind = recognise(table.header) or StripeKind.BALANCE_SUMMARY
    report, layout = KINDS[kind], kind.value.removeprefix("a ")
    rows = StripeRows.of(table)
    needed = (_NAMES[report], _NET[report], "currency")
    rows.header.check(table.file, layout, [(name,) for name in needed])
    _refuse_payouts(rows, report)
    values = _values(rows, report, ReportName.of(table.file))
    rows.refuse_repeats(_NAMES[report], values)
    kept = rows.keep(values.drop_columns(["id"])).cast(SUMMARY_SCHEMA)
    rows.warn(*_sum_warnings(kept))
    return Reading(
        file=table.file,
        sha256=sha256,
        kind=Kind.STRIPE_SUMMARY,
        layout=layout,
        rows=kept,
        rows_read=table.rows_read,
        problems=rows.refusals.problems(),
        header_signature=header_signature(table.header),
        warnings=tuple(rows.warnings),
    )


def _refuse_payouts(rows: StripeRows, report: str) -> None:
    """Refuse a summary of what was paid out in a period, not of what was earned."""
    file = rows.table.file
    if report != "category":
        return
    names = set(pc.unique(rows.texts("reporting_category")).to_pylist())
    if "payout" in file.casefold() or names <= {"payout", "payout_reversal", "total"}:
        raise NotLoadableError(
            file,
            "a Stripe summary of payouts",
            "It sums what was paid out in a period, whenever it was earned. "
            "Load the balance change summary instead.",
        )


def _values(rows: StripeRows, report: str, told: ReportName) -> pa.Table:
    """Type every row; rows that are refused may hold nulls."""
    names = pc.utf8_lower(rows.texts(_NAMES[report]))
    rows.refuse(pc.equal(names, ""), _NAMES[report], "is empty")
    currencies = _currencies(rows, told)
    first, last = _period(rows, told)
    if told.time_zone is None:
        rows.warn(
            "The file name does not tell the time zone of the period; UTC is taken. "
            "Keep the name that Stripe gave it."
        )
    gross, fee, net = _money(rows, report, currencies)
    columns = {
        "line": rows.table.lines,
        "id": pc.binary_join_element_wise(currencies, names, " "),
        "report": rows.all(report),
        "name": names,
        "currency": currencies,
        "first_day": rows.all(first, pa.date32()),
        "last_day": rows.all(last, pa.date32()),
        "time_zone": rows.all(told.time_zone or "UTC"),
        "row_count": _counts(rows),
        "gross_minor": gross,
        "fee_minor": fee,
        "net_minor": net,
    }
    return pa.table(columns)


def _currencies(rows: StripeRows, told: ReportName) -> pa.Array:
    """Read currencies; lines without one have that of the report, which has one."""
    texts = pc.utf8_lower(rows.texts("currency"))
    known = set(pc.unique(texts).to_pylist()) - {""}
    only = known.pop() if len(known) == 1 else "" if known else told.currency
    currencies = pc.if_else(pc.equal(texts, ""), only, texts)
    rows.refuse_no_currency("currency", currencies)
    return currencies


def _period(rows: StripeRows, told: ReportName) -> tuple[date, date]:
    """Tell the first and the last day: by the lines of the balances, or the name."""
    by_name = dict(
        zip(
            pc.utf8_lower(rows.texts("category")).to_pylist(),
            rows.texts("description").to_pylist(),
            strict=True,
        )
    )
    first = _day(by_name.get("starting_balance", "")) or told.first_day
    last = _day(by_name.get("ending_balance", "")) or told.last_day
    if first is None or last is None or first > last:
        wrong = "does not tell of which period it is"
        action = "Keep the name that Stripe gave it, with the days from and to"
        raise UnreadableFileError(rows.table.file, wrong, action)
    return first, last


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _money(
    rows: StripeRows, report: str, currencies: pa.Array
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Read gross, fee and net; only a summary by category tells the first two."""
    names = [_NET[report]] if report == "balance" else ["gross", "fee", "net"]
    texts = [rows.texts(name) for name in names]
    rows.mark, warnings = decimal_mark(texts)
    rows.warn(*warnings)
    amounts = [
        rows.money(name, cells, currencies)
        for name, cells in zip(names, texts, strict=True)
    ]
    if report == "balance":
        untold = rows.all(None, pa.int64())
        return untold, untold, amounts[0]
    gross, fee, net = amounts
    is_wrong = pc.not_equal(pc.subtract(gross, fee), net)
    rows.refuse(is_wrong, "net", "gross less fee is another amount")
    return gross, fee, net


def _counts(rows: StripeRows) -> pa.Array:
    """Read how many transactions Stripe counted; null where it does not say."""
    texts = rows.texts("count")
    is_number = pc.match_substring_regex(texts, r"^\d{1,18}$")
    return pc.cast(pc.if_else(is_number, texts, None), pa.int64())


def _sum_warnings(kept: pa.Table) -> Iterable[str]:
    """Say where lines of a balance summary do not add up."""
    nets: dict[str, dict[str, int]] = {}
    for row in kept.select(["currency", "name", "net_minor"]).to_pylist():
        nets.setdefault(row["currency"], {})[row["name"]] = row["net_minor"]
    for currency, lines in sorted(nets.items()):
        for name, parts in PARTS.items():
            if name not in lines or not lines.keys() >= set(parts):
                continue
            off = lines[name] - sum(lines[part] for part in parts)
            if off:
                amount = f"{plain(major(off, currency))} {currency.upper()}"
                yield f"The line {name} is {amount} off the sum of {', '.join(parts)}."
