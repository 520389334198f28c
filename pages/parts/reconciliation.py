"""Reconciliation: whether Stripe's totals and both kinds of files agree with us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import reconciliation
from pages.parts import basis, cache, formats, meanings, statements, tables, words

if TYPE_CHECKING:
    import pandas as pd

    from core.reports.reconciliation import GapRun, Verdict
    from core.warehouse.store import Warehouse

TABS: Final = (
    "Stripe's summaries",
    "Payments against ledger",
    "Months by file",
    "Months that are not exact",
)
"""What is held against each other, and what the months are read from."""

LINES: Final = {
    "activity_gross": "Activity before fees",
    "activity_fee": "Fees",
    "activity": "Net activity",
    "total": "Total",
}
"""Names of the lines of a balance summary; categories keep Stripe's name."""

REPORTS: Final = {"balance": "Balance summary", "category": "Summary by category"}
"""Stripe's name of a summary."""

STATUSES: Final = {
    reconciliation.AGREES: "Agrees",
    reconciliation.DIFFERS: "Differs",
    reconciliation.NOT_CHECKED: "Not checked: no data of ours",
}
"""Outcome of a check."""

REASONS: Final = {
    "no_data": "No data: no loaded file has a movement of these months",
    "estimated": "Estimated: read from Payments; All activity makes them exact",
    "incomplete": "Incomplete: the ledger lacks payments or days; export it again",
}
"""Why a month is not exact, and what makes it so."""


def draw(warehouse: Warehouse) -> None:
    """Show the verdict and, in tabs, what it rests on."""
    _verdict(cache.awaited(reconciliation.verdict, warehouse))
    summaries = cache.figure(reconciliation.summaries, warehouse)
    told = st.tabs(
        TABS,
        default=TABS[1] if summaries.empty else TABS[0],
        key="reconciliation",
        bind="query-params",
    )
    with told[0]:
        _summaries(summaries)
    with told[1]:
        _payments(cache.figure(reconciliation.payments, warehouse))
        _differing(cache.figure(reconciliation.differing_payments, warehouse))
    with told[2]:
        _files(cache.figure(reconciliation.files, warehouse))
    with told[3]:
        _gaps(cache.figure(reconciliation.gap_runs, warehouse))


def said(verdict: Verdict) -> str:
    """Say what was checked and what differs."""
    lines = words.counted(verdict.agreeing, "line") + " of Stripe's summaries"
    common = (
        words.counted(verdict.common_payments, "payment") + " in both kinds of file"
    )
    parts = [
        (verdict.agreeing, f"{lines} agree with our sums."),
        (verdict.common_payments, f"{common} compared."),
        (verdict.differing, f"Lines that differ: {verdict.differing:,}."),
        (
            verdict.differing_payments,
            f"Payments that differ: {verdict.differing_payments:,}.",
        ),
        (
            verdict.unchecked,
            f"Lines of a time without data of ours: {verdict.unchecked:,}.",
        ),
    ]
    return " ".join(text for count, text in parts if count)


def _verdict(verdict: Verdict) -> None:
    text = said(verdict)
    if verdict.is_green:
        st.success(f"The difference is zero. {text}", icon=":material/check:")
    elif text:
        st.warning(f"Not everything agrees. {text}", icon=":material/difference:")
    else:
        st.info(
            "Nothing to hold our sums against yet. Add Stripe's balance summary, or "
            "both All activity and Payments of the same months."
        )


