"""Which edition of the download files is wanted: period, identities, amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.exports.edition import Edition
from core.reports import span
from core.warehouse import stand_ins
from pages.parts import cache, formats, words

if TYPE_CHECKING:
    from datetime import date

    from core.warehouse.store import Warehouse

PROTECTED: Final = (
    "Emails become `ExampleUser` and a number, account names and provider ids become "
    "letters that only this warehouse can make. They are the same in every file and in "
    "every later download. Notes, reasons and file names are left out."
)
"""What a private edition hides."""

NOT_PROTECTED: Final = (
    "Not hidden: amounts, months and counts. Somebody who knows what one customer used "
    "or paid, or that a customer is the only one in a month, a bin or a currency, can "
    "find that row. Customers who came later have higher numbers. Round the amounts, "
    "and look at small groups before you publish."
)
"""What a private edition leaves open."""


def choose(warehouse: Warehouse) -> Edition:
    """Let staff choose the period, and whether identities are in the files."""
    first, last = _period(warehouse)
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        is_private = st.toggle(
            "Private set, to publish",
            key="download_private",
            bind="query-params",
            help="Puts stand-ins for emails, account names and provider ids.",
        )
        is_rounded = is_private and st.checkbox(
            "Round amounts to two digits",
            key="download_rounded",
            bind="query-params",
            help="12,345.67 becomes 12,000. Rounded amounts no longer add up exactly.",
        )
    if is_private:
        _explain(warehouse)
    return Edition(first, last, is_private=is_private, is_rounded=is_rounded)


def _period(warehouse: Warehouse) -> tuple[date | None, date | None]:
    loaded = cache.figure(span.of, warehouse)
    months = loaded.months if loaded else ()
    with st.container(horizontal=True):
        first = st.selectbox(
            "From",
            months,
            index=None,
            key="download_from",
            bind="query-params",
            placeholder="First month",
            format_func=formats.month,
            width=200,
        )
        last = st.selectbox(
            "To",
            [month for month in months if first is None or month >= first],
            index=None,
            key="download_to",
            bind="query-params",
            placeholder="Last month",
            format_func=formats.month,
            width=200,
        )
    if first or last:
        st.caption(
            "Files by month have the rows of these months; rankings, bins and matches "
            "sum over them. filtered_customers.json has all customers."
        )
    return first, last


def _explain(warehouse: Warehouse) -> None:
    shown, folded = cache.figure(stand_ins.shown_domains, warehouse)
    domains = (
        f"{words.counted(shown, 'domain')} with at least {stand_ins.DOMAIN_USERS} "
        f"customers {'is' if shown == 1 else 'are'} kept; "
        f"{words.counted(folded, 'email')} of rarer ones end in "
        f"`{stand_ins.RARE_DOMAIN}`."
    )
    st.info(
        f"{PROTECTED} {domains}\n\n{NOT_PROTECTED}", icon=":material/shield_person:"
    )
