"""The customers of the shop, their subusers, and the file of their documents."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.draws import BASE62, Draw
from generator.handles import handle_of, hex_name, late_name, local_parts
from generator.months import GAP, MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Account:
    """A subuser at the first provider: its name there, and its months (both in)."""

    subuser: str
    first: int
    last: int
    share: int = 100


@dataclass
class Shopper:
    """One customer: the document's fields, and what the other files need of them.

    Months are indexes of MONTHS, both in. size_gb is a month's usual usage.
    """

    email: str
    handle: str
    first: int
    last: int
    size_gb: Decimal
    currency: str
    ids: tuple[str, ...]
    accounts: list[Account] = field(default_factory=list)
    names: dict[str, object] = field(default_factory=dict)


def shopper(draw: Draw, local: str) -> Shopper:
    """Draw one customer without accounts."""
    first = 0 if draw.chance(220) else draw.randrange(len(MONTHS) - 1)
    last = min(first + draw.randrange(5, 38), len(MONTHS) - 1)
    domain = draw.choice(("com", "com", "org", "net"))
    ids = [f"cus_{draw.text(BASE62, 14)}" for _ in range(2 if draw.chance(60) else 1)]
    currency = "usd" if not draw.chance(60) else draw.choice(("eur", "eur", "gbp"))
    size = draw.log_normal("1.6") * Decimal("1.15")
    email = f"{local}@example.{domain}"
    return Shopper(email, handle_of(local), first, last, size, currency, tuple(ids))


def open_accounts(draw: Draw, who: Shopper) -> None:
    """Give a customer subusers, and the names that the shop's database keeps of them.

    Stored names differ from the provider's as in the field: a `6` more at the end,
    an account renamed at the gap, a name that was never stored.
    """
    basic = pro = None
    if who.first < GAP:
        basic = hex_name(draw, who.handle)
        listed = basic + "6" if draw.chance(160) else basic
        renamed = who.last > GAP and draw.chance(350)
        who.accounts.append(Account(listed, who.first, GAP if renamed else who.last))
        if renamed:
            pro = late_name(draw, who.handle)
            who.accounts.append(Account(pro, GAP + 1, who.last))
    else:
        pro = late_name(draw, who.handle)
        who.accounts.append(Account(pro, who.first, who.last))
    if pro is None and draw.chance(250):
        pro = hex_name(draw, who.handle)
        who.accounts.append(Account(pro, who.first, who.last, 55))
    store_names(draw, who, pro, basic)


def store_names(draw: Draw, who: Shopper, pro: str | None, basic: str | None) -> None:
    """Fill the four name fields: nulls, missing fields and inserted text included."""
    if draw.chance(90):
        if draw.chance(500):
            who.names = dict.fromkeys(("oxyId", "oxyUsername"))
        return
    for key, name in (("oxy", pro), ("briefOxy", basic)):
        if name is None and draw.chance(400):
            continue
        number = {"$numberInt": str(draw.randrange(700_000, 990_000))}
        double = {"$numberDouble": f"{number['$numberInt']}.0"}
        stored = name and (f"{name}klgg2" if draw.chance(300) else name)
        known = name is not None and draw.chance(930)
        who.names[f"{key}Id"] = (
            (double if draw.chance(15) else number) if known else None
        )
        who.names[f"{key}Username"] = stored


def shop() -> list[Shopper]:
    """Draw the 300 customers; one in seven never buys."""
    draw = Draw("customers")
    people = [shopper(draw, local) for local in local_parts(draw, 300)]
    for who in people:
        open_accounts(draw, who)
        if draw.chance(140):
            who.accounts.clear()
    return people


def customers_file(people: Sequence[Shopper]) -> bytes:
    """Write the customers as a JSON array in canonical Extended JSON."""
    draw = Draw("documents")
    lines = []
    for who in people:
        created = draw.moment(who.first)
        seconds = int((created - datetime(1970, 1, 1)).total_seconds())
        email = who.email.capitalize() if draw.chance(20) else who.email
        document = {
            "_id": {"$oid": f"{seconds:08x}{draw.text('0123456789abcdef', 16)}"},
            "email": email,
            **who.names,
            "createdAt": {"$date": {"$numberLong": str(seconds * 1000)}},
            "balanceGb": {"$numberDouble": f"{draw.randrange(0, 400) / 4}"},
            "isActive": who.last == len(MONTHS) - 1,
        }
        lines.append(json.dumps(document, separators=(",", ":")))
    return ("[" + ",\n".join(lines) + "]\n").encode()
