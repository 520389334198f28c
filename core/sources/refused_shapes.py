"""Exports of known providers that look like usage per period and are none.

Source: the providers' documentation, samples and clients.
"""

from __future__ import annotations

from typing import Final

from core.sources.shapes import Shape

_COUNTER: Final = (
    "It says what was used up to the moment of the export, not in which month. "
    "Export the usage by month or by day."
)
_BALANCE: Final = (
    "It says what is left, not what was used. Export the usage by month or by day."
)

NOT_USAGE: Final = tuple(
    Shape(
        provider=provider,
        required=tuple(required.split(", ")),
        refusal=(f"{what} of {provider}", why),
    )
    for provider, required, what, why in (
        ("Oxylabs", "username, traffic, traffic limit, lifetime", "the list of "
         "subusers", _COUNTER),
        ("Oxylabs", "username, traffic, traffic limit, auto disable", "the list of "
         "subusers", _COUNTER),
        ("Decodo", "username, traffic limit, service type", "the list of subusers",
         "It has their limits and no usage. Export the statistics by day."),
        ("Decodo", "traffic per period, traffic limit, valid until", "the list of "
         "subscriptions", _COUNTER),
        ("IPRoyal", "hash, traffic available, traffic used", "the list of subusers",
         "Its traffic_available is what is left, its traffic_used a running counter. "
         "Export the data usage report of each subuser."),
        ("DataImpulse", "balance, balance total, balance used", "a list of balances",
         _BALANCE),
        ("DataImpulse", "balance charged, traffic added, datetime", "a list of "
         "purchases", "It says what was added to the balance, not what was used."),
        ("PacketStream", "username, proxy authkey, balance", "the list of subusers",
         "Its balance is money in US cents, not traffic."),
        ("Proxy-Seller", "package key, traffic usage, traffic left", "the list of "
         "packages", _COUNTER),
        ("Infatica", "package key, traffic limits common, traffic usage common",
         "the list of packages", _COUNTER),
        ("Thordata", "total usage traffic, traffic balance, traffic limit",
         "the list of subusers", _COUNTER),
        ("Geonode", "default, total bandwidth in gb", "the state of the plan",
         "Its totalBandwidthInGB is the size of the plan. Export the usage by month."),
        ("IPFoxy", "surplus flow, use flow", "a list of balances", _BALANCE),
        ("711Proxy", "flow, un flow", "a list of balances", _BALANCE),
        ("LightningProxies", "plan id, bandwidth, bandwidth left", "the list of plans",
         _BALANCE),
        ("ProxyMesh", "current total, past total", "the list of accounts",
         "Its totals are of billing periods and whole GB, not of months."),
        ("ProxyNade", "host, outcome, latency, bytes", "a log of requests",
         "It has neither a subuser nor a time. Export the usage by day."),
        ("Torch Labs", "balance, total, consumed", "a list of credits",
         "Credits are money, not traffic."),
    )
)  # fmt: skip
"""Lists of limits, balances, counters, purchases and requests."""