def _summaries(rows: pd.DataFrame) -> None:
    st.caption(
        "Each line of a loaded balance summary or summary by category, beside our sum "
        "of the same days in the time zone of that summary. Amounts are the net, but "
        "for activity before fees and fees. Of a summary by category the differences "
        "in gross, in fees and in the count of rows have to be zero as well."
    )
    if rows.empty:
        st.text("No summary is loaded.")
        return
    names = rows["name"].map(lambda name: LINES.get(name, str(name).replace("_", " ")))
    shown = rows.assign(
        name=names,
        report=rows["report"].map(REPORTS),
        status=rows["status"].map(STATUSES),
        basis=rows["basis"].map({**statements.SOURCES, "none": "No data"}),
    )
    amounts = {
        "said": "Stripe says",
        "ours": "Our sum",
        "difference": "Difference",
        "gross_difference": "In gross",
        "fee_difference": "In fees",
    }
    day = st.column_config.DateColumn
    columns: tables.Columns = {
        "report": "Summary",
        "name": "Line",
        "first_day": day("From", format=tables.DAY),
        "last_day": day("To", format=tables.DAY),
        "status": "Result",
        **tables.amounts(amounts),
        "row_difference": _IN_ROWS,
        "basis": "Our sum is from",
        "time_zone": "Time zone",
        "file": "File",
    }
    _table(tables.written(shown, amounts), columns, "summaries", TABS[0])


def _payments(rows: pd.DataFrame) -> None:
    st.caption(
        "Payments that stand in both kinds of file and whose life lies in the time "
        "that both know. Lost disputes, of which Payments says nothing, are added to "
        "its side."
    )
    if rows.empty:
        st.text("No payment stands in both kinds of file.")
        return
    count = st.column_config.NumberColumn
    columns: tables.Columns = {
        "currency": "Currency",
        "payments": count(
            "In both files",
            format="%,d",
            help="Payments that stand in both kinds of file.",
        ),
        "common": count(
            "Compared",
            format="%,d",
            help="Of these, those whose life lies in the time that both know.",
        ),
        "differing": count(
            "Differ", format="%,d", help="Of these, those whose net differs."
        ),
        **tables.amounts(_LIFE),
    }
    _table(tables.written(rows, _LIFE), columns, "life", TABS[1])


def _differing(rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    st.markdown("**Payments that differ, largest difference first**")
    columns: tables.Columns = {
        "id": "Payment id",
        "created_at": st.column_config.DatetimeColumn(
            "Created, UTC", format="YYYY-MM-DD HH:mm"
        ),
        **tables.amounts(_LIFE),
    }
    _table(tables.written(rows, _LIFE), columns, "differing", "Payments that differ")


def _files(rows: pd.DataFrame) -> None:
    st.caption(
        "Which file has rows of which month, and what the month's revenue is read "
        "from. The net is of the file alone: files are never added to each other."
    )
    shown = rows.iloc[::-1].assign(
        kind=rows["kind"].str.removeprefix("stripe_").map(statements.SOURCES),
        basis=rows["basis"].map(basis.NAMES).fillna("Not counted"),
    )
    columns: tables.Columns = {
        "month": st.column_config.DateColumn("Month", format=tables.MONTH),
        "file": "File",
        "kind": "Kind",
        "row_count": st.column_config.NumberColumn(
            "Rows", format="%,d", help=meanings.ROWS
        ),
        **tables.amounts({"net": "Net of the file"}),
        "basis": "Basis of the month",
    }
    _table(tables.written(shown, ["net"]), columns, "file_months", TABS[2])


def _gaps(runs: tuple[GapRun, ...]) -> None:
    if not runs:
        st.text("Every month is exact, read from a whole ledger, without gaps.")
        return
    for run in runs:
        ends = dict.fromkeys(map(formats.month, (run.first_month, run.last_month)))
        counted = words.counted(run.months, "month")
        span = " to ".join(ends)
        st.text(f"{run.currency.upper()}, {span} ({counted}). {REASONS[run.reason]}.")


_IN_ROWS: Final = st.column_config.NumberColumn(
    "In rows", format="%,d", help="Difference in the count of rows; it has to be zero."
)

_LIFE: Final = {
    "payments_net": "Payments",
    "untold": "Disputes not told",
    "ledger_net": "Ledger",
    "difference": "Difference",
}


def _table(rows: pd.DataFrame, columns: tables.Columns, key: str, name: str) -> None:
    is_long = len(rows) > 8
    st.dataframe(
        tables.paged(rows, key),
        key=key,
        hide_index=True,
        height=320 if is_long else "auto",
        column_order=list(columns),
        column_config=columns,
        placeholder="",
        alt=name,
    )
