"""What is known of the exports of each provider."""

from __future__ import annotations

from typing import Final

DEFAULT_PROVIDER: Final = "Oxylabs"
"""Whose export has the header `Subuser, Date, Bandwidth Usage`."""

DEFAULT_UNIT: Final = "GB"
"""Unit of usage when neither the file nor a profile names one."""

UNITS: Final = {
    "oxylabs": "GB",
    "netnut": "GB",
    "lightningproxies": "GB",
    "evomi": "MB",
    "hydraproxy": "MB",
    "cyberyozh": "MB",
    "dataimpulse": "MB",
    "ipfoxy": "KB",
    "bright data": "B",
    "webshare": "B",
    "proxy-seller": "B",
    "infatica": "B",
    "zyte": "B",
}
"""Unit in which a provider exports usage, by its name in lower case.

Source: the providers' documentation and clients. Providers whose unit is chosen at
the export, or differs between their exports, are left out.
"""


def unit_of(provider: str) -> str | None:
    """Return the unit of a provider's exports, None when it is not known."""
    return UNITS.get(provider.strip().lower())
