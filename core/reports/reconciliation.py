"""Reconciliation: Stripe's own totals, and each kind of file, against our sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.reports.frames import frame, in_major_units
from core.warehouse import checks, figures

if TYPE_CHECKING:
    from datetime import date

    from core.warehouse.store import Warehouse

AGREES: Final = "agrees"
"""Status of a check whose difference is zero."""

DIFFERS: Final = "differs"
"""Status of a check whose difference is not zero."""

NOT_CHECKED: Final = "not checked"
"""Status of a summary of a time without data of ours."""

SHOWN_PAYMENTS: Final = 100
"""How many payments that differ are listed."""


@dataclass(frozen=True)
class Verdict:
    """Whether all that could be held against each other agrees to the cent.

    agreeing, differing and unchecked count lines of summaries; differing_payments
    counts payments of which ledger and Payments say different things.
    """

    agreeing: int
    differing: int
    unchecked: int
    common_payments: int
    differing_payments: int

    @property
    def is_green(self) -> bool:
        """Tell whether something was checked and nothing differs or is left over."""
        is_checked = bool(self.agreeing or self.common_payments)
        return is_checked and not (
            self.differing or self.unchecked or self.differing_payments
        )


@dataclass(frozen=True)
class Gap:
    """A month whose revenue is not exact: no_data, estimated or incomplete."""

    month: date
    currency: str
    reason: str


@dataclass(frozen=True)
class GapRun:
    """Months in a row that are not exact for one reason; both ends are inside."""

    currency: str
    reason: str
    first_month: date
    last_month: date
    months: int


def verdict(warehouse: Warehouse) -> Verdict:
    """Say in one line whether everything agrees."""
    statuses = summaries(warehouse)["status"]
    paid = frame(checks.payments(warehouse))
    return Verdict(
        int((statuses == AGREES).sum()),
        int((statuses == DIFFERS).sum()),
        int((statuses == NOT_CHECKED).sum()),
        int(paid["common"].sum()),
        int(paid["differing"].sum()),
    )


def summaries(warehouse: Warehouse) -> pd.DataFrame:
    """Return each line of the loaded summaries beside our sum.

    Of a balance summary: activity before fees, fees, activity (net after all fees and
    movements that are no payouts); of a summary by category: net of each category and
    in total, and against a ledger its gross, fees and count of rows as well. basis is
    ledger, payments (an estimate without standalone fees) or none. A line agrees when
    every difference that can be told is zero.

    Returns:
        file, report (balance or category), currency, first_day, last_day (inclusive,
        of time_zone), time_zone, name, basis, status, row_difference, and said, ours
        and difference (of the net), gross_difference and fee_difference in minor units
        (`_minor`) and major units. By period, currency, report and name.
    """
    rows = in_major_units(frame(checks.summaries(warehouse)), _SUMMED)
    beside = rows[["gross_difference_minor", "fee_difference_minor", "row_difference"]]
    is_off = (beside.fillna(0) != 0).any(axis=1)
    status = rows["difference_minor"].map(_status).where(~is_off, DIFFERS)
    return rows.assign(status=status.astype("str"))


def payments(warehouse: Warehouse) -> pd.DataFrame:
    """Return Payments files against the ledger over their common life, by currency.

    Returns:
        currency, payments (in both kinds of files), common (of these, payments whose
        life lies in the time that both know), differing, and of the common ones
        payments_net, untold (disputes of which the Payments export says nothing),
        ledger_net and difference, in minor units (`_minor`) and major units.
    """
    return in_major_units(frame(checks.payments(warehouse)), _LIFE)


def differing_payments(warehouse: Warehouse) -> pd.DataFrame:
    """Return the payments of which the files differ, largest difference first.

    Returns:
        id, currency, created_at (UTC), and amounts as in payments; at most
        SHOWN_PAYMENTS rows.
    """
    rows = frame(checks.differing_payments(warehouse, SHOWN_PAYMENTS))
    return in_major_units(rows, _LIFE)


def files(warehouse: Warehouse) -> pd.DataFrame:
    """Return which file has rows of which month, and where the month is read from.

    Returns:
        month, currency, kind, file, batch_id, loaded_at, row_count, net_minor, net,
        first_at, last_at (UTC), basis (of the month). By month, currency, kind, file.
    """
    rows = in_major_units(frame(checks.file_months(warehouse)), ("net_minor",))
    basis = frame(figures.revenue_basis(warehouse))[["month", "currency", "basis"]]
    return rows.merge(basis, on=["month", "currency"], how="left")


def gaps(warehouse: Warehouse) -> tuple[Gap, ...]:
    """List the months that are not exact, by currency and month.

    Of each currency every month from its first to its last with revenue: without any
    row (no_data), read from payments (estimated), or from a ledger that lacks payments
    or days (incomplete).
    """
    basis = figures.revenue_basis(warehouse).to_pylist()
    found: dict[str, dict[pd.Timestamp, str]] = {}
    for row in basis:
        months = found.setdefault(row["currency"], {})
        months[pd.Timestamp(row["month"])] = row["basis"]
    return tuple(
        Gap(month.date(), currency, _REASONS.get(months.get(month, ""), "no_data"))
        for currency, months in sorted(found.items())
        for month in pd.date_range(min(months), max(months), freq="MS")
        if months.get(month) != "ledger"
    )


def gap_runs(warehouse: Warehouse) -> tuple[GapRun, ...]:
    """Join gaps of one reason that follow each other; by currency and month."""
    runs: list[GapRun] = []
    for gap in gaps(warehouse):
        last = runs[-1] if runs else None
        if last and (last.currency, last.reason) == (gap.currency, gap.reason):
            following = pd.Timestamp(last.last_month) + pd.offsets.MonthBegin()
            if following.date() == gap.month:
                count = last.months + 1
                runs[-1] = replace(last, last_month=gap.month, months=count)
                continue
        runs.append(GapRun(gap.currency, gap.reason, gap.month, gap.month, 1))
    return tuple(runs)


_SUMMED: Final = (
    "said_minor",
    "ours_minor",
    "difference_minor",
    "gross_difference_minor",
    "fee_difference_minor",
)

_LIFE: Final = (
    "payments_net_minor",
    "untold_minor",
    "ledger_net_minor",
    "difference_minor",
)

_REASONS: Final = {"payments": "estimated", "ledger, incomplete": "incomplete"}


def _status(difference: float | None) -> str:
    if difference is None or pd.isna(difference):
        return NOT_CHECKED
    return AGREES if difference == 0 else DIFFERS
