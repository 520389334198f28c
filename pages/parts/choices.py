"""Choices of columns: which column of a usage file holds what, as widgets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.models import Granularity
from core.units import GB_PER_UNIT

if TYPE_CHECKING:
    from core.sources.mapping import Mapping, Request

NOWHERE: Final = -1
"""Stands for a column that the file does not have."""

AS_WRITTEN: Final = ""
"""Stands for what the file itself tells."""

_BY_COLUMN: Final = "column "

_GRANULARITIES: Final = {
    AS_WRITTEN: "As the dates say",
    Granularity.MONTH: "Month",
    Granularity.DAY: "Day",
}
_ORDERS: Final = {None: "As the dates say", True: "Day first", False: "Month first"}


def draw(request: Request, key: str) -> Mapping:
    """Show what is proposed for each column; return what is chosen.

    Args:
        request: The columns, and what seems likely.
        key: What tells these widgets from others on the page.
    """
    columns = st.columns(3)
    with columns[0]:
        chosen = _subuser(request, key)
    with columns[1]:
        chosen = _period(request, chosen, key)
    with columns[2]:
        chosen = _usage(request, chosen, key)
    columns = st.columns(3)
    with columns[0]:
        chosen = _unit(request, chosen, key)
    with columns[1]:
        chosen = _granularity(chosen, key)
    with columns[2]:
        chosen = _order(chosen, key)
    columns = st.columns(3)
    with columns[0]:
        chosen = _provider(chosen, key)
    with columns[1]:
        chosen = _parts(request, chosen, key)
    with columns[2]:
        chosen = _counter(chosen, key)
    return _consistent(chosen, request.proposal)


def label(request: Request, at: int) -> str:
    """Name a column by its place and its header, which may be empty or repeated."""
    return f"{at + 1}. {request.header[at]}"


def _column(request: Request, name: str, at: int | None, key: str) -> int | None:
    """Let staff choose one column, or none."""
    options = [*range(len(request.header)), NOWHERE]
    chosen = st.selectbox(
        name,
        options,
        index=options.index(NOWHERE if at is None else at),
        format_func=lambda each: (
            "Not in the file" if each == NOWHERE else label(request, each)
        ),
        key=key,
    )
    return None if chosen == NOWHERE else chosen


def _subuser(request: Request, key: str) -> Mapping:
    proposal = request.proposal
    at = _column(request, "Subuser", proposal.subuser, f"{key}_subuser")
    name = ""
    if at is None:
        name = st.text_input(
            "Subuser of the whole file",
            proposal.subuser_name,
            key=f"{key}_subuser_name",
            help="For this file only; it is asked again for the next one.",
        )
    return replace(proposal, subuser=at, subuser_name=name.strip())


def _period(request: Request, chosen: Mapping, key: str) -> Mapping:
    at = _column(request, "Month or day", chosen.period, f"{key}_period")
    text = ""
    if at is None:
        text = st.text_input(
            "Month of the whole file",
            chosen.period_text,
            placeholder="2026-01",
            key=f"{key}_period_text",
            help="For this file only; it is asked again for the next one.",
        )
    return replace(chosen, period=at, period_text=text.strip())


def _usage(request: Request, chosen: Mapping, key: str) -> Mapping:
    places = st.multiselect(
        "Usage",
        range(len(request.header)),
        default=chosen.usage,
        format_func=lambda at: label(request, at),
        select_all=False,
        key=f"{key}_usage",
        help="Several columns are added up: upload and download.",
    )
    return replace(chosen, usage=tuple(places))


def _unit(request: Request, chosen: Mapping, key: str) -> Mapping:
    by_column = {f"{_BY_COLUMN}{at}": at for at in range(len(request.header))}

    def words(option: str) -> str:
        if option in by_column:
            return f"In column {label(request, by_column[option])}"
        return option or "As the file says"

    options = [AS_WRITTEN, *GB_PER_UNIT, *by_column]
    likely = chosen.unit or AS_WRITTEN
    if chosen.unit_column is not None:
        likely = f"{_BY_COLUMN}{chosen.unit_column}"
    option = st.selectbox(
        "Unit of usage",
        options,
        index=options.index(likely),
        format_func=words,
        key=f"{key}_unit",
    )
    at = by_column.get(option)
    is_unit = at is None and option != AS_WRITTEN
    return replace(chosen, unit=option if is_unit else None, unit_column=at)


def _granularity(chosen: Mapping, key: str) -> Mapping:
    options = list(_GRANULARITIES)
    option = st.selectbox(
        "One row is for a",
        options,
        index=options.index(chosen.granularity or AS_WRITTEN),
        format_func=_GRANULARITIES.__getitem__,
        key=f"{key}_granularity",
    )
    return replace(chosen, granularity=Granularity(option) if option else None)


def _order(chosen: Mapping, key: str) -> Mapping:
    options = list(_ORDERS)
    option = st.selectbox(
        "Order in dates",
        options,
        index=options.index(chosen.day_first),
        format_func=_ORDERS.__getitem__,
        key=f"{key}_day_first",
        help="03/04/2026 is 3 April with the day first, March 4 with the month first.",
    )
    return replace(chosen, day_first=option)


def _provider(chosen: Mapping, key: str) -> Mapping:
    name = st.text_input(
        "Provider",
        chosen.provider,
        max_chars=60,
        placeholder="Who sent this file",
        key=f"{key}_provider",
    )
    return replace(chosen, provider=" ".join(name.split()))


def _parts(request: Request, chosen: Mapping, key: str) -> Mapping:
    places = st.multiselect(
        "Split by",
        range(len(request.header)),
        default=chosen.parts,
        format_func=lambda at: label(request, at),
        select_all=False,
        placeholder="Nothing",
        key=f"{key}_parts",
        help="Columns such as a country or a product. Rows of one subuser and period "
        "that differ only in them are added up.",
    )
    return replace(chosen, parts=tuple(places))


def _counter(chosen: Mapping, key: str) -> Mapping:
    is_counter = st.checkbox(
        "Running counter",
        chosen.is_cumulative,
        key=f"{key}_is_cumulative",
        help="Each row says how much was used so far; the differences between the "
        "readings of this file are loaded. Other files are not looked at.",
    )
    return replace(chosen, is_cumulative=is_counter)


def _consistent(chosen: Mapping, proposal: Mapping) -> Mapping:
    """Let go of what was proposed beside columns that are now chosen otherwise."""
    if chosen.period != proposal.period or chosen.period_end in chosen.usage:
        chosen = replace(chosen, period_end=None)
    if chosen.projected in {chosen.subuser, chosen.period, *chosen.usage}:
        chosen = replace(chosen, projected=None)
    return chosen
