"""What is known of each provider, whatever the shape of its exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DEFAULT_PROVIDER: Final = "Oxylabs"
"""Whose export has the header `Subuser, Date, Bandwidth Usage`."""

DEFAULT_UNIT: Final = "GB"
"""Unit that stands in for one that nobody told, while a person is asked."""


@dataclass(frozen=True)
class Provider:
    """A provider: its name, and how it counts unless an export says otherwise.

    unit is None where it is chosen at the export or differs between exports. gb_base
    is the number of MB that it calls a GB, 1024 where nothing is proven.
    """

    name: str
    unit: str | None = None
    gb_base: int = 1024
    time_zone: str = "UTC"


PROVIDERS: Final = {
    provider.name.casefold(): provider
    for provider in (
        Provider("711Proxy", "B", gb_base=1000),
        Provider("Bright Data", "B"),
        Provider("CyberYozh", "MB"),
        Provider("DataImpulse", "MB"),
        Provider("Decodo"),
        Provider("Evomi", "MB", gb_base=1000),
        Provider("FoxyProxy"),
        Provider("Geonode", "B", gb_base=1000),
        Provider("GeoSurf"),
        Provider("HydraProxy", "MB"),
        Provider("Infatica", "B"),
        Provider("IPFoxy", "KB", time_zone="Asia/Shanghai"),
        Provider("IPRoyal"),
        Provider("LightningProxies", "GB"),
        Provider("NetNut", "GB"),
        Provider("NodeMaven"),
        Provider("Oxylabs", "GB"),
        Provider("PacketStream"),
        Provider("Proxy-Seller", "B"),
        Provider("ProxyMesh", "GB"),
        Provider("ProxyNade", "B"),
        Provider("SOAX", "GB"),
        Provider("Thordata"),
        Provider("Torch Labs", "GB"),
        Provider("Webshare", "B", time_zone="America/Los_Angeles"),
        Provider("Zyte", "B"),
    )
}
"""Providers by name in lower case.

Source: the providers' documentation and clients. A GB of 1000 MB: Evomi (its own
client), Geonode and 711Proxy (clients of others). Webshare stamps Pacific time.
"""


def provider_of(name: str) -> Provider:
    """Return what is known of a provider, by its name in any case."""
    return PROVIDERS.get(name.strip().casefold(), Provider(name.strip()))
