"""Made-up handles: a quality, a thing, a number; and the account names of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from generator.draws import Draw

QUALITIES: Final = (
    "ample azure beige blue bold brass brief brisk bronze calm clear cobalt copper "
    "crisp cyan deep dense eager early faint fair fresh frosty gentle glossy gold "
    "grand green hazy humble indigo keen khaki late level lilac lime lofty lucid "
    "lunar magenta maple mellow mint navy ochre opal plain quiet rapid silver slate "
    "solar spicy steel sunny teal tidy umber velvet vivid warm white wild windy"
).split()
"""First words of made-up handles; none is a person's name."""

THINGS: Final = (
    "anchor arrow bakery basin beacon bridge brook buckle cabin canal canyon castle "
    "cedar cellar circuit cloud compass corner cove crate delta desk dune engine "
    "fabric ferry field flask forge garden gate glacier gull hammer harbor hill "
    "island kettle kite ladder lagoon lantern ledger library lighthouse loom meadow "
    "mill mirror mosaic needle oasis orbit otter paddle parcel pebble pier pixel "
    "planet pocket quarry raft reef river rocket saddle sail shelf signal sketch "
    "spiral spruce station summit tablet teapot thicket thread ticket timber tower "
    "tractor trail tunnel valley violin wagon walnut warehouse willow window workshop"
).split()
"""Second words of made-up handles."""


def local_parts(draw: Draw, count: int) -> list[str]:
    """Make distinct email names; about one in twelve has a near-twin in the list."""
    made: dict[str, None] = {}
    while len(made) < count:
        mark = draw.choice(("", "", "", "", ".", ".", "_"))
        words = f"{draw.choice(QUALITIES)}{mark}{draw.choice(THINGS)}"
        number = draw.randrange(10, 98)
        made[f"{words}{number}" if draw.chance(850) else words] = None
        if draw.chance(40):
            made[f"{words}{number + 1}"] = None
    return list(made)[:count]


def handle_of(local: str) -> str:
    """Shorten an email name as the provider's accounts do."""
    return local.replace(".", "A")[:17]


def hex_name(draw: Draw, handle: str) -> str:
    """Make an account name of the earlier form."""
    return handle + draw.text("0123456789abcdef", 4)


def late_name(draw: Draw, handle: str) -> str:
    """Make an account name of the later form."""
    return handle + draw.choice(("zz", "zz", "zzxz"))
