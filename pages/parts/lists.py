"""Lists of customers to act on, one at a time, each with its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.reports import course
from core.reports.course import Course
from pages.parts import cache, formats, handout, meanings, tables, unpaid, words
from pages.parts.text import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.reports.span import Span
    from core.warehouse.courses import Month
    from core.warehouse.figures import Scope
    from core.warehouse.store import Warehouse

COURSES: Final = {
    "Rising": Course.RISING,
    "Falling": Course.FALLING,
    "Gone quiet": Course.QUIET,
    "New": Course.NEW,
}
"""Lists that compare a month with those before it, by name."""

RULES: Final = {
    Course.RISING: "Up by more than half: usage in {month} above one and a half times "
    "that of {before}. Who comes back after a month without usage counts, who is new "
    "does not.",
    Course.FALLING: "Down by more than half: usage in {month} below half of that of "
    "{before}, and above 0.",
    Course.QUIET: "No usage in {month}, and usage in at least one of the three months "
    "before it.",
    Course.NEW: "First usage of all loaded months in {month}.",
}
"""What puts a customer on a list."""


FIRST: Final[dict[str, object]] = {"list": next(iter(COURSES)), "listed_page": 1}
"""What the choices are at first, by key."""


@st.fragment
def draw(warehouse: Warehouse, loaded: Span, scope: Scope) -> None:
    """Show the list that is chosen; a click opens a customer.

    Another list is drawn without the rest of the page.

    Args:
        warehouse: Where to read.
        loaded: What there is.
        scope: Months to look at.
    """
    tables.follow(_chosen(warehouse, loaded, scope))


def _chosen(warehouse: Warehouse, loaded: Span, scope: Scope) -> str | None:
    names = [*COURSES, *([unpaid.PAYING, unpaid.USING] if loaded.has_money else [])]
    chosen = st.segmented_control(
        "List",
        names,
        default=names[0],
        required=True,
        key="list",
        bind="query-params",
        label_visibility="collapsed",
    )
    if chosen == unpaid.PAYING:
        return unpaid.paying(warehouse, scope)
    if chosen == unpaid.USING:
        return unpaid.using(warehouse, scope)
    at = cache.figure(course.month, warehouse, scope)
    if at is None:
        st.text("No usage is loaded in these months.")
        return None
    return _compared(warehouse, at, COURSES[str(chosen)], loaded)


def _compared(
    warehouse: Warehouse, at: Month, which: Course, loaded: Span
) -> str | None:
    month = formats.month(at.month)
    before = formats.month(pd.Timestamp(at.month) - pd.offsets.MonthBegin())
    st.caption(RULES[which].format(month=month, before=before))
    for reserve in reserves(at, which, loaded):
        st.info(reserve)
    rows = course.of(cache.figure(course.all_of, warehouse, at), which)
    counted = words.counted(len(rows), "customer")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{counted}, most GB first." if len(rows) else "Nobody.")
        if len(rows):
            handout.button(rows, f"{which}_{at.month:%Y-%m}.csv", "list_csv")
    if rows.empty:
        return None
    columns = _columns(which, month, before)
    page = tables.paged(rows, "listed")
    height = tables.height(page)
    name = next(name for name, each in COURSES.items() if each is which)
    place = tables.clicked(page, columns, key="listed", alt=name, height=height)
    return tables.owner(page, place)


def reserves(at: Month, which: Course, loaded: Span) -> Iterator[str]:
    """Say what stands in the way of a list, for markdown.

    Args:
        at: The month that is compared.
        which: The list.
        loaded: What there is.
    """
    month = formats.month(at.month)
    before = formats.month(pd.Timestamp(at.month) - pd.offsets.MonthBegin())
    if not loaded.has_customers:
        yield "No customers are loaded: all usage is unmatched, and no list has any."
    if which in {Course.RISING, Course.FALLING}:
        if at.before is None:
            yield f"No usage of {before} is loaded: nobody is said to rise or fall."
        elif at.is_before_partial:
            yield f"{before} lacks days: who used those seems to rise."
    if which is Course.NEW and at.is_first:
        yield f"{month} is the first loaded month: nobody is said to be new in it."
    if at.is_partial:
        yield f"{month} lacks days: who used those seems to fall or be quiet."
    if at.lacking and which in {Course.FALLING, Course.QUIET}:
        named = as_text(", ".join(at.lacking))
        yield (
            f"No usage of {month} is loaded from {named}, but of months before: its "
            "customers seem to fall or be quiet."
        )


def _columns(which: Course, month: str, before: str) -> tables.Columns:
    number = st.column_config.NumberColumn
    ends: tables.Columns = {
        "first_month": st.column_config.DateColumn("First used", format=tables.MONTH),
        "last_month": st.column_config.DateColumn("Last used", format=tables.MONTH),
    }
    email = st.column_config.TextColumn("Customer", width="medium")
    if which is Course.QUIET:
        recent = number(
            "Three months before, GB",
            format=tables.GB,
            help=f"Usage in the three months before {month}.",
        )
        return {"email": email, "recent_gb": recent, **ends}
    used = number(f"{month}, GB", format=tables.GB, help=meanings.USAGE)
    if which is Course.NEW:
        return {"email": email, "usage_gb": used}
    return {
        "email": email,
        "usage_gb": used,
        "before_gb": number(f"{before}, GB", format=tables.GB, help=meanings.USAGE),
        "change_gb": number(
            "Change, GB", format="%+,.2f", help=f"{month} less {before}."
        ),
        "change": number(
            "Change", format="percent", help=f"Change as a part of {before}."
        ),
        **ends,
    }
