"""What the overview is about: the whole shop, or one customer, by month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.reports import bandwidth, customer, key_figures, revenue
from core.reports.frames import with_gaps
from core.warehouse.figures import Scope
from pages.parts import cache, canvas, metrics, picks, state
from pages.parts.text import as_text

if TYPE_CHECKING:
    import pandas as pd

    from core.reports.span import Span
    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Glance:
    """Figures by month: those of the shop, and of one customer where one is looked at.

    shop is as bandwidth.by_month returns it, used as it or bandwidth.of_owner; paid is
    one currency by month, with gaps; line is its column of net volume.
    """

    span: Span
    scope: Scope
    currency: str
    owner: str | None
    shop: pd.DataFrame
    used: pd.DataFrame
    paid: pd.DataFrame
    line: str


def whole(scope: Scope) -> Scope:
    """Return a scope without its bounds in GB."""
    return replace(scope, least_gb=None, most_gb=None)


def of(
    warehouse: Warehouse,
    span: Span,
    scope: Scope,
    currency: str,
    owner: str | None,
) -> Glance:
    """Read the figures of the shop, or of one customer.

    Args:
        warehouse: Where to read.
        span: What is loaded.
        scope: What staff look at.
        currency: Lower case; empty without money.
        owner: Key of the one customer, or `(unmatched)`.
    """
    shop = cache.figure(bandwidth.by_month, warehouse, scope)
    if owner is None:
        every = cache.figure(revenue.by_month, warehouse)
        paid = revenue.of_currency(every, currency, Scope())
        line = cache.figure(revenue.headline, warehouse)
        return Glance(span, scope, currency, None, shop, shop, paid, line)
    used = cache.figure(bandwidth.of_owner, warehouse, scope, owner)
    every = cache.figure(customer.money_months, warehouse, owner)
    paid = with_gaps(every[every["currency"] == currency])
    return Glance(span, scope, currency, owner, shop, used, paid, "net")


def cards(seen: Glance) -> None:
    """Show the key figures of the last month of the period."""
    if seen.owner is None:
        made = key_figures.of_shop(
            seen.used,
            seen.paid,
            seen.currency,
            seen.span.has_customers,
            seen.line,
            seen.scope,
        )
    else:
        made = key_figures.of_customer(
            seen.used, seen.paid, seen.currency, seen.shop, seen.scope
        )
    metrics.row(made)


def link(seen: Glance) -> None:
    """Lead to the page of the customer whom staff look at alone."""
    if seen.owner is None:
        return
    st.page_link(
        "customer.py",
        label=f"Open {as_text(seen.owner)}",
        icon=":material/person:",
        query_params={"customer": seen.owner},
        help="All figures are of this customer; unmatched usage is the shop's.",
    )


def net_volume(seen: Glance) -> None:
    """Draw net volume by month; a click on a bar chooses its month."""
    if seen.paid.empty:
        st.info("No payment of this customer is loaded.")
        return
    from pages.parts.charts import axes, money

    name = "net_volume"
    spec = cache.drawing(
        money.net_volume,
        seen.paid,
        seen.currency,
        axes.span(seen.shop, seen.paid) if seen.owner else None,
        column=seen.line,
        title="Monthly net volume of the customer" if seen.owner else "",
        scope=seen.scope,
    )
    _fill(name, spec, seen)


def bandwidth_by_month(seen: Glance) -> None:
    """Draw bandwidth by month; a click on a bar chooses its month."""
    from pages.parts.charts import axes, usage

    if seen.owner is None:
        spec = cache.drawing(usage.by_month, seen.used, seen.scope)
    else:
        spec = cache.drawing(
            usage.of_customer,
            seen.used,
            axes.span(seen.shop, seen.paid),
            is_unmatched=seen.owner == customer.UNMATCHED,
            scope=seen.scope,
            title="Monthly bandwidth of the customer",
        )
    _fill("usage_by_month", spec, seen)


def _fill(name: str, spec: dict[str, Any], seen: Glance) -> None:
    canvas.fill(
        canvas.frame(name),
        spec,
        on_select=picks.of_months(name, seen.span),
        chosen=st.session_state.get(state.PERIOD),
    )
