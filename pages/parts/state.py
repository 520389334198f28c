"""Keys of the filters of the overview, as they stand in its address."""

from __future__ import annotations

from typing import Final

PERIOD: Final = "period"
"""First and last month, both included."""

PROVIDER: Final = "provider"
"""One provider."""

TYPE: Final = "type"
"""One type of subuser."""

GB_RANGE: Final = "gb_range"
"""Least and most GB of a customer over the period."""

SELECTED: Final = "selected"
"""The one customer whom the figures are about."""

CURRENCY: Final = "currency"
"""Settlement currency of all money."""

TAIL: Final = "tail"
"""GB at which the last bar of the histogram begins."""

LOG: Final = "log"
"""Whether the histogram counts on a logarithmic scale."""
