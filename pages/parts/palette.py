"""Colours of the things shown: one thing has one colour on every page.

Each is 3:1 or better on the white and on the dark page, so that one palette serves
both. Things in one of TOGETHER differ by 19 or more in CIE Lab, also with red-, green-
or blue-blind vision (simulated after Machado 2009).
"""

from __future__ import annotations

from typing import Final

INK: Final = {"light": "#101923", "dark": "#E6EBF0"}
"""Labels beside bars, by theme: the theme leaves text inside charts black."""

USAGE: Final = "#2B78C2"
"""Usage of customers: the blue of the product."""

UNMATCHED: Final = "#8A949E"
"""Usage without a customer: no hue, as it belongs to nobody."""

ACTIVE_USERS: Final = "#D07A00"
"""Subusers with a row in the month."""

IN_REVIEW: Final = "#B8860B"
"""Usage whose customer is not sure: it waits for a person."""

NET_VOLUME: Final = "#079A5E"
"""What stays of sales."""

GROSS_VOLUME: Final = "#5B6B7B"
"""Payments before anything is taken off."""

REFUNDS: Final = "#D21F3C"
"""Money given back."""

DISPUTES: Final = "#B8860B"
"""Money taken back through a bank."""

FEES: Final = "#7048E8"
"""Stripe's fees on payments, refunds and disputes."""

OTHER_FEES: Final = "#BB44BB"
"""Stripe's fees that belong to no payment."""

LINES: Final = {
    "gross": GROSS_VOLUME,
    "refunds": REFUNDS,
    "disputes": DISPUTES,
    "fees": FEES,
    "other_fees": OTHER_FEES,
    "net": NET_VOLUME,
    "net_after_all": NET_VOLUME,
}
"""Colour of each line of a month of money."""

SUBUSERS: Final = ("#2B78C2", "#D07A00", "#079A5E", "#BB44BB", "#B8860B")
"""A customer's subusers by usage, the largest first; the others are UNMATCHED."""

TOGETHER: Final = (
    (USAGE, UNMATCHED, ACTIVE_USERS),
    (USAGE, UNMATCHED, IN_REVIEW),
    (NET_VOLUME, GROSS_VOLUME, REFUNDS, DISPUTES, FEES, OTHER_FEES),
)
"""Colours that have to be told apart by colour alone, as they share a chart."""
