"""The span of what is loaded: months, providers, currencies, kinds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from core.models import Kind
from core.reports import bandwidth, revenue
from core.reports.frames import frame, with_gaps
from core.warehouse import copies, figures, settings
from core.warehouse.figures import Scope

if TYPE_CHECKING:
    from datetime import date

    from core.warehouse.store import Warehouse


@dataclass(frozen=True)
class Span:
    """What there is to look at.

    months are first days, every one from the first with usage or money to the last.
    currencies has the one with most net volume first. most_gb is the usage of the
    largest customer, or subuser where no customers are loaded, rounded up.
    """

    months: tuple[date, ...]
    providers: tuple[str, ...]
    currencies: tuple[str, ...]
    most_gb: int
    has_usage: bool
    has_customers: bool
    has_money: bool

    @property
    def lacking(self) -> tuple[Kind, ...]:
        """Name the kinds that are not loaded; Stripe's are one, the ledger."""
        known = {
            Kind.USAGE: self.has_usage,
            Kind.CUSTOMERS: self.has_customers,
            Kind.STRIPE_LEDGER: self.has_money,
        }
        return tuple(kind for kind, is_there in known.items() if not is_there)


def of(warehouse: Warehouse) -> Span | None:
    """Say what there is to look at; None when nothing is loaded."""
    kinds = copies.loaded_kinds(warehouse)
    if not kinds:
        return None
    has_customers = Kind.CUSTOMERS in kinds
    ranking = bandwidth.ranking if has_customers else bandwidth.subuser_ranking
    ranked = ranking(warehouse, Scope())
    money = revenue.by_month(warehouse)
    used = with_gaps(frame(figures.loaded_months(warehouse)))
    largest = ranked.loc[ranked["rank"].notna(), "usage_gb"].max()
    return Span(
        _months(used["month"], money["month"]),
        tuple(figures.providers(warehouse)),
        revenue.currencies(money, settings.current(warehouse).first_currency),
        0 if pd.isna(largest) else math.ceil(largest),
        has_usage=Kind.USAGE in kinds,
        has_customers=has_customers,
        has_money=bool(kinds & {Kind.STRIPE_LEDGER, Kind.STRIPE_PAYMENTS}),
    )


def _months(used: pd.Series, paid: pd.Series) -> tuple[date, ...]:
    bounds = [
        end for each in (used, paid) if len(each) for end in each.agg(["min", "max"])
    ]
    if not bounds:
        return ()
    every = pd.date_range(min(bounds), max(bounds), freq="MS")
    return tuple(month.date() for month in every)
