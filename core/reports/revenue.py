"""Revenue: Stripe's net volume from sales, by month, currency and payer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.reports.frames import frame, in_major_units, with_gaps
from core.warehouse import figures, money_figures, rates, settings

if TYPE_CHECKING:
    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse

LINES: Final = (
    "gross_minor",
    "refunds_minor",
    "disputes_minor",
    "fees_minor",
    "net_minor",
    "other_fees_minor",
    "net_after_all_minor",
)
"""Lines of a month, signed by what they do to the balance."""


def headline(warehouse: Warehouse) -> str:
    """Name the column of by_month that stands for net volume in this shop.

    net, or net_after_all where the shop's setting counts standalone fees of Stripe in.
    Customers' net volume never has them: they are nobody's payments.
    """
    has_fees = settings.current(warehouse).has_stripe_fees
    return "net_after_all" if has_fees else "net"


def by_month(warehouse: Warehouse) -> pd.DataFrame:
    """Return revenue by month and currency.

    Returns:
        month, currency (lower case), basis, the LINES in minor units, and each of them
        without `_minor` in major units as float; is_partial (the newest file of
        Stripe's came before the month ended, UTC). Ordered by month, then currency.
        Months without data have no row.
    """
    rows = in_major_units(frame(figures.revenue_months(warehouse)), LINES)
    newest = money_figures.loaded_at(warehouse)
    ends = rows["month"] + pd.offsets.MonthBegin()
    return rows.assign(is_partial=newest is not None and ends > newest)


def of_currency(rows: pd.DataFrame, currency: str, scope: Scope) -> pd.DataFrame:
    """Return one currency of by_month, months without data included as gaps.

    Args:
        rows: As by_month returns them.
        currency: Lower case.
        scope: Its months bound the rows; the rest of it says nothing of money.

    Returns:
        The columns of by_month and has_data. A gap has month and has_data only.
    """
    kept = rows["currency"] == currency
    if scope.first_month is not None:
        kept &= rows["month"] >= pd.Timestamp(scope.first_month)
    if scope.last_month is not None:
        kept &= rows["month"] <= pd.Timestamp(scope.last_month)
    return with_gaps(rows[kept])


def currencies(rows: pd.DataFrame, first: str = "") -> tuple[str, ...]:
    """List the currencies of by_month by net volume in units of each, most first.

    Args:
        rows: As by_month returns them.
        first: A currency to stand before all others, where it has rows.
    """
    totals = rows.groupby("currency")["net"].sum()
    return tuple(
        sorted(totals.index, key=lambda code: (code != first, -totals[code], code))
    )


def basis(warehouse: Warehouse) -> pd.DataFrame:
    """Return where each month is read from, and what the other kind of file lacks.

    Returns:
        month, currency, in_ledger, missing_in_ledger and missing_in_payments (counts
        of payments), basis; by month and currency.
    """
    return frame(figures.revenue_basis(warehouse))


def beside(warehouse: Warehouse) -> pd.DataFrame:
    """Return attempts to pay that are no revenue, with their sums.

    Returns:
        month (of the attempt), currency (of the charge for failed ones), outcome
        (pending, failed, incomplete or unknown), row_count, amount_minor, amount
        (major units); by month, currency, outcome.
    """
    rows = frame(money_figures.beside(warehouse))
    return in_major_units(rows, ("amount_minor",))


def converted(warehouse: Warehouse, target: str) -> pd.DataFrame:
    """Return net volume in one currency by rates that staff entered: an estimate.

    Args:
        warehouse: Where to read.
        target: The currency to turn all others into, lower case.

    Returns:
        month, converted_minor, converted (major units of target), lacking (how many
        currencies of the month have no rate and are not in the sum); by month.
    """
    rows = frame(money_figures.converted(warehouse, target))
    lacking = rows["converted_minor"].isna()
    sums = rows.assign(lacking=lacking, currency=target).groupby(
        ["month", "currency"], as_index=False
    )[["converted_minor", "lacking"]]
    shown = in_major_units(sums.sum(), ("converted_minor",))
    return shown.drop(columns="currency")


def targets(warehouse: Warehouse) -> tuple[str, ...]:
    """List the currencies that entered rates turn others into, in their order."""
    return tuple(dict.fromkeys(rate.target for rate in rates.live(warehouse)))


def uncounted(warehouse: Warehouse) -> pd.DataFrame:
    """Return what Stripe's files hold and net volume does not, with its sum.

    Returns:
        source (ledger or payments), name (type or status), reason, currency,
        row_count, amount_minor, amount (major units).
    """
    rows = frame(figures.revenue_uncounted(warehouse))
    return in_major_units(rows, ("amount_minor",))


def by_payer(warehouse: Warehouse) -> pd.DataFrame:
    """Return net volume by payer over all months, largest first within a currency.

    Returns:
        owner (email, Stripe customer id or `(unknown payer)`), currency, first_paid and
        last_paid (months with a payment; missing without), gross, refunds, disputes,
        fees and net in minor units (`_minor`) and major units.
    """
    lines = ("gross_minor", "refunds_minor", "disputes_minor", "fees_minor")
    money = frame(figures.owner_money(warehouse))
    rows = in_major_units(money, (*lines, "net_minor"))
    order = ["currency", "net_minor", "owner"]
    return rows.sort_values(order, ascending=[True, False, True], ignore_index=True)
