"""The load plan on the screen: what each file is, and what loading it would change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.exports import refused_rows
from core.models import Kind
from core.warehouse.plans import period_bounds
from pages.parts import changes, intakes, mapping, problems, words
from pages.parts.problems import Refused
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.files.upload import Upload
    from core.models import Reading
    from core.warehouse.plans import FilePlan, LoadPlan
    from core.warehouse.store import Warehouse


def summary(plan: LoadPlan) -> None:
    """Show one line for each file: what it is and how many rows it would change."""
    rows = [
        {
            "File": file.reading.file,
            "Kind": words.KINDS[file.reading.kind],
            "Provider": file.reading.provider,
            "Period": period(file.reading),
            "Rows read": file.reading.rows_read,
            "Kept": file.reading.rows_kept,
            "Refused": len(file.reading.problems),
            "New": file.rows_new,
            "Changed": file.rows_changed,
            "Same": file.rows_same,
            "On load": _state(file),
        }
        for file in plan.files
    ]
    table = pd.DataFrame(rows)
    st.dataframe(
        table,
        hide_index=True,
        key="plan",
        column_config=changes.columns(table),
        alt="Load plan",
    )


def draw(warehouse: Warehouse, file: FilePlan, uploads: Sequence[Upload]) -> None:
    """Show one file: counts, provider, unit, changes by month, refused rows."""
    reading = file.reading
    with st.container(border=True):
        with st.container(gap=None):
            st.subheader(as_text(reading.file), anchor=False)
            st.caption(f"{words.KINDS[reading.kind]} · {as_text(reading.layout)}")
        st.text(counts(file))
        if not file.is_needed:
            st.info(as_text(f"{reading.file}: {fate(file)}."))
        if file.repeats:
            return
        if reading.kind is not Kind.CUSTOMERS:
            facts, months = st.columns([1, 2.2], gap="large")
            with facts:
                _facts(warehouse, reading, uploads)
            with months:
                _changes(file)
        if warnings := _warnings(file):
            st.warning("\n".join(f"- {as_text(warning)}" for warning in warnings))
        _refused(reading, uploads)


def fate(file: FilePlan) -> str:
    """Say what a load would do with a file."""
    if file.loaded_at is not None:
        at = words.instant(file.loaded_at)
        return f"already loaded on {at}, nothing to do"
    if file.repeats:
        return f"same content as {file.repeats}, nothing to do"
    return "to be stored"


def counts(file: FilePlan) -> str:
    """Write how many rows were read, and what they are to what is loaded."""
    reading = file.reading
    read = (
        f"{words.counted(reading.rows_read, 'row')} read, "
        f"{reading.rows_kept:,} kept, {len(reading.problems):,} refused."
    )
    if not file.is_needed:
        return read
    return (
        f"{read} Against what is loaded: {file.rows_new:,} new, "
        f"{file.rows_changed:,} changed, {file.rows_same:,} same"
        + (f", {file.rows_missing:,} not in this file." if file.rows_missing else ".")
    )


def period(reading: Reading) -> str:
    """Write the period that a file covers."""
    if reading.kind is Kind.CUSTOMERS:
        return "no period"
    first, last = period_bounds(reading) or (None, None)
    granularity = ""
    if reading.kind is Kind.USAGE and reading.rows.num_rows:
        granularity = "/".join(sorted(reading.rows["granularity"].unique().to_pylist()))
    return words.span(first, last, granularity)


def _facts(warehouse: Warehouse, reading: Reading, uploads: Sequence[Upload]) -> None:
    if reading.kind is Kind.USAGE:
        intakes.provider_input(warehouse, reading)
    with st.container(gap=None):
        st.caption("Period")
        st.text(period(reading))
    if reading.unit:
        with st.container(gap=None):
            st.caption("Unit")
            st.text(f"{reading.unit}: {reading.unit_rule}")
    if reading.kind is Kind.USAGE:
        mapping.offer(warehouse, reading.file, reading.sha256, uploads)


def _refused(reading: Reading, uploads: Sequence[Upload]) -> None:
    sha256 = reading.original_sha256 or reading.sha256
    upload = next((each for each in uploads if each.sha256 == sha256), None)
    as_sent = None
    if upload is not None and reading.kind is not Kind.CUSTOMERS:
        as_sent = partial(refused_rows.as_sent, upload, reading)
    key = reading.sha256[:12]
    problems.draw(Refused(reading.problems, reading.file, key, reading.sha256, as_sent))


def _changes(file: FilePlan) -> None:
    _table(
        changes.by_month(file.reading.kind, file.changes),
        "Against what is loaded, by month",
    )
    _table(changes.largest(file), "Rows that change most")


def _table(rows: pd.DataFrame, caption: str) -> None:
    if rows.empty:
        return
    st.caption(caption)
    changes.table(rows, caption)


def _state(file: FilePlan) -> str:
    if file.loaded_at is not None:
        return "nothing, is loaded"
    return "nothing, repeated" if file.repeats else "stored"


def _warnings(file: FilePlan) -> list[str]:
    reading = file.reading
    told = [*(guard.words for guard in file.guards), *reading.warnings]
    if reading.kind is not Kind.USAGE or not file.rows_changed:
        return told
    rows = words.counted(file.rows_changed, "row")
    replaced = (
        f"{rows} of {reading.provider} that are loaded, or come before in this drop, "
        "get another figure. If this file is another provider's, name it here."
    )
    return [replaced, *told]
