"""Choices above figures; each is in the address, so that a link shows the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.reports import book
from pages.parts import finder, state, tables

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import date

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator


SLIDER_WIDTH: Final = 178
"""Pixels of a slider; with the others, a row fits beside the title of a page."""

CURRENCY_WIDTH: Final = 86
"""Pixels of the choice of a currency."""


def currency(currencies: Sequence[str]) -> str:
    """Let staff choose a currency, where there is more than one; empty without any."""
    if len(currencies) < 2:
        return "".join(currencies)
    asked = st.query_params.get(state.CURRENCY, "")
    if asked != asked.upper() and asked.lower() in currencies:
        # The address has what the choice shows, in capitals; people write it in any.
        st.query_params[state.CURRENCY] = asked.upper()
        st.rerun()
    chosen: str = st.selectbox(
        "Currency",
        currencies,
        format_func=str.upper,
        key=state.CURRENCY,
        bind="query-params",
        width=CURRENCY_WIDTH,
    )
    return chosen


def whole_period(months: Sequence[date]) -> dict[str, object]:
    """Return what the choice of months is at first, by its key."""
    if len(months) < 2:
        return {}
    return {state.PERIOD: (f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}")}


def period(
    months: Sequence[date], meaning: str = "Key figures are those of the last one."
) -> tuple[date | None, date | None]:
    """Let staff choose the first and the last month; None at an end that is open.

    meaning says what the choice does to the page.
    """
    if len(months) < 2:
        return None, None
    names = [f"{month:%Y-%m}" for month in months]
    first, last = st.select_slider(
        "Period",
        names,
        value=(names[0], names[-1]),
        key=state.PERIOD,
        bind="query-params",
        help=f"Months, both included. {meaning}",
        width=SLIDER_WIDTH,
    )
    dates = dict(zip(names, months, strict=True))
    return (
        None if first == names[0] else dates[first],
        None if last == names[-1] else dates[last],
    )


def customer(everybody: pd.DataFrame) -> str | None:
    """Let staff choose a customer, or step to the one before or after by rank.

    An address that nobody has is named as such, and nobody is chosen.

    Args:
        everybody: As core.reports.book.everybody returns them.
    """
    owners = set(everybody["owner"])
    asked = st.query_params.get("customer")
    _correct_address(asked, owners)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    back = row.container(width="content")
    with row:
        chosen = finder.choose(
            everybody, "Customer", key="customer", placeholder="Search an email"
        )
    wanted = chosen or asked
    if wanted and wanted not in owners:
        _say_unknown(wanted, everybody)
        chosen = None
    before, after = book.neighbours(everybody, chosen or "")
    _step(back, "Previous", before)
    _step(row.container(width="content"), "Next", after)
    return chosen


def _correct_address(asked: str | None, owners: Container[str]) -> None:
    """Turn to the customer whom an address means but for capitals and spaces."""
    plain = (asked or "").strip().lower()
    if plain != asked and plain in owners:
        st.switch_page("customer.py", query_params={"customer": plain})


def _say_unknown(asked: str, everybody: pd.DataFrame) -> None:
    """Say that nobody has an address, and offer those whose email holds it."""
    st.warning("Nobody has this address, neither among customers nor among payers:")
    st.text(asked)
    near = book.found(everybody, asked)
    if near.empty:
        return
    st.caption("These emails hold it. Click a row to open it.")
    columns: tables.Columns = {
        "email": st.column_config.TextColumn("Email", width="large"),
        "usage_gb": st.column_config.NumberColumn("Usage, GB", format=tables.GB),
    }
    page = tables.paged(near, "near")
    place = tables.clicked(
        page, columns, key="near", alt="Emails that hold it", height=tables.height(page)
    )
    if owner := tables.owner(page, place):
        st.switch_page("customer.py", query_params={"customer": owner})


def _step(place: DeltaGenerator, label: str, owner: str | None) -> None:
    place.button(
        label,
        key=label.lower(),
        disabled=owner is None,
        on_click=_choose,
        args=(owner,),
        help=f"{label} customer by usage",
        width="content",
    )


def _choose(owner: str) -> None:
    st.session_state["customer"] = owner
