"""Checks: Stripe's own totals, and each kind of file, against our sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

    from core.warehouse.store import Warehouse


_LIFE: Final = (
    "payments_net_minor",
    "untold_minor",
    "ledger_net_minor",
    "difference_minor",
)


def summaries(warehouse: Warehouse) -> pa.Table:
    """Return each line of the loaded summaries beside our sum, by period and name.

    Columns: file, report (balance or category), currency, first_day, last_day,
    time_zone, name, basis (ledger, payments or none), said_minor, ours_minor,
    difference_minor (ours less said), gross_difference_minor, fee_difference_minor,
    row_difference. ours and difference are null without data of ours; the last three
    are told for summaries by category against a ledger, as far as Stripe has them.
    """
    return warehouse.table(
        "SELECT * EXCLUDE (has_all) FROM summary_check "
        "ORDER BY first_day, last_day, currency, time_zone, report, name"
    )


def payments(warehouse: Warehouse) -> pa.Table:
    """Return payments against ledger over their common life; by currency.

    Columns: currency, payments (in both kinds of files), common (of these, payments
    whose life lies in the time that both know), differing (of the common ones), and of
    the common ones payments_net_minor, untold_minor (disputes of which the Payments
    export says nothing), ledger_net_minor and difference_minor, payments_net_minor +
    untold_minor - ledger_net_minor.
    """
    sums = ", ".join(
        f"coalesce(sum({name}) FILTER (is_common), 0)::BIGINT AS {name}"
        for name in _LIFE
    )
    return warehouse.table(
        "SELECT currency, count(*) AS payments, "
        "count(*) FILTER (is_common) AS common, "
        "count(*) FILTER (is_common AND difference_minor <> 0) AS differing, "
        f"{sums} FROM payment_check GROUP BY currency ORDER BY currency"
    )


def differing_payments(warehouse: Warehouse, limit: int) -> pa.Table:
    """Return common payments of which the files differ, largest difference first.

    Columns: id, currency, created_at (UTC), and amounts as in payments. At most limit
    rows.
    """
    return warehouse.table(
        "SELECT * EXCLUDE (is_common) FROM payment_check "
        "WHERE is_common AND difference_minor <> 0 "
        "ORDER BY abs(difference_minor) DESC, id LIMIT ?",
        [limit],
    )


def file_months(warehouse: Warehouse) -> pa.Table:
    """Return which file has rows of which month; by month, currency, file.

    Columns: month, currency, kind, file, batch_id, loaded_at, row_count, net_minor (of
    the file alone, a ledger's payouts included), first_at, last_at (UTC).
    """
    return warehouse.table(
        "SELECT month, currency, kind, file, batch_id, loaded_at, row_count, "
        "net_minor, first_at, last_at FROM stripe_file_month "
        "ORDER BY month, currency, kind, file, batch_id"
    )
